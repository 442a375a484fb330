"""The draft of a recommendation as it was in each round of comments.

Owns the statements on `draft_round`. A draft is kept when its round is over, and never changed
after that. Knows neither readers nor rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, select

from processes.storage.cases.recommendation_rows import Recommendation
from processes.storage.tables.recommendations import draft_round
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
