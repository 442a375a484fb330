"""Connections, transactions, types of columns: what every table is read and written by."""
