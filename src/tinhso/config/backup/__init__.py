"""Keep everything twice: base backups and the write-ahead log, documents encrypted, heads of the journal, small files."""
