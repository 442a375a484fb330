"""The use cases of a follow-up: its lists, its page, and what is done to it outside its tasks."""
