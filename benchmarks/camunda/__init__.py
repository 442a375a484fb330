"""Camunda 7's own engine tests, described in our words and played on this engine.

`table/` has by folder, test class and method the deployed files, the acts and the expected results.
It was written by reading the Java tests; models and tests are not part of this project.
"""
