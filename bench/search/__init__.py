"""Measure search: everyday queries with the codes they should find, quality and time, beside plain full-text search."""
