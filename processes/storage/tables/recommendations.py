"""Tables of the recommendation itself: its text, the comments on it, and the decisions about it.

Owns shapes, constraints and indexes only. The process's handlers write the rows
(`processes/recommendation/handlers.py`). Institutions are named by their code.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator

from engine.storage.database.types import DATA, ID, UtcDateTime
from processes.register.states import DecisionKind, OverallDecision, RecommendationState
from processes.register.vocabulary import (
    CLASSIFICATIONS,
    CYCLES,
    DEADLINE_KINDS,
    PRIORITIES,
    ROLES,
    ROLLUP_RULES,
    STANCES,
)
from processes.storage.schema import metadata

S = TypeVar("S", bound=StrEnum)

NAME = String(200)
"""Username, as passed to the engine as `by`."""
WORD = String(40)
"""A value of a fixed vocabulary (`processes/register/vocabulary.py`)."""


class Member(TypeDecorator[S]):
    """A column of states: stored as its value, read as the member."""

    impl = String
    cache_ok = True

    def __init__(self, kind: type[S], length: int = 40) -> None:
        super().__init__(length)
        self.kind = kind
        self.length = length

    def process_result_value(self, value: str | None, dialect: Dialect) -> S | None:
        return None if value is None else self.kind(value)


def one_of(column: str, values: Iterable[str]) -> CheckConstraint:
    """The database checks the same vocabulary as the code; NULL passes."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} in ({listed})", name=column)


recommendation = Table(
    "recommendation",
    metadata,
    Column("id", ID, primary_key=True),
    Column("instance_id", ID, nullable=False, unique=True),
    # REK-<year>-<nnnn>, given at registration; a draft has none.
    Column("number", WORD, unique=True),
    Column("status", Member(RecommendationState), nullable=False),
    Column("title", Text, nullable=False, default=""),
    Column("text", Text, nullable=False, default=""),
    # The text approved after the comments; `text` stays the draft for comments.
    Column("final_text", Text),
    Column("expected_outcome", Text),
    Column("source_meeting", Text),
    Column("source_date", Date),
    Column("legal_basis", Text),
    Column("rpjmn_reference", Text),
    Column("priority", WORD, nullable=False, default="normal"),
    Column("classification", WORD, nullable=False, default="ordinary"),
    Column("deadline", Date),
    Column("deadline_kind", WORD),
    Column("deadline_days", Integer),
    Column("comment_deadline", Date),
    Column("cycle", WORD, nullable=False, default="month"),
    Column("rollup_rule", WORD, nullable=False, default="all"),
    Column("rollup_percent", Integer),
    Column("letter_number", String(200)),
    Column("letter_date", Date),
    Column("signatory", NAME),
    Column("issued_at", UtcDateTime),
    Column("issued_by", NAME),
    Column("closed_at", UtcDateTime),
    Column("predecessor_id", ID, ForeignKey("recommendation.id")),
    Column("created_at", UtcDateTime, nullable=False),
    Column("created_by", NAME),
    Column("registered_at", UtcDateTime),
    one_of("status", RecommendationState),
    one_of("priority", PRIORITIES),
    one_of("classification", CLASSIFICATIONS),
    one_of("cycle", CYCLES),
    one_of("rollup_rule", ROLLUP_RULES),
    one_of("deadline_kind", DEADLINE_KINDS),
    # recommendations.page with a status filter, newest first (ids are in time order)
    Index(None, "status", "id"),
    # recommendations.page sorted by deadline, by the day of issue
    Index(None, "deadline", "id"),
    Index(None, "issued_at", "id"),
    # recommendations.page of one priority, of one coordinator
    Index(None, "priority", "id"),
    Index(None, "created_by", "id"),
    # recommendations.chain: the next recommendations of one
    Index(None, "predecessor_id"),
)

