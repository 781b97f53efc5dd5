"""The journal's verbs, one per file."""
