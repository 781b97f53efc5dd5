"""Published sheets of procedures, in both shapes, read into structure."""
