"""`/api/v1/follow-ups`: the list, nearest deadline first, and one in full with its timeline."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from processes.cases.follow_up import follow_up_list, follow_ups
from processes.cases.follow_up.follow_up_list import FollowUpRow
from processes.cases.follow_up.follow_ups import Detail
from processes.cases.timeline import TimelineEntry
from processes.cases.written import Handed
from processes.register.groups import Group
from processes.register.states import Stage
from processes.storage.cases.lists.follow_up_lists import Wanted
from web.api.caller import reading
from web.api.v1 import shapes
from web.api.v1.common import Id, PageQuery, merged, work_of
from web.api.v1.openapi import as_json, noun
from web.words.i18n import render

api = noun("follow-ups", "/follow-ups", "What each institution does about a recommendation.")


class FollowUpQuery(PageQuery):
    """Which follow-ups."""

    stage: Stage | None = Field(None, description="What it waits for.")
    time: Literal["late", "soon", "on_time", "open", "ended"] | None = Field(
        None, description="How its open work stands to its deadline."
    )
    level: int | None = Field(None, ge=0, le=9, description="Escalated at least so high.")
    institution: str | None = Field(
        None, max_length=40, pattern=r"^[^\x00]*$", description="Code of an institution."
    )
    recommendation_id: UUID | None = Field(None, description="Of one recommendation.")
    role: Literal["lead", "supporting"] | None = Field(None, description="Role of the institution.")
    verdict: shapes.Finding | None = Field(None, description="What the coordinator found last.")
    group: Group | None = Field(None, description="The group it is counted in.")

    def wanted(self) -> Wanted:
        """The filters without the page."""
        return Wanted(**self.model_dump(exclude={"after", "limit"}))


@api.get("", responses={200: shapes.FollowUpPage})
def listed(query: FollowUpQuery) -> dict[str, Any]:
    """Follow-ups, nearest deadline first."""
    at = reading()
    page = follow_up_list.page(
        at.connection, at.scope, query.wanted(), at.now, after=query.after, limit=query.limit
    )
    next_one = page.last.id if page.last else None
    items = [_listed(row) for row in page.items]
    return as_json(shapes.FollowUpPage(items=items, next=next_one))


@api.get("/<uuid:id>", responses={200: shapes.FollowUp})
def get(path: Id) -> dict[str, Any]:
    """One follow-up with everything that happened."""
    at = reading()
    found = follow_ups.detail(at.connection, at.scope, path.id, at.now)
    return as_json(_full(found))


def _listed(row: FollowUpRow) -> shapes.FollowUpListed:
    return merged(
        shapes.FollowUpListed,
        row.listed.cell,
        row.listed,
        **shapes.standing_in_time(row.timing),
        work=work_of(row.task),
    )


def _full(found: Detail) -> shapes.FollowUp:
    task = found.tasks[0] if found.tasks else None
    return merged(
        shapes.FollowUp,
        found.cell,
        found.case,
        found,
        found.recommendation,
        **shapes.standing_in_time(found.timing),
        work=work_of(task),
        handed_in=[_handed(one) for one in found.handed_in],
        timeline=[_entry(one) for one in found.timeline],
    )


def _handed(one: Handed) -> shapes.Handed:
    return merged(shapes.Handed, one, readable=one.report is not None)


def _entry(one: TimelineEntry) -> shapes.TimelineEntry:
    return merged(shapes.TimelineEntry, one, sentence=render(one.sentence))
