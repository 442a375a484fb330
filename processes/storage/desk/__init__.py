"""Where cases stand in a process."""
