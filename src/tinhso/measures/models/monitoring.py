"""What the meter of the public services saw, and how pages are used: no address, no cookie, no person."""
