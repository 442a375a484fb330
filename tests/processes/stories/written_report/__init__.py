"""Stories of reports on progress that were asked for."""
