"""Drills: real faults let loose on a real province, each with its verdict as JSON. Never part of the tests."""
