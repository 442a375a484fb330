"""Use cases of a recommendation."""
