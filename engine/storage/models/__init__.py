"""Statements about models: versions, their files, drafts that are not released."""
