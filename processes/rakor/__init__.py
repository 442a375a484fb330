"""The process of a rakor: its drawing, forms and functions of its tasks."""
