"""What use cases need of the database when slow work must stay outside a transaction.

Owns the shape only: the engine's facade satisfies it. Checking a password takes tens of
milliseconds of CPU; inside a writing transaction of SQLite it would hold up every case.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from sqlalchemy import Connection


class Transactions(Protocol):
    """Gives connections in a transaction: committed on leaving, rolled back on an error."""

    def transaction(self) -> AbstractContextManager[Connection]:
        """A writing transaction."""

    def reading(self) -> AbstractContextManager[Connection]:
        """A reading transaction; nothing written in it is kept."""
