"""Files that are sent and fetched."""
