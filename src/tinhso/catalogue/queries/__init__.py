"""Reads of the catalogue, shaped for a page or a caller."""
