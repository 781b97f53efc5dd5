"""Move a running province to another release: backup, tables, new processes beside the old, and the way back."""
