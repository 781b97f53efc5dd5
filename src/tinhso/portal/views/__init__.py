"""Pages that compose what the modules below know."""
