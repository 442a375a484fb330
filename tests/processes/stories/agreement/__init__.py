"""Ways through the drawing of a follow-up."""
