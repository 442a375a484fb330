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
    text,
)
from sqlalchemy.types import TypeDecorator

from engine.storage.database.types import DATA, ID, UtcDateTime
from processes.register.states import (
    DecisionKind,
    OverallDecision,
    RecommendationState,
    Treatment,
)
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
    # The round of comments that the draft is in, or was in last.
    Column("round", Integer, nullable=False, server_default="1"),
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
    # visible_tasks: the cases that are classified above a reader
    Index(None, "classification", "instance_id"),
    # recommendations.chain: the next recommendations of one
    Index(None, "predecessor_id"),
    # compiled: those of one letter
    Index(None, "letter_number", "id"),
)

recommendation_institution = Table(
    "recommendation_institution",
    metadata,
    Column("recommendation_id", ID, ForeignKey("recommendation.id"), primary_key=True),
    Column("institution", ForeignKey("institution.code"), primary_key=True),
    Column("role", WORD, nullable=False),
    # Taken out after the issue: it still reads the case, and owes nothing.
    Column("taken_out_at", UtcDateTime),
    one_of("role", ROLES),
    # access: recommendations an institution may read before any follow-up exists
    Index(None, "institution", "recommendation_id"),
)

draft_round = Table(
    "draft_round",
    metadata,
    Column("recommendation_id", ID, ForeignKey("recommendation.id"), primary_key=True),
    Column("round", Integer, primary_key=True),
    # The draft as it lay before the institutions in this round: name of a field -> its value,
    # "institutions" -> {code: role}.
    Column("content", DATA, nullable=False),
    # When the coordinator wrote on it after the round.
    Column("at", UtcDateTime, nullable=False),
    Column("by", NAME),
    sqlite_with_rowid=False,
)

comment = Table(
    "comment",
    metadata,
    Column("id", ID, primary_key=True),
    Column("recommendation_id", ID, ForeignKey("recommendation.id"), nullable=False),
    Column("round", Integer, nullable=False, server_default="1"),
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
    # An institution comments once in a round; a second comment replaces the first.
    UniqueConstraint("recommendation_id", "round", "institution"),
    # taken_part.page: the drafts that somebody has commented on
    Index(None, "by", "recommendation_id"),
)

decision = Table(
    "decision",
    metadata,
    Column("id", ID, primary_key=True),
    Column("recommendation_id", ID, ForeignKey("recommendation.id"), nullable=False),
    Column("follow_up_id", ID, ForeignKey("follow_up.id")),
    # issue: may the recommendation be issued; withdrawal: is it withdrawn (with a follow-up: is
    # that one); not_feasible: may a follow-up be closed as one that cannot be followed up;
    # remaining: may the recommendation end over open follow-ups as its evaluation says.
    Column("kind", Member(DecisionKind), nullable=False),
    # For a withdrawal: the reason of the proposal, kept until the decision.
    Column("proposed_reason", Text),
    Column("proposed_at", UtcDateTime),
    Column("proposed_by", NAME),
    # NULL: proposed, not decided yet.
    Column("approved", Boolean),
    # A proposal that was not decided when its recommendation ended.
    Column("lapsed_at", UtcDateTime),
    Column("reason", Text),
    Column("letter_number", String(200)),
    Column("at", UtcDateTime),
    Column("by", NAME),
    one_of("kind", DecisionKind),
    # recommendations.detail and follow_ups.detail: decisions of one case in time order
    Index(None, "recommendation_id", "id"),
    Index(None, "follow_up_id", "id"),
)

recipients_change = Table(
    "recipients_change",
    metadata,
    Column("id", ID, primary_key=True),
    Column("recommendation_id", ID, ForeignKey("recommendation.id"), nullable=False),
    # [{"institution", "role", "deadline"}], and the codes of those taken out.
    Column("added", DATA, nullable=False),
    Column("taken_out", DATA, nullable=False),
    Column("letter_number", String(200), nullable=False),
    Column("reason", Text, nullable=False),
    Column("proposed_at", UtcDateTime, nullable=False),
    Column("proposed_by", NAME),
    # NULL: not decided.
    Column("approved", Boolean),
    Column("decision_reason", Text),
    Column("at", UtcDateTime),
    Column("by", NAME),
    # The recommendation ended before anybody decided.
    Column("lapsed_at", UtcDateTime),
    # recommendations.detail and follow_ups.detail: changes of one recommendation in time order
    Index(None, "recommendation_id", "id"),
    # At most one waits for its decision.
    Index(
        "uq_recipients_change_pending",
        "recommendation_id",
        unique=True,
        sqlite_where=text("approved is null and lapsed_at is null"),
        postgresql_where=text("approved is null and lapsed_at is null"),
    ),
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

remaining = Table(
    "remaining",
    metadata,
    Column("id", ID, primary_key=True),
    Column("recommendation_id", ID, ForeignKey("recommendation.id"), nullable=False),
    Column("evaluation_id", ID, ForeignKey("overall_evaluation.id"), nullable=False),
    Column("follow_up_id", ID, ForeignKey("follow_up.id"), nullable=False),
    # What the evaluation proposes for a follow-up that is still open.
    Column("treatment", Member(Treatment), nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by", NAME),
    # NULL until the supervisor agrees.
    Column("approved_at", UtcDateTime),
    one_of("treatment", Treatment),
    UniqueConstraint("evaluation_id", "follow_up_id"),
    # recommendation_detail: what is proposed for the open follow-ups of one recommendation
    Index(None, "recommendation_id", "id"),
    # follow_up_detail: what was proposed for one follow-up
    Index(None, "follow_up_id", "id"),
)
