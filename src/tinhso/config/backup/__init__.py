"""Keep everything twice: base backups and the write-ahead log, documents, heads of the journal, small files."""
