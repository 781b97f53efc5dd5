"""The journal's tables, written by hand."""
