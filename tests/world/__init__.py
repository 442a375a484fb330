"""Tests that need real servers, foreign clients or large data: `make world`, never part of `make
test`.

No test here is skipped: a missing server is an error that names the package to install.
"""
