"""Formats that the catalogue reads."""
