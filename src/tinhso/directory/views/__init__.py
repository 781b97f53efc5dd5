"""Pages of the directory: signing in with one click in the demo, and the administration of the house."""
