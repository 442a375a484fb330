"""The demo: the defence-industry recommendations of December 2025, played by fictitious people.

The processes run on a clock that only the play moves; no finished rows are inserted. `people` has
the accounts, `script` says who does what when, `play` plays it.
"""
