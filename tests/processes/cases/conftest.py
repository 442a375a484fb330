"""Rows of cases, for questions that need no story."""

from tests.processes.lifecycle.conftest import (
    connection,  # noqa: F401  (a fixture)
    part,  # noqa: F401  (a fixture)
    whole,  # noqa: F401  (a fixture)
)
