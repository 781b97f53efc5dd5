"""The security of getting in: second factors, sessions, pace."""
