"""The program that prints the figures of the README: `python -m benchmarks`."""
