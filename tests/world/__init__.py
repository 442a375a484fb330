"""What needs real servers, foreign clients or large data: `make world`, never part of `make test`.

Nothing here is skipped: a server that is missing is an error that says what to install.
"""
