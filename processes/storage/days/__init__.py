"""Rows of calendars, and the deadlines that count by them."""
