"""The design system: templates, styles, icons and template tags. README.md says how to use them."""
