"""Statements about later work: jobs, waiting messages, external tasks and their workers."""
