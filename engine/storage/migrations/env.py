"""Alembic's entry: everything is decided in engine/storage/database/migration_tree.py."""

from alembic import context

from engine.storage.database.migration_tree import run_migrations

run_migrations(context.config)
