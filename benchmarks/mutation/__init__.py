"""Whether the tests would notice a small change of a central module.

`python -m benchmarks.mutation` makes a seeded sample of small changes, one at a time and never in
the tree, asks the tests that run the changed line, and prints what nobody noticed. Figures and
survivors: docs/decisions/0013.
"""
