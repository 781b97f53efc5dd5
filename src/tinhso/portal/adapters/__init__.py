"""Shapes of the portal for other systems."""
