"""Rows of requests for reports, and of the written reports that answer them."""
