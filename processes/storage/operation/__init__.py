"""Settings that an administrator changes."""
