"""What is around every page: navigation, columns, pages of lists."""
