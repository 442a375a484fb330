"""Tables and statements of files: uploads before they are handed in, and evidence, which never
changes.

Owns the rows about files. Must not know the files themselves (`processes.files.evidence`) or who
may read them (`processes.rights.access`). A file's name is data and never part of a path.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    delete,
    func,
    insert,
    or_,
    select,
    union,
)

from engine.storage.database.types import ID, UtcDateTime
from processes.storage.files.compilation_orders import compilation_file
from processes.storage.files.document_templates import document_template
from processes.storage.files.signed_scans import signed_scan
from processes.storage.schema import metadata
from processes.storage.tables.agreements import agreement_file
from processes.storage.tables.follow_ups import follow_up
from processes.storage.tables.recommendations import recommendation
from processes.storage.tables.reports import report
from processes.storage.tables.written_reports import written_answer, written_report

upload = Table(
    "upload",
    metadata,
    Column("id", ID, primary_key=True),
    Column("owner", String(60), nullable=False),
    # The task of the form with the upload; none while a recommendation is only a draft.
    Column("task_id", ID, nullable=True),
    Column("sha256", String(64), nullable=False),
    Column("name", String(200), nullable=False),
    Column("type", String(120), nullable=False),
    Column("size", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    # bytes_of_uploads: the total of one account.
    Index("ix_upload_owner", "owner"),
    # uploads_of_task: the files shown beside a form.
    Index("ix_upload_task_id", "task_id", "owner"),
    # digests_in_use: is a blob still needed?
    Index("ix_upload_sha256", "sha256"),
    # forget_uploads: the daily cleaning.
    Index("ix_upload_expires_at", "expires_at"),
)

evidence = Table(
    "evidence",
    metadata,
    Column("id", ID, primary_key=True),
    Column("follow_up_id", ForeignKey("follow_up.id"), nullable=False),
    # The proven fact: a report, a progress entry, or (both empty) an exchange with the coordinator.
    Column("report_id", ForeignKey("report.id"), nullable=True),
    Column("progress_id", ForeignKey("progress.id"), nullable=True),
    # What a written report on progress says of the case.
    Column("answer_id", ID),
    Column("sha256", String(64), nullable=False),
    Column("name", String(200), nullable=False),
    Column("type", String(120), nullable=False),
    Column("size", Integer, nullable=False),
    Column("uploaded_by", String(60), nullable=False),
    Column("uploaded_at", UtcDateTime, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    CheckConstraint("report_id IS NULL OR progress_id IS NULL", name="proves_one"),
    # evidence_of: the files of a case, in order.
    Index("ix_evidence_follow_up_id", "follow_up_id", "id"),
    # of_answers: the files of a letter.
    Index("ix_evidence_answer_id", "answer_id"),
    # digests_in_use: is a blob still needed?
    Index("ix_evidence_sha256", "sha256"),
)


NAMING = (upload, evidence, signed_scan, compilation_file, document_template, agreement_file)
"""The tables whose rows name a file: as long as one does, the file stays."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of a form that is not completed yet. `size` in bytes."""

    id: UUID
    owner: str
    task_id: UUID | None
    sha256: str
    name: str
    type: str
    size: int
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Evidence:
    """A permanent file of a case. `size` in bytes."""

    id: UUID
    follow_up_id: UUID
    report_id: UUID | None
    progress_id: UUID | None
    sha256: str
    name: str
    type: str
    size: int
    uploaded_by: str
    uploaded_at: datetime
    created_at: datetime
    answer_id: UUID | None = None


UPLOAD = [upload.c[name] for name in Upload.__slots__]
EVIDENCE = [evidence.c[name] for name in Evidence.__slots__]


def insert_upload(connection: Connection, row: Upload) -> None:
    """Store the facts of an upload."""
    connection.execute(insert(upload).values({n: getattr(row, n) for n in Upload.__slots__}))


def uploads(connection: Connection, owner: str, ids: Collection[UUID]) -> list[Upload]:
    """Those of the given uploads that belong to `owner`, oldest first."""
    found = connection.execute(
        select(*UPLOAD).where(upload.c.id.in_(ids), upload.c.owner == owner).order_by(upload.c.id)
    )
    return [Upload(*row) for row in found]


