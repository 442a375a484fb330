"""Everything the register holds about one recommendation, each fact as a value.

Owns the reading of the tables of facts by one key. Rights are checked before anything is asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from processes.storage.follow_up_detail import Decision, facts_of
from processes.storage.register import (
    comment,
    compilation,
    decision,
    meeting,
    overall_evaluation,
)


@dataclass(frozen=True, slots=True)
class Comment:
    """What an institution said about the draft, and the coordinator's answer."""

    id: UUID
    institution: str
    stance: str
    notes: str | None
    proposed_change: str | None
    at: datetime
    by: str | None
    accepted: bool | None
    reason: str | None
    answered_at: datetime | None
    answered_by: str | None


@dataclass(frozen=True, slots=True)
class Meeting:
    """A coordination meeting. `agreements`: rows of item, responsible, due."""

    id: UUID
    held_on: date
    place: str | None
    invitation: str | None
    chair: str
    minutes: str
    attendance: str | None
    agreements: list[dict[str, str | None]]
    at: datetime
    by: str | None


@dataclass(frozen=True, slots=True)
class OverallEvaluation:
    """What was concluded from all follow-ups, and what comes next."""

    id: UUID
    conclusion: str
    achievement: str
    obstacles: str | None
    decision: str
    new_deadline: date | None
    remaining_treatment: str | None
    at: datetime
    by: str | None


@dataclass(frozen=True, slots=True)
class Compilation:
    """The matrix as it stood at a meeting: see `matrix_rows.Cell.snapshot`."""

    id: UUID
    matrix: list[dict[str, Any]]
    at: datetime


comments = facts_of(comment, comment.c.recommendation_id, Comment)
meetings = facts_of(meeting, meeting.c.recommendation_id, Meeting)
evaluations = facts_of(
    overall_evaluation, overall_evaluation.c.recommendation_id, OverallEvaluation
)
compilations = facts_of(compilation, compilation.c.recommendation_id, Compilation)
decisions = facts_of(decision, decision.c.recommendation_id, Decision)
