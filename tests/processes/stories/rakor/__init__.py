"""Stories of the rakor."""