def uploads_of_task(connection: Connection, owner: str, task_id: UUID) -> list[Upload]:
    """The uploads of one person for one task, oldest first."""
    found = connection.execute(
        select(*UPLOAD)
        .where(upload.c.task_id == task_id, upload.c.owner == owner)
        .order_by(upload.c.id)
    )
    return [Upload(*row) for row in found]


def bytes_of_uploads(connection: Connection, owner: str) -> int:
    """The bytes of that owner's uploads on disk."""
    whole = select(func.coalesce(func.sum(upload.c.size), 0)).where(upload.c.owner == owner)
    return int(connection.execute(whole).scalar_one())


def delete_uploads(connection: Connection, owner: str, ids: Collection[UUID]) -> None:
    """Remove the rows of uploads that became evidence."""
    connection.execute(delete(upload).where(upload.c.id.in_(ids), upload.c.owner == owner))


def insert_evidence(connection: Connection, rows: Sequence[Evidence]) -> None:
    """Store evidence rows; no function changes or removes one."""
    if rows:
        values = [{n: getattr(row, n) for n in Evidence.__slots__} for row in rows]
        connection.execute(insert(evidence), values)


@dataclass(frozen=True, slots=True)
class CaseOfEvidence:
    """The facts on which the right to read a file depends; a report may be classified above its
    case."""

    institution: str
    classifications: tuple[str, ...]
    unsent: bool = False
    """Whether its report is not handed in: only its own institution reads it."""


def evidence_by_id(
    connection: Connection, evidence_id: UUID
) -> tuple[Evidence, CaseOfEvidence] | None:
    """One evidence row, and the case it belongs to."""
    found = connection.execute(
        select(
            *EVIDENCE,
            follow_up.c.institution,
            recommendation.c.classification,
            func.coalesce(report.c.classification, written_report.c.classification).label(
                "of_report"
            ),
            or_(
                report.c.id.is_not(None) & report.c.handed_in_at.is_(None),
                written_report.c.id.is_not(None) & written_report.c.handed_in_at.is_(None),
            ).label("unsent"),
        )
        .join(follow_up, follow_up.c.id == evidence.c.follow_up_id)
        .join(recommendation, recommendation.c.id == follow_up.c.recommendation_id)
        .outerjoin(report, report.c.id == evidence.c.report_id)
        .outerjoin(written_answer, written_answer.c.id == evidence.c.answer_id)
        .outerjoin(written_report, written_report.c.id == written_answer.c.written_report_id)
        .where(evidence.c.id == evidence_id)
    ).one_or_none()
    if found is None:
        return None
    levels = (found.classification, found.of_report or found.classification)
    case = CaseOfEvidence(found.institution, levels, bool(found.unsent))
    return Evidence(*found[: len(EVIDENCE)]), case


def of_answers(connection: Connection, answer_ids: Collection[UUID]) -> list[Evidence]:
    """The files that came with these answers of written reports, oldest first."""
    found = connection.execute(
        select(*EVIDENCE).where(evidence.c.answer_id.in_(answer_ids)).order_by(evidence.c.id)
    )
    return [Evidence(*row) for row in found]


def evidence_of(connection: Connection, follow_up_id: UUID) -> list[Evidence]:
    """The files of one follow-up, oldest first."""
    found = connection.execute(
        select(*EVIDENCE).where(evidence.c.follow_up_id == follow_up_id).order_by(evidence.c.id)
    )
    return [Evidence(*row) for row in found]


def forget_uploads(connection: Connection, now: datetime) -> int:
    """Remove expired uploads; return their number."""
    return connection.execute(delete(upload).where(upload.c.expires_at <= now)).rowcount


def named_digests(connection: Connection) -> set[str]:
    """All blobs that rows name."""
    named = union(*(select(table.c.sha256) for table in NAMING))
    return set(connection.execute(named).scalars())


def digests_in_use(connection: Connection, digests: Collection[str]) -> set[str]:
    """Those of these blobs that a row still names."""
    wanted = union(*(select(table.c.sha256).where(table.c.sha256.in_(digests)) for table in NAMING))
    return set(connection.execute(wanted).scalars())
