"""Check what import contracts cannot show."""
