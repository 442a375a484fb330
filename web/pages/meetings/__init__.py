"""Pages of the rakor: their list, one rakor, its inventory sheet."""
