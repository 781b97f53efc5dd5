"""A whole province as a folder of CSV files: read, checked, compared with what is there, taken in, written out."""
