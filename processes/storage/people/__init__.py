"""Rows of accounts and institutions."""
