"""What the figures of the README are printed by: `python -m benchmarks`."""
