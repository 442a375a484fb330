"""The demo: the defence-industry recommendations of December 2025, played by fictitious people.

It is made by running the processes on a clock that stands until it is moved, never by inserting
finished rows. `people` has the accounts, `script` who does what when, `play` plays it.
"""
