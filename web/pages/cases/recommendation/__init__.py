"""The pages of a recommendation: the list, one in full, and what is proposed about it."""
