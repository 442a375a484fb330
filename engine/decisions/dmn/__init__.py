"""DMN files: read into decisions, or what is wrong with them."""
