"""Checks of what elements name: people, forms, topics, tables, functions, cases."""
