"""`/api/v1/follow-ups`: the list, nearest deadline first, one in full with its timeline, and what
its institution corrects in it.

The corrections are the acts of the pages (`processes.cases.follow_up.corrections`); everything else
that is done to a follow-up is done in its tasks.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field, StringConstraints

from processes.cases.follow_up import corrections, follow_up_list, follow_ups
from processes.cases.follow_up.follow_up_list import FollowUpRow
from processes.cases.follow_up.follow_ups import Detail
from processes.cases.timeline import TimelineEntry
from processes.cases.written import Handed
from processes.register.groups import Group
from processes.register.states import Stage
from processes.storage.cases.lists.follow_up_lists import Wanted
from web.api.caller import reading, scope
from web.api.v1 import shapes
from web.api.v1.common import Id, PageQuery, merged, work_of
from web.api.v1.openapi import Body, acting, as_json, noun
from web.gate.visitor import service
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


# PostgreSQL stores no NUL in a text; how long one may be is said by the form of the model.
Text = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$")]


class TakeBack(Body):
    """Why a report is taken back."""

    reason: Text = Field(description="What is corrected, or why the report is withdrawn.")


class PlannedActivity(Body):
    """A row of a revised action plan."""

    activity: Text
    unit: Text | None = None
    target: Text | None = None
    due: Text | None = Field(None, description="A date, as 2026-12-31.")


def _whole(sent: object) -> object:
    """A whole number may be written with an empty fraction in JSON."""
    return int(sent) if isinstance(sent, float) and sent.is_integer() else sent


Version = Annotated[int, Field(ge=0, lt=2**31), BeforeValidator(_whole)]


class RevisedPlan(Body):
    """The next version of an action plan, whole."""

    revises: Version = Field(description="`plan_version` of the follow-up, as it was read.")
    unit: Text = Field(description="The unit that is responsible.")
    activities: list[PlannedActivity]
    reason: Text = Field(description="Why the plan is revised.")


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


@api.post("/<uuid:id>/report-replacement", responses=acting(shapes.TakenBack))
def take_report_back(path: Id, body: TakeBack) -> dict[str, Any]:
    """Take back a report that is not evaluated yet, to correct or to withdraw it."""
    taken = corrections.replace_report(service(), scope(), path.id, body.reason)
    at = reading()
    task = None if taken.incident else corrections.again(at.connection, at.scope, path.id)
    answers = dict(corrections.filled_in(at, task)) if task else {}
    return as_json(shapes.TakenBack(task=task, answers=answers, incident=taken.incident))


@api.post("/<uuid:id>/plan", responses=acting(shapes.FollowUp))
def revise_plan(path: Id, body: RevisedPlan) -> dict[str, Any]:
    """Revise the action plan; every version is kept."""
    answers = body.model_dump(exclude={"revises"})
    corrections.revise_plan(service(), scope(), path.id, answers, revises=body.revises)
    at = reading()
    return as_json(_full(follow_ups.detail(at.connection, at.scope, path.id, at.now)))


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
        plan_version=found.plan[0].version if found.plan else None,
        handed_in=[_handed(one) for one in found.handed_in],
        timeline=[_entry(one) for one in found.timeline],
    )


def _handed(one: Handed) -> shapes.Handed:
    return merged(shapes.Handed, one, readable=one.report is not None)


def _entry(one: TimelineEntry) -> shapes.TimelineEntry:
    return merged(shapes.TimelineEntry, one, sentence=render(one.sentence))
