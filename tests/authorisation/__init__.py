"""Who may open what: every address, every method, every role; and no word where it does not belong."""
