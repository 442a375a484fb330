"""One step on one instance, its rows and what a model reaches in it; the border is below."""
