"""Rows of mail, escalations and reminder letters."""
