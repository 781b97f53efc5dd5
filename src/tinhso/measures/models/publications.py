"""Formulas, reported figures, and publications that freeze figures with their rows."""
