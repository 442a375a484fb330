"""Alembic's entry: everything is decided in engine/storage/migration_tree.py."""

from alembic import context

from engine.storage.migration_tree import run_migrations

run_migrations(context.config)
