"""Pages of the rakor."""
