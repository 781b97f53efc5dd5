"""Test the ground: cluster, roles, settings, commands."""
