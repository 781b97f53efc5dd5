"""What the portal draws."""
