"""What an operator sets, read once and refused all at once."""
