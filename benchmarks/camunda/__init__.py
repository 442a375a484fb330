"""Camunda 7's own engine tests, told in our words and played on this engine.

`table/` says by folder, test class and method which files are deployed, what is done and what is
seen then. It was written by reading the Java tests; models and tests are not part of this project.
"""
