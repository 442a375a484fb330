"""Pages of follow-ups and recommendations."""
