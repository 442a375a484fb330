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
from processes.storage.cases.recommendation_detail import Covering
from processes.storage.meetings import discussed_rows
from processes.storage.meetings.agreement_lists import ListedAgreement
from processes.storage.meetings.discussed_rows import Minutes, SaidBefore


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
    minutes = discussed_rows.minutes(connection, ids)
    said: dict[UUID, list[SaidBefore]] = defaultdict(list)
    for position in discussed_rows.positions(connection, ids, id, visible_follow_ups(scope)):
        said[position.meeting_id].append(position)
    settled: dict[UUID, list[ListedAgreement]] = defaultdict(list)
    for one in discussed_rows.agreements(connection, ids, id, visible_agreements(scope)):
        settled[one.found.meeting_id].append(one)
    return [Discussed(one, minutes.get(one.id), said[one.id], settled[one.id]) for one in rakor]
