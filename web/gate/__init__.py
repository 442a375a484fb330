"""What every request passes: who it is, what it may, how large it is, how it is refused."""
