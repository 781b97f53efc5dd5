"""Data protection over all modules: retention by rule with proof, and the breach kit."""
