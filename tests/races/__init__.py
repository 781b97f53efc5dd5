"""Races through two real server processes on one database."""
