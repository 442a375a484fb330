"""Rows as programs ask the engine for them."""
