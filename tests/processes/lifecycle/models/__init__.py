"""The shipped models and tables: read, deployed, drawn."""
