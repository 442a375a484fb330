"""Checks of events: what they hang on, what catches them, when they come."""
