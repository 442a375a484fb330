"""Tables of one institution's follow-up: answers, plan, work, reports, and the verdict.

Owns shapes, constraints and indexes only. The process's handlers write the rows
(`processes/follow_up/handlers.py`). Every row names its follow-up, and its round if work may be
returned.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    literal_column,
    text,
)

from engine.storage.database.types import ID, UtcDateTime
from processes.register.states import (
    ENDED,
    ExtensionDecision,
    Reply,
    Response,
    Stage,
    Treatment,
)
from processes.register.vocabulary import (
    FOLLOW_UP_KINDS,
    OWING_ROLES,
    REASONS,
)
from processes.storage.schema import metadata
from processes.storage.tables.recommendations import NAME, WORD, Member, one_of

_RUNS = f"status not in ({', '.join(repr(stage.value) for stage in ENDED)})"
follow_up = Table(
    "follow_up",
    metadata,
    Column("id", ID, primary_key=True),
    Column("recommendation_id", ID, ForeignKey("recommendation.id"), nullable=False),
    Column("institution", ForeignKey("institution.code"), nullable=False),
    Column("role", WORD, nullable=False),
    Column("instance_id", ID, nullable=False, unique=True),
    # The kind of work, set by the coordinator once it is known.
    Column("kind", WORD),
    Column("status", Member(Stage), nullable=False),
    Column("status_since", UtcDateTime, nullable=False),
    # 1 at first; each returned report begins the next round.
    Column("round", Integer, nullable=False, default=1),
    Column("deadline", Date, nullable=False),
    # Set when work is returned, so that the returned task is not late from its start.
    Column("rework_deadline", Date),
    Column("contact", NAME),
    # The account that evaluates its report: had it in hand when the report was taken back, or is
    # cleared for it where not everybody is.
    Column("evaluator", NAME),
    # Two keys: the institution's claim and the coordinator's finding, each with its time. Verdicts
    # are data (`processes.register.verdicts`), so no constraint lists them.
    Column("claimed_status", WORD),
    Column("claimed_percent", Integer),
    Column("claimed_at", UtcDateTime),
    Column("verdict", WORD),
    Column("verdict_at", UtcDateTime),
    Column("issued_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    # What was decided when its recommendation ended over it; the next recommendation, while it is
    # to be carried over into that one; and the follow-up it was carried over into.
    Column("treatment", Member(Treatment)),
    Column("successor_id", ID, ForeignKey("recommendation.id")),
    Column("carried_into_id", ID, ForeignKey("follow_up.id")),
    # When it was left to finish after all, though it was to be carried over.
    Column("left_to_finish_at", UtcDateTime),
    one_of("treatment", Treatment),
    one_of("role", OWING_ROLES),
    one_of("kind", FOLLOW_UP_KINDS),
    one_of("status", Stage),
    CheckConstraint("claimed_percent between 0 and 100", name="claimed_percent"),
    # `issue` repeated changes nothing; inventory.matrix reads a recommendation's row of cells
    UniqueConstraint("recommendation_id", "institution"),
    # follow_ups.page of an institution, nearest deadline first
    Index(None, "institution", "deadline", "id"),
    # follow_ups.page of a supervisor, nearest deadline first
    Index(None, "deadline", "id"),
    # follow_ups.page of what has not ended: late, soon, open, back at work
    Index(
        "ix_follow_up_runs",
        "deadline",
        "id",
        postgresql_where=text(_RUNS),
        sqlite_where=text(_RUNS),
    ),
    # remaining_rows.coming: what a recommendation carries over when it is issued
    Index(None, "successor_id"),
    # remaining_rows.carried_from: what a follow-up was carried over from
    Index(None, "carried_into_id"),
    # follow_ups.page filtered by stage
    Index(None, "status", "deadline", "id"),
    # follow_ups.page of a group that ended without conforming: few among many that are closed
    Index("ix_follow_up_status_verdict", "status", "verdict", "deadline", "id"),
    # follow_ups.page by how long a case stands where it stands
    Index(None, "status_since", "id"),
)

RUNS: Final = follow_up.c.status.not_in([literal_column(repr(one.value)) for one in ENDED])
"""Rows of `follow_up` that have not ended; without parameters, or no partial index would serve."""

succession = Table(
    "succession",
    metadata,
    Column("id", ID, primary_key=True),
    Column("follow_up_id", ID, ForeignKey("follow_up.id"), nullable=False),
    # The institution that had the follow-up before, and the one that goes on with it.
    Column("institution", ForeignKey("institution.code"), nullable=False),
    Column("successor", ForeignKey("institution.code"), nullable=False),
    Column("letter", Text, nullable=False),
    # The successor's own follow-up of the same recommendation, into which this one was carried.
    Column("carried_into", ID, ForeignKey("follow_up.id")),
    Column("at", UtcDateTime, nullable=False),
    Column("by", NAME),
    # visibility: what an institution reads although its successor has it
    Index(None, "institution", "follow_up_id"),
    # successions.before: of one follow-up
    Index(None, "follow_up_id", "id"),
)

exchange = Table(
    "exchange",
    metadata,
    Column("id", ID, primary_key=True),
    Column("follow_up_id", ID, ForeignKey("follow_up.id"), nullable=False),
    # The institution's answer to the acknowledgement: accepted, clarification, disagree.
    Column("response", Member(Response), nullable=False),
    Column("contact", NAME),
    Column("agenda_number", String(200)),
    Column("received_on", Date),
    Column("explanation", Text),
    Column("at", UtcDateTime, nullable=False),
    Column("by", NAME),
    # The coordinator's reply: an answer (clarification), or a review with its result.
    Column("reply", Text),
    Column("result", Member(Reply)),
    Column("changed_text", Text),
    Column("replied_at", UtcDateTime),
    Column("replied_by", NAME),
    one_of("response", Response),
    one_of("result", Reply),
    # follow_ups.detail: the exchanges of one follow-up in time order
    Index(None, "follow_up_id", "id"),
)

plan = Table(
    "plan",
    metadata,
    Column("id", ID, primary_key=True),
    Column("follow_up_id", ID, ForeignKey("follow_up.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("position", Integer, nullable=False),
    Column("responsible_unit", Text, nullable=False),
    Column("activity", Text, nullable=False),
    Column("unit", Text),
    Column("target", Text),
    # ISO 8601; plans of earlier forms have texts such as "Triwulan II 2026".
    Column("due", String(200)),
    # Why this version was written, if it revises one.
    Column("reason", Text),
    Column("at", UtcDateTime, nullable=False),
    Column("by", NAME),
    # follow_ups.detail: the newest version of one follow-up's plan in its order
    UniqueConstraint("follow_up_id", "version", "position"),
)

progress = Table(
    "progress",
    metadata,
    Column("id", ID, primary_key=True),
    Column("follow_up_id", ID, ForeignKey("follow_up.id"), nullable=False),
    Column("round", Integer, nullable=False),
    Column("percent", Integer, nullable=False),
    Column("narrative", Text, nullable=False),
    Column("obstacles", Text),
    Column("support_needed", Text),
    Column("done", Boolean, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by", NAME),
    CheckConstraint("percent between 0 and 100", name="percent"),
    # follow_ups.detail: progress of one follow-up, newest first
    Index(None, "follow_up_id", "id"),
)

evaluation = Table(
    "evaluation",
    metadata,
    Column("id", ID, primary_key=True),
    Column("follow_up_id", ID, ForeignKey("follow_up.id"), nullable=False),
    Column("report_id", ID, ForeignKey("report.id")),
    Column("round", Integer, nullable=False),
    Column("verdict", WORD, nullable=False),
    Column("notes", Text),
    Column("reason", WORD),
    Column("basis", Text),
    Column("rework_deadline", Date),
    Column("at", UtcDateTime, nullable=False),
    Column("by", NAME),
    one_of("reason", REASONS),
    # follow_ups.detail: evaluations of one follow-up, newest first
    Index(None, "follow_up_id", "id"),
)

extension = Table(
    "extension",
    metadata,
    Column("id", ID, primary_key=True),
    Column("follow_up_id", ID, ForeignKey("follow_up.id"), nullable=False),
    Column("requested_deadline", Date, nullable=False),
    Column("reason", Text, nullable=False),
    Column("letter_number", String(200)),
    Column("requested_at", UtcDateTime, nullable=False),
    Column("requested_by", NAME),
    Column("decision", Member(ExtensionDecision)),
    Column("new_deadline", Date),
    Column("decision_reason", Text),
    Column("decided_at", UtcDateTime),
    Column("decided_by", NAME),
    one_of("decision", ExtensionDecision),
    # follow_ups.detail: extensions of one follow-up in time order
    Index(None, "follow_up_id", "id"),
    # One request at a time: the decision must come before the next request.
    Index(
        "uq_extension_pending",
        "follow_up_id",
        unique=True,
        sqlite_where=text("decision is null"),
        postgresql_where=text("decision is null"),
    ),
)

statement = Table(
    "statement",
    metadata,
    Column("id", ID, primary_key=True),
    Column("follow_up_id", ID, ForeignKey("follow_up.id"), nullable=False),
    # Said in a meeting or by telephone: never evidence, shown as unconfirmed until a report comes.
    Column("text", Text, nullable=False),
    Column("said_by", NAME, nullable=False),
    Column("said_on", Date, nullable=False),
    Column("occasion", Text),
    Column("at", UtcDateTime, nullable=False),
    Column("by", NAME),
    # follow_ups.detail and compilation.of: statements of one follow-up
    Index(None, "follow_up_id", "id"),
)
