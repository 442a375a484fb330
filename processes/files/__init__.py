"""Files that people hand in: stored, examined, kept as evidence."""
