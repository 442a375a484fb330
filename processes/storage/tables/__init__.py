"""The tables of the register, by subject."""
