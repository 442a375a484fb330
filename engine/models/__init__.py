"""Models as values: read from their files, checked before anything runs."""
