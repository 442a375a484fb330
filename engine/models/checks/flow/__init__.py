"""Checks of the drawing: which elements, how gateways and flows hold together."""
