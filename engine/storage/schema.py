"""The engine's own migration tree."""

from __future__ import annotations

from pathlib import Path

from engine.storage.database.migration_tree import MigrationTree
from engine.storage.database.unit_of_work import Database
from engine.storage.tables import metadata

TREE = MigrationTree("engine", metadata, Path(__file__).parent / "migrations")


def prepare(database: Database) -> None:
    """Create the engine's schema in an empty database. Raises Unavailable for another revision."""
    TREE.prepare(database)


def check(database: Database) -> None:
    """Raises Unavailable unless the engine's schema is there as this version needs it."""
    TREE.check(database)
