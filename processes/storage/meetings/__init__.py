"""Rows of a rakor, and every question to them."""
