"""The pages of a follow-up: the list, one in full, its receipts, its acts outside tasks."""
