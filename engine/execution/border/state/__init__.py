"""What is kept of an instance: its stored form, made small, and what it waits for."""