recommendation_institution = Table(
    "recommendation_institution",
    metadata,
    Column("recommendation_id", ID, ForeignKey("recommendation.id"), primary_key=True),
    Column("institution", ForeignKey("institution.code"), primary_key=True),
    Column("role", WORD, nullable=False),
    one_of("role", ROLES),
    # access: recommendations an institution may read before any follow-up exists
    Index(None, "institution", "recommendation_id"),
)

comment = Table(
    "comment",
    metadata,
    Column("id", ID, primary_key=True),
    Column("recommendation_id", ID, ForeignKey("recommendation.id"), nullable=False),
    Column("institution", ForeignKey("institution.code"), nullable=False),
    Column("stance", WORD, nullable=False),
    Column("notes", Text),
    Column("proposed_change", Text),
    Column("at", UtcDateTime, nullable=False),
    Column("by", NAME),
    # The coordinator's answer at finalising; NULL until then.
    Column("accepted", Boolean),
    Column("reason", Text),
    Column("answered_at", UtcDateTime),
    Column("answered_by", NAME),
    one_of("stance", STANCES),
    # An institution comments once on a draft; a second comment replaces the first.
    UniqueConstraint("recommendation_id", "institution"),
    # taken_part.page: the drafts that somebody has commented on
    Index(None, "by", "recommendation_id"),
)

decision = Table(
    "decision",
    metadata,
    Column("id", ID, primary_key=True),
    Column("recommendation_id", ID, ForeignKey("recommendation.id"), nullable=False),
    Column("follow_up_id", ID, ForeignKey("follow_up.id")),
    # issue: may the recommendation be issued; withdrawal: is it withdrawn; not_feasible: may a
    # follow-up be closed as one that cannot be followed up.
    Column("kind", Member(DecisionKind), nullable=False),
    # For a withdrawal: the reason of the proposal, kept until the decision.
    Column("proposed_reason", Text),
    Column("proposed_at", UtcDateTime),
    Column("proposed_by", NAME),
    # NULL: proposed, not decided yet.
    Column("approved", Boolean),
    Column("reason", Text),
    Column("letter_number", String(200)),
    Column("at", UtcDateTime),
    Column("by", NAME),
    one_of("kind", DecisionKind),
    # recommendations.detail and follow_ups.detail: decisions of one case in time order
    Index(None, "recommendation_id", "id"),
    Index(None, "follow_up_id", "id"),
)

meeting = Table(
    "meeting",
    metadata,
    Column("id", ID, primary_key=True),
    Column("recommendation_id", ID, ForeignKey("recommendation.id"), nullable=False),
    Column("held_on", Date, nullable=False),
    Column("place", Text),
    Column("invitation", Text),
    Column("chair", NAME, nullable=False),
    Column("minutes", Text, nullable=False),
    Column("attendance", Text),
    # [{"item": str, "responsible": str, "due": str}]: only ever shown with their meeting;
    # `due` as of `activity`.
    Column("agreements", DATA, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by", NAME),
    # recommendations.detail: meetings of one recommendation
    Index(None, "recommendation_id", "id"),
)

compilation = Table(
    "compilation",
    metadata,
    Column("id", ID, primary_key=True),
    Column("recommendation_id", ID, ForeignKey("recommendation.id"), nullable=False),
    # The matrix at that time: [{"institution", "role", "status", "verdict", ...}]
    Column("matrix", DATA, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    # compilation.of: the newest snapshot of one recommendation
    Index(None, "recommendation_id", "id"),
)

overall_evaluation = Table(
    "overall_evaluation",
    metadata,
    Column("id", ID, primary_key=True),
    Column("recommendation_id", ID, ForeignKey("recommendation.id"), nullable=False),
    Column("conclusion", Text, nullable=False),
    Column("achievement", Text, nullable=False),
    Column("obstacles", Text),
    Column("decision", Member(OverallDecision), nullable=False),
    Column("new_deadline", Date),
    Column("remaining_treatment", Text),
    Column("at", UtcDateTime, nullable=False),
    Column("by", NAME),
    one_of("decision", OverallDecision),
    # recommendations.detail: evaluations of one recommendation
    Index(None, "recommendation_id", "id"),
)
