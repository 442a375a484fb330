"""All SQL of the engine: its tables, statements and migrations."""
