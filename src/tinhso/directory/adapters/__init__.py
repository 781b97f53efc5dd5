"""Talking to libraries that sign people in."""
