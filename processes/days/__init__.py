"""Working days: calendars and free days."""
