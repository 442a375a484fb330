"""Facts of a case that its model reads."""
