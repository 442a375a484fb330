"""Rows of sessions, tokens, passwords and attempts."""
