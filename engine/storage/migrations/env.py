"""Alembic's entry; `engine/storage/database/migration_tree.py` makes all decisions."""

from alembic import context

from engine.storage.database.migration_tree import run_migrations

run_migrations(context.config)
