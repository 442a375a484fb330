"""What an engine is given by whoever opens it: handlers, and which instances are cases."""
