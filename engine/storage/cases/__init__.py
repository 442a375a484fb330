"""Statements about instances: their state, events, tasks, drafts of answers, incidents."""
