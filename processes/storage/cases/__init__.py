"""Rows of follow-ups and recommendations: heads, facts, lists, the past."""
