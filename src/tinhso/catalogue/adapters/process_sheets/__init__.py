"""Read internal process sheets (quy trình nội bộ, ISO 9001) exported as text: one table cell a line."""
