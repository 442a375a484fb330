"""What every rakor that covered a recommendation said and settled about it.

Owns putting it together for whoever evaluates the recommendation as a whole. Changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection

from processes.rights.access import Scope
from processes.rights.visibility import visible_agreements, visible_follow_ups
from processes.storage.cases.recommendation_detail import BEGINNING, Covering
from processes.storage.meetings import discussed_rows
from processes.storage.meetings.agreement_lists import ListedAgreement
from processes.storage.meetings.discussed_rows import SaidBefore


@dataclass(frozen=True, slots=True)
class Minutes:
    """The beginning of the minutes of a rakor. `whole`: there is no more of them."""

    text: str
    whole: bool


@dataclass(frozen=True, slots=True)
class Discussed:
    """One rakor: its minutes, if they are written; the positions on this recommendation, and what
    was settled about it."""

    rakor: Covering
    minutes: Minutes | None
    positions: Sequence[SaidBefore]
    agreements: Sequence[ListedAgreement]


def discussed(
    connection: Connection, scope: Scope, id: UUID, rakor: Sequence[Covering]
) -> list[Discussed]:
    """What the reader may see of it, one for each of these rakor. They were found for the reader,
    so their minutes may be read."""
    ids = [one.id for one in rakor]
    if not ids:
        return []
    said: dict[UUID, list[SaidBefore]] = defaultdict(list)
    for position in discussed_rows.positions(connection, ids, id, visible_follow_ups(scope)):
        said[position.meeting_id].append(position)
    settled: dict[UUID, list[ListedAgreement]] = defaultdict(list)
    for one in discussed_rows.agreements(connection, ids, id, visible_agreements(scope)):
        settled[one.found.meeting_id].append(one)
    return [Discussed(one, _minutes(one), said[one.id], settled[one.id]) for one in rakor]


def _minutes(rakor: Covering) -> Minutes | None:
    text = rakor.beginning
    return Minutes(text[:BEGINNING], len(text) <= BEGINNING) if text is not None else None
