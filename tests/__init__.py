"""Hold the tests that belong to no module."""
