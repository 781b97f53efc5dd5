"""The pages for those who promote use."""
