"""Rows of open tasks and of the escalation board."""
