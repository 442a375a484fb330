"""Pages of accounts, institutions and approvals."""
