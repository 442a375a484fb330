"""What came of a follow-up under the recommendation before: its plan and its reports.

Owns these questions, for the page of the follow-up that goes on from it and for the draft of the
next recommendation. Everybody reads of it what they may read of the old case.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection

from processes.cases.written import Handed, written
from processes.register.states import ENDED, Stage
from processes.rights.access import Scope
from processes.rights.visibility import visible_follow_ups, visible_recommendations
from processes.storage.cases import follow_up_detail, remaining_rows
from processes.storage.cases.follow_up_detail import Activity
from processes.storage.cases.follow_up_rows import FollowUp
from processes.storage.cases.lists import recommendation_lists
from processes.storage.cases.lists.recommendation_lists import ListedRecommendation
from processes.storage.cases.recommendation_rows import Recommendation


@dataclass(frozen=True, slots=True)
class Former:
    """A follow-up under the recommendation before. `number`, `title`: of that recommendation;
    `plan`: the newest version."""

    case: FollowUp
    number: str | None
    title: str
    short_name: str
    plan: Sequence[Activity]
    handed_in: Sequence[Handed]

    @property
    def runs(self) -> bool:
        """Whether it goes on under its old letter until the next recommendation is issued."""
        return self.case.status not in ENDED

    @property
    def ended_meanwhile(self) -> bool:
        """Whether it had ended before, so that nothing was carried over."""
        return not self.runs and self.case.status is not Stage.CARRIED_OVER


def into_follow_up(connection: Connection, scope: Scope, id: UUID) -> list[Former]:
    """What a follow-up goes on from."""
    found = remaining_rows.carried_into(connection, visible_follow_ups(scope), id)
    return _with_papers(connection, scope, found)


def into_draft(connection: Connection, scope: Scope, case: Recommendation) -> list[Former]:
    """What is or was to be carried over into a recommendation; until its issue with the papers."""
    if case.predecessor_id is None:
        return []
    found = remaining_rows.of_draft(connection, visible_follow_ups(scope), case.id)
    if case.issued_at is not None:  # from here on the pages of the follow-ups show the papers
        return [Former(one.case, one.number, one.title, one.short_name, (), ()) for one in found]
    return _with_papers(connection, scope, found)


def next_of(connection: Connection, scope: Scope, case: FollowUp) -> ListedRecommendation | None:
    """The recommendation into which a follow-up is or was carried over, if the reader sees it."""
    if case.successor_id is None:
        return None
    visible = visible_recommendations(scope)
    found = recommendation_lists.by_ids(connection, visible, [case.successor_id])
    return found[0] if found else None


def _with_papers(
    connection: Connection, scope: Scope, found: Sequence[remaining_rows.Former]
) -> list[Former]:
    if not found:
        return []
    record = follow_up_detail.WRITTEN.of_several(connection, [one.case.id for one in found])
    return [
        Former(
            one.case,
            one.number,
            one.title,
            one.short_name,
            _newest(record.of(Activity, one.case.id)),
            written(record, scope, one.case.id).handed_in,
        )
        for one in found
    ]


def _newest(plan: Sequence[Activity]) -> list[Activity]:
    newest = max((row.version for row in plan), default=0)
    return [row for row in plan if row.version == newest]
