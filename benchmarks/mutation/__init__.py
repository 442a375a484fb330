"""Whether the tests notice a small change of a central module.

`python -m benchmarks.mutation` makes a seeded sample of small changes, one at a time and never in
the tree, runs the tests of the changed line, and prints the changes that no test noticed. Figures
and survivors: docs/decisions/0013.
"""
