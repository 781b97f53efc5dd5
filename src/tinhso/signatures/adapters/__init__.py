"""Talk to the trust services: certificate authority, revocation lists, time stamps, keys."""

import logging

# What pyHanko and fontTools log is raised to the caller, told in the report, or of no consequence here.
for _noisy in ("pyhanko", "pyhanko_certvalidator", "fontTools"):
    logging.getLogger(_noisy).setLevel(logging.CRITICAL)
