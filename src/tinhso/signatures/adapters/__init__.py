"""Talk to the trust services: certificate authority, revocation lists, time stamps, keys."""
