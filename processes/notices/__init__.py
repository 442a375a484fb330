"""What people are told, and by which channel: letters, mail, reminders."""
