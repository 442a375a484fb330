"""The rounds of comments on a draft: the draft as it was in each, what was said, and the answers.

Owns the statements on `draft_round` and `comment`. A draft is kept when its round is over, and
never changed after that. Knows neither readers nor rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, select, update

from processes.storage.cases.recommendation_detail import Comment, comments
from processes.storage.cases.recommendation_rows import Recommendation
from processes.storage.tables.recommendations import comment, draft_round
from processes.storage.upsert import insert_once


@dataclass(frozen=True, slots=True)
class DraftRound:
    """The draft of one round. `content`: name of a field -> its value."""

    recommendation_id: UUID
    round: int
    content: Mapping[str, Any]
    at: datetime
    by: str | None


DRAFTED: Final = (
    "title", "expected_outcome", "source_meeting", "source_date", "legal_basis", "rpjmn_reference",
    "priority", "classification", "deadline", "deadline_kind", "deadline_days", "cycle",
    "rollup_rule", "rollup_percent",
)  # fmt: skip
"""The fields of a draft besides its text and its institutions."""

COLUMNS = [draft_round.c[name] for name in DraftRound.__slots__]


def content_of(case: Recommendation, roles: Mapping[str, str]) -> dict[str, Any]:
    """The present draft. `roles`: institution code -> role."""
    fields = {name: _plain(getattr(case, name)) for name in DRAFTED}
    return {**fields, "text": case.final_text or case.text, "institutions": dict(roles)}


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def keep(connection: Connection, kept: DraftRound) -> None:
    """Keep the draft of a round; one that is kept already stays."""
    insert_once(connection, draft_round, {n: getattr(kept, n) for n in DraftRound.__slots__})


def last(connection: Connection, recommendation_id: UUID) -> DraftRound | None:
    """The draft of the last round that is over."""
    row = connection.execute(
        select(*COLUMNS)
        .where(draft_round.c.recommendation_id == recommendation_id)
        .order_by(draft_round.c.round.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else DraftRound(*row)


# --- comments -------------------------------------------------------------------------------------


def put_comment(connection: Connection, said: Comment) -> None:
    """Store an institution's comment on the draft; a second one in its round replaces the first."""
    replaced = connection.execute(
        update(comment)
        .where(_of_round(said.recommendation_id, said.round), _made_by(said.institution))
        .values(
            stance=said.stance, notes=said.notes, proposed_change=said.proposed_change,
            at=said.at, by=said.by,
        )
    )  # fmt: skip
    if replaced.rowcount == 0:
        comments.add(connection, said)


def _of_round(id: UUID, round: int) -> ColumnElement[bool]:
    return and_(comment.c.recommendation_id == id, comment.c.round == round)


def _made_by(institution: str) -> ColumnElement[bool]:
    return comment.c.institution == institution


def answer_comments(
    connection: Connection,
    case: Recommendation,
    answers: Iterable[tuple[str, bool, str | None]],
    by: str | None,
    now: datetime,
) -> None:
    """Store the coordinator's answers to the comments of the present round: (institution, accepted,
    reason) each."""
    for institution, accepted, reason in answers:
        connection.execute(
            update(comment)
            .where(_of_round(case.id, case.round), _made_by(institution))
            .values(accepted=accepted, reason=reason, answered_at=now, answered_by=by)
        )


def has_commented(connection: Connection, case: Recommendation, institution: str) -> bool:
    """Whether an institution has commented on the draft in this round."""
    c = comment.c
    mine = (c.recommendation_id == case.id) & (c.round == case.round)
    found = connection.scalar(select(c.id).where(mine, c.institution == institution))
    return found is not None


def unsatisfied(connection: Connection, case: Recommendation) -> set[str]:
    """The institutions whose comment of this round has a request, so that it needs an answer."""
    rows = connection.execute(
        select(comment.c.institution).where(
            _of_round(case.id, case.round), comment.c.stance != "agree"
        )
    )
    return set(rows.scalars())
