"""Pages of tasks, inbox and escalations."""
