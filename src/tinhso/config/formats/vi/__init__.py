"""Hold the Vietnamese formats."""
