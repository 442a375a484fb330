"""Pages that are printed or laid before a meeting."""
