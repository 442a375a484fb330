"""Tables of what a meeting settles: agreements and directives, and what institutions say in it.

Owns shapes, constraints and indexes only. `processes/meetings/in_session.py` writes what is typed
in the meeting, the process's handlers what follows (`processes/agreement/handlers.py`).
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
from processes.register.agreement_states import (
    OWED,
    AgreementKind,
    AgreementState,
    Holder,
    Outcome,
)
from processes.storage.schema import metadata
from processes.storage.tables.recommendations import NAME, WORD, Member, one_of

_OWED = f"status in ({', '.join(repr(state.value) for state in OWED)})"

agreement = Table(
    "agreement",
    metadata,
    Column("id", ID, primary_key=True),
    Column("meeting_id", ID, ForeignKey("meeting.id"), nullable=False),
    # 1, 2, ...: in the order in which they were typed. A number that was struck is not given again.
    Column("number", Integer, nullable=False),
    Column("kind", Member(AgreementKind), nullable=False),
    Column("text", Text, nullable=False),
    # Who fulfils it, and the institution if it is one; a directive may be nobody's.
    Column("holder", Member(Holder)),
    Column("institution", ForeignKey("institution.code")),
    Column("deadline", Date),
    # What it was settled about: a recommendation as a whole, or one institution's follow-up of it.
    Column("recommendation_id", ID, ForeignKey("recommendation.id")),
    Column("follow_up_id", ID, ForeignKey("follow_up.id")),
    # The institution on whose page of the meeting it was typed; none on that of the whole meeting.
    Column("page", ForeignKey("institution.code")),
    Column("status", Member(AgreementState), nullable=False),
    Column("status_since", UtcDateTime, nullable=False),
    Column("instance_id", ID, nullable=False, unique=True),
    # One more with each change in the meeting; who saves names the one they have read.
    Column("version", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by", NAME),
    Column("ended_at", UtcDateTime),
    Column("ended_reason", Text),
    one_of("kind", AgreementKind),
    one_of("holder", Holder),
    one_of("status", AgreementState),
    # An agreement has holder and deadline; a directive both or neither.
    CheckConstraint(
        "(holder is null) = (deadline is null) and (holder is not null or kind = 'directive')",
        name="owed",
    ),
    CheckConstraint(
        "(coalesce(holder, '') = 'institution') = (institution is not null)", name="holder_named"
    ),
    # in_session: what was typed, in order; a job repeated starts nothing twice
    UniqueConstraint("meeting_id", "number"),
    # agreements.open_of: what an institution owes, and what is handed over to its successor
    Index(None, "institution", "deadline", "id"),
    # agreements.page: what is owed, nearest deadline first
    Index(
        "ix_agreement_owed",
        "deadline",
        "id",
        postgresql_where=text(_OWED),
        sqlite_where=text(_OWED),
    ),
    # follow_ups: agreements about one of them
    Index(None, "follow_up_id", "id"),
    Index(None, "recommendation_id", "id"),
)

IS_OWED: Final = agreement.c.status.in_([literal_column(repr(one.value)) for one in OWED])
"""Rows of `agreement` that somebody owes; without parameters, or no partial index would serve."""

agreement_past = Table(
    "agreement_past",
    metadata,
    Column("agreement_id", ID, ForeignKey("agreement.id"), primary_key=True),
    Column("valid_from", UtcDateTime, primary_key=True),
    # NULL: the row holds now.
    Column("valid_to", UtcDateTime),
    Column("status", Member(AgreementState), nullable=False),
    Column("holder", Member(Holder)),
    Column("institution", WORD),
    Column("deadline", Date),
    one_of("status", AgreementState),
    CheckConstraint("valid_to > valid_from", name="span"),
    # One row holds now; note: the row that ends.
    Index(
        "uq_agreement_past_now",
        "agreement_id",
        unique=True,
        sqlite_where=text("valid_to is null"),
        postgresql_where=text("valid_to is null"),
    ),
    sqlite_with_rowid=False,
)

fulfilment = Table(
    "fulfilment",
    metadata,
    Column("id", ID, primary_key=True),
    Column("agreement_id", ID, ForeignKey("agreement.id"), nullable=False),
    Column("text", Text, nullable=False),
    # Written by the coordinator for an institution without accounts.
    Column("on_behalf", Boolean, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by", NAME),
    # agreements.detail: what its holder wrote, in time order
    Index(None, "agreement_id", "id"),
)

fulfilment_check = Table(
    "fulfilment_check",
    metadata,
    Column("id", ID, primary_key=True),
    Column("agreement_id", ID, ForeignKey("agreement.id"), nullable=False),
    Column("outcome", Member(Outcome), nullable=False),
    Column("notes", Text),
    Column("new_deadline", Date),
    Column("at", UtcDateTime, nullable=False),
    Column("by", NAME),
    # The supervisor's word on a proposal to void it.
    Column("approved", Boolean),
    Column("decision_reason", Text),
    Column("decided_at", UtcDateTime),
    Column("decided_by", NAME),
    one_of("outcome", Outcome),
    # agreements.detail: the checks of one agreement, in time order
    Index(None, "agreement_id", "id"),
)

agreement_file = Table(
    "agreement_file",
    metadata,
    Column("id", ID, primary_key=True),
    Column("fulfilment_id", ID, ForeignKey("fulfilment.id"), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("name", String(200), nullable=False),
    Column("type", String(120), nullable=False),
    Column("size", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by", NAME),
    # agreements.detail: the files of one fulfilment
    Index(None, "fulfilment_id", "id"),
    # digests_in_use: is a blob still needed?
    Index(None, "sha256"),
)

meeting_statement = Table(
    "meeting_statement",
    metadata,
    # The oral statement on the follow-up; what was said, by whom and when stands there.
    Column("statement_id", ID, ForeignKey("statement.id"), primary_key=True),
    Column("meeting_id", ID, ForeignKey("meeting.id"), nullable=False),
    Column("institution", ForeignKey("institution.code"), nullable=False),
    # Said by somebody else for the institution.
    Column("on_behalf", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("changed_by", NAME),
    # in_session: what one institution said in a meeting
    Index(None, "meeting_id", "institution", "statement_id"),
    sqlite_with_rowid=False,
)
