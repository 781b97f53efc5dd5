"""What happened: the audit trail, the outbox and the transparency log in one table, and its seals."""
