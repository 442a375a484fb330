"""Accounts, institutions, and who changes them."""
