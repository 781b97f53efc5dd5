"""The office's pages on which a sheet is written: one by part, drawn from the sheet and read back into it."""
