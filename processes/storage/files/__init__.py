"""Rows of uploads and evidence."""
