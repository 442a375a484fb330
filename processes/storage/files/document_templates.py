"""Tables and statements of templates of documents: versions an office brought, and which counts.

Owns the rows; none is ever changed. Must not know what a template may contain
(`processes.documents.checking`) or who may bring one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, Connection, ForeignKey, Index, Integer, String, Table, insert, select

from engine.storage.database.types import ID, UtcDateTime
from processes.storage.schema import metadata
from processes.storage.tables.recommendations import NAME, WORD

document_template = Table(
    "document_template",
    metadata,
    Column("id", ID, primary_key=True),
    Column("kind", WORD, nullable=False),
    Column("language", String(10), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("name", String(200), nullable=False),
    Column("size", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by", NAME, nullable=False),
    # versions: of one kind, newest first
    Index(None, "kind", "language", "id"),
    # digests_in_use: is a blob still needed?
    Index(None, "sha256"),
)

template_choice = Table(
    "template_choice",
    metadata,
    Column("id", ID, primary_key=True),
    Column("kind", WORD, nullable=False),
    Column("language", String(10), nullable=False),
    # None: ours.
    Column("template_id", ID, ForeignKey("document_template.id")),
    Column("at", UtcDateTime, nullable=False),
    Column("by", NAME, nullable=False),
    # counting, choices: of one kind, newest first
    Index(None, "kind", "language", "id"),
)


@dataclass(frozen=True, slots=True)
class DocumentTemplate:
    """A version that somebody brought. `size` in bytes."""

    id: UUID
    kind: str
    language: str
    sha256: str
    name: str
    size: int
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class TemplateChoice:
    """From when on a version counts, or ours (None)."""

    id: UUID
    kind: str
    language: str
    template_id: UUID | None
    at: datetime
    by: str


TEMPLATE = [document_template.c[name] for name in DocumentTemplate.__slots__]
CHOICE = [template_choice.c[name] for name in TemplateChoice.__slots__]


def add(connection: Connection, row: DocumentTemplate) -> None:
    """Store a version; it does not count yet."""
    values = {name: getattr(row, name) for name in DocumentTemplate.__slots__}
    connection.execute(insert(document_template).values(values))


def choose(connection: Connection, row: TemplateChoice) -> None:
    """Let a version count, or ours."""
    values = {name: getattr(row, name) for name in TemplateChoice.__slots__}
    connection.execute(insert(template_choice).values(values))


def find(connection: Connection, id: UUID) -> DocumentTemplate | None:
    """One version."""
    mine = document_template.c.id == id
    row = connection.execute(select(*TEMPLATE).where(mine)).one_or_none()
    return DocumentTemplate(*row) if row else None


def versions(
    connection: Connection, kind: str, language: str, limit: int
) -> list[DocumentTemplate]:
    """The newest versions of a kind, newest first."""
    rows = connection.execute(
        select(*TEMPLATE)
        .where(document_template.c.kind == kind, document_template.c.language == language)
        .order_by(document_template.c.id.desc())
        .limit(limit)
    )
    return [DocumentTemplate(*row) for row in rows]


def choices(connection: Connection, kind: str, language: str, limit: int) -> list[TemplateChoice]:
    """What counted, newest first; the first one counts now, without one ours does."""
    rows = connection.execute(
        select(*CHOICE)
        .where(template_choice.c.kind == kind, template_choice.c.language == language)
        .order_by(template_choice.c.id.desc())
        .limit(limit)
    )
    return [TemplateChoice(*row) for row in rows]


def counting(connection: Connection, kind: str, language: str) -> DocumentTemplate | None:
    """The version that counts; None: ours does."""
    own = template_choice.c
    newest = (
        select(own.template_id)
        .where(own.kind == kind, own.language == language)
        .order_by(own.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    found = select(*TEMPLATE).where(document_template.c.id == newest)
    row = connection.execute(found).one_or_none()
    return DocumentTemplate(*row) if row else None


def all_counting(connection: Connection) -> dict[tuple[str, str], DocumentTemplate]:
    """(kind, language) -> the version that counts, where it is not ours: one walk over the
    choices, of which an office makes a few."""
    rows = connection.execute(
        select(template_choice.c.kind, template_choice.c.language, *TEMPLATE)
        .outerjoin(document_template, document_template.c.id == template_choice.c.template_id)
        .order_by(template_choice.c.id)
    )
    newest = {(row[0], row[1]): row[2:] for row in rows}
    return {key: DocumentTemplate(*row) for key, row in newest.items() if row[0] is not None}
