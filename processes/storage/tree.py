"""The register's own migration tree; it imports every table module, so that none is missing."""

from __future__ import annotations

from pathlib import Path

from engine.storage.database.migration_tree import MigrationTree
from processes.storage import bulk, search
from processes.storage.authentication import attempts, failed_sign_ins
from processes.storage.cases import past
from processes.storage.days import calendars
from processes.storage.files import (
    compilation_orders,
    document_templates,
    evidence,
    signed_scans,
)
from processes.storage.notices import reminder_letters
from processes.storage.operation import settings
from processes.storage.people import approvals, saved_lists
from processes.storage.rights import audit
from processes.storage.schema import metadata
from processes.storage.tables import (
    agreements,
    authentication,
    follow_ups,
    meetings,
    notices,
    people,
    recommendations,
    reports,
    written_reports,
)

TABLE_MODULES = (
    agreements,
    approvals,
    attempts,
    audit,
    bulk,
    calendars,
    compilation_orders,
    document_templates,
    evidence,
    failed_sign_ins,
    follow_ups,
    meetings,
    notices,
    past,
    people,
    recommendations,
    reminder_letters,
    reports,
    authentication,
    saved_lists,
    search,
    settings,
    signed_scans,
    written_reports,
)
"""Named here, because a module without an import has no tables in the metadata."""

TREE = MigrationTree("register", metadata, Path(__file__).parent / "migrations")
