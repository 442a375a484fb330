"""The migrations of both trees lead to exactly the tables that the code declares."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection

from engine.storage.migration_tree import MigrationTree
from engine.storage.schema import TREE as ENGINE
from engine.storage.unit_of_work import Database
from processes.storage.tree import TREE as REGISTER


def differences(tree: MigrationTree, connection: Connection) -> list[str]:
    """What a further migration would have to do, as `operation table-or-index`."""
    options = {
        "compare_type": True,
        "include_name": lambda name, kind, _: kind != "table" or name in tree.metadata.tables,
    }
    context = MigrationContext.configure(connection, opts=options)
    found = compare_metadata(context, tree.metadata)
    return [" ".join(str(part) for part in change)[:120] for change in found]


@pytest.mark.parametrize("tree", [ENGINE, REGISTER], ids=lambda tree: tree.name)
def test_migrating_an_empty_database_gives_the_tables_of_the_code(
    tree: MigrationTree, database_url: str
) -> None:
    database = Database(database_url)
    tree.upgrade(database)
    with database.read() as connection:
        assert differences(tree, connection) == []
    database.dispose()
