"""The use cases of a recommendation: its lists, its page, its draft, and who may propose what."""
