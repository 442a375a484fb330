"""Resources of work: tasks of people, and external tasks of workers."""
