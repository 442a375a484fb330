"""Use cases of a follow-up."""
