"""Prepare, approve, issue, enrol, revoke, verify: one verb per file."""
