"""Watch the house: look at each part, keep what was seen, raise alarms, count requests, tell a metrics collector."""
