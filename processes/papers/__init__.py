"""What is printed or laid before a meeting: compilation, inventory, reminder letters."""
