"""Models: drafts, releases, and the repair of what failed."""
