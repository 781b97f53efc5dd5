"""Files of people and offices: kept once, checked, joined and drawn."""
