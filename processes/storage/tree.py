"""The register's own migration tree, with every table module imported so that none is missed."""

from __future__ import annotations

from pathlib import Path

from engine.storage.migration_tree import MigrationTree
from processes.storage import (
    approvals,
    attempts,
    audit,
    bulk,
    calendars,
    evidence,
    failed_sign_ins,
    follow_up,
    notices,
    past,
    people,
    register,
    reminder_letters,
    settings,
    sign_in,
)
from processes.storage.schema import metadata

TABLE_MODULES = (
    approvals,
    attempts,
    audit,
    bulk,
    calendars,
    evidence,
    failed_sign_ins,
    follow_up,
    notices,
    past,
    people,
    register,
    reminder_letters,
    settings,
    sign_in,
)
"""Named, because a module nobody imports has no tables in the metadata."""

TREE = MigrationTree("register", metadata, Path(__file__).parent / "migrations")
