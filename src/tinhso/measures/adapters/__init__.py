"""Reach what lies outside: the public pages, as a stranger sees them; files in the formats of others."""
