"""Ways through the drawing of a recommendation."""
