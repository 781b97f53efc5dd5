"""Weaken one rule at a time and see that a test notices: `make mutants`."""
