"""Rakor: prepared, read as an inventory sheet, moved, and what each left open."""
