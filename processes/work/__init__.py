"""What waits for people: tasks, inbox, escalations, and deadlines that move with a calendar."""
