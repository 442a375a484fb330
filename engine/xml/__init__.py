"""Uploaded XML: a safe tree, its bounds, and where its reader writes down what is wrong."""
