"""One Alembic tree: a MetaData, its folder of migrations, and its own version table.

Engine and register each have one in the same database. An empty database gets the present tables at
once and is stamped. An older one is refused until somebody runs `upgrade`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData

from engine.sentences.errors import Unavailable
from engine.sentences.sentence import say
from engine.storage.database.unit_of_work import Database


@dataclass(frozen=True)
class MigrationTree:
    """`name` is shown to operators; `folder` holds env.py and versions/."""

    name: str
    metadata: MetaData
    folder: Path

    @property
    def version_table(self) -> str:
        return f"{self.name}_version"

    def config(self, connection: Connection | None = None) -> Config:
        """Alembic's configuration, on a connection that the caller owns."""
        config = Config()
        config.set_main_option("script_location", str(self.folder))
        config.attributes.update(connection=connection, tree=self)
        return config

    def head(self) -> str:
        """The newest revision of the code."""
        return _head(self.folder)

    def current(self, connection: Connection) -> str | None:
        """The revision of the database; None if the tree does not exist there."""
        options = {"version_table": self.version_table}
        return MigrationContext.configure(connection, opts=options).get_current_revision()

    def prepare(self, database: Database) -> None:
        """Create all tables in an empty database. Raises Unavailable for another revision."""
        with database.write() as connection:
            current = self.current(connection)
            if current is None:
                self.metadata.create_all(connection)
                command.stamp(self.config(connection), "head")
            else:
                self._refuse_other(current)

    def check(self, database: Database) -> None:
        """Change nothing. Raises Unavailable for an empty database and for another revision."""
        with database.read() as connection:
            current = self.current(connection)
        if current is None:
            raise Unavailable(
                say("The database has no {name} tables yet: run `tindak migrate`.", name=self.name)
            )
        self._refuse_other(current)

    def _refuse_other(self, current: str) -> None:
        if current != self.head():
            raise Unavailable(
                say(
                    "The {name} tables are of revision {current}, this version needs {head}: "
                    "run `tindak migrate`.",
                    name=self.name, current=current, head=self.head(),
                )
            )  # fmt: skip

    def upgrade(self, database: Database) -> None:
        """Run the missing migrations."""
        with database.write() as connection:
            command.upgrade(self.config(connection), "head")


@cache
def _head(folder: Path) -> str:
    """Cached once for each process, because finding it loads every migration."""
    config = Config()
    config.set_main_option("script_location", str(folder))
    head = ScriptDirectory.from_config(config).get_current_head()
    assert head is not None, "a tree has at least one migration"
    return head


def run_migrations(config: Config) -> None:
    """The body of every env.py: run inside the transaction of the given connection."""
    from alembic import context

    tree: MigrationTree = config.attributes["tree"]
    connection: Connection = config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=tree.metadata,
        version_table=tree.version_table,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        include_name=lambda name, kind, _parents: kind != "table" or name in tree.metadata.tables,
    )
    with context.begin_transaction():
        context.run_migrations()
