"""Checks of data: who writes a variable, who reads it, what is lost."""
