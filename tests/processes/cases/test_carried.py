"""What a draft and a new follow-up show of those before, and to whom."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import insert, update
from uuid_utils.compat import uuid7

from processes.cases import carried
from processes.register.states import Stage
from processes.rights.access import Scope, scope_of
from processes.storage.cases import follow_up_rows
from processes.storage.cases.follow_up_detail import Activity, activities
from processes.storage.people import users
from processes.storage.tables.follow_ups import follow_up
from processes.storage.tables.people import user_role
from tests.processes.conftest import NOW
from tests.processes.lifecycle.conftest import Desk, part_of
from tests.processes.made_cases import a_recommendation


@pytest.fixture
def closed(whole: Desk) -> Desk:
    """A recommendation that was closed over two open follow-ups."""
    whole.change(status="closed", issued_at=NOW, number="REK-2026-0001", title="Industri")
    part_of(whole, "kemhan", role="lead")
    part_of(whole, "kemenperin")
    return whole


def draft_after(before: Desk, *institutions: str) -> Desk:
    roles = dict.fromkeys(institutions, "lead")
    id, instance_id = a_recommendation(before.connection, roles, issued=False)
    following = Desk(before.connection, id, instance_id, "recommendation")
    following.change(predecessor_id=before.id)
    return following


def part(desk: Desk, institution: str) -> UUID:
    parts = follow_up_rows.of_recommendation(desk.connection, desk.id)
    return next(one.id for one in parts if one.institution == institution)


def reader(desk: Desk, *, oversees: bool = True) -> Scope:
    """Rina of Kemhan; with `oversees` a coordinator too."""
    found = users.by_username(desk.connection, "rina")
    assert found is not None
    if oversees:
        desk.connection.execute(
            insert(user_role).values(user_id=found.id, role="coordinator", rank=None)
        )
    return scope_of(desk.connection, found.id)


def plan(desk: Desk, id: UUID, version: int, *named: str) -> None:
    rows = [
        Activity(uuid7(), id, version, place, "Unit", name, None, None, None, NOW, "rina")
        for place, name in enumerate(named, start=1)
    ]
    activities.add(desk.connection, *rows)


def shown(desk: Desk, scope: Scope) -> list[str]:
    found = carried.into_draft(desk.connection, scope, desk.recommendation)
    return [one.case.institution for one in found]


# --- into a draft -------------------------------------------------------------------------------


def test_a_draft_shows_whose_work_still_runs_under_the_one_before(closed: Desk) -> None:
    scope = reader(closed)
    assert shown(draft_after(closed, "kemhan", "kemenperin"), scope) == ["kemenperin", "kemhan"]
    assert shown(draft_after(closed, "kemhan"), scope) == ["kemhan"], "of those it asks"


def test_what_is_marked_is_shown_though_it_is_not_asked(closed: Desk) -> None:
    scope, following = reader(closed), draft_after(closed, "kemhan")
    follow_up_rows.change(
        closed.connection, part(closed, "kemenperin"), NOW, successor_id=following.id
    )
    assert shown(following, scope) == ["kemenperin", "kemhan"]


def test_what_has_ended_unmarked_is_not_shown(closed: Desk) -> None:
    scope = reader(closed)
    closed.connection.execute(
        update(follow_up).where(follow_up.c.institution == "kemhan").values(status="closed")
    )
    assert shown(draft_after(closed, "kemhan", "kemenperin"), scope) == ["kemenperin"]


def test_what_runs_since_two_recommendations_ago_is_shown_too(closed: Desk) -> None:
    between = draft_after(closed, "tni")
    assert shown(draft_after(between, "kemhan"), reader(closed)) == ["kemhan"]


def test_a_draft_without_one_before_shows_nothing(whole: Desk) -> None:
    assert shown(whole, reader(whole)) == []


def test_an_institution_sees_of_the_old_cases_its_own_alone(closed: Desk) -> None:
    following = draft_after(closed, "kemhan", "kemenperin")
    assert shown(following, reader(closed, oversees=False)) == ["kemhan"]


def test_each_old_case_is_shown_with_number_title_and_newest_plan(closed: Desk) -> None:
    old = part(closed, "kemhan")
    plan(closed, old, 1, "Lama")
    plan(closed, old, 2, "Baru", "Juga")
    following = draft_after(closed, "kemhan")
    [one] = carried.into_draft(closed.connection, reader(closed), following.recommendation)
    assert (one.number, one.title, one.short_name) == ("REK-2026-0001", "Industri", "Kemhan")
    assert [row.activity for row in one.plan] == ["Baru", "Juga"]


def test_after_the_issue_the_papers_stand_with_the_new_follow_ups(closed: Desk) -> None:
    scope, following = reader(closed), draft_after(closed, "kemhan")
    plan(closed, part(closed, "kemhan"), 1, "Lama")
    following.change(issued_at=NOW)
    [one] = carried.into_draft(closed.connection, scope, following.recommendation)
    assert (one.case.institution, list(one.plan), list(one.handed_in)) == ("kemhan", [], [])


# --- into a follow-up ---------------------------------------------------------------------------


def test_a_follow_up_shows_what_it_goes_on_from_with_its_plan(closed: Desk) -> None:
    scope, following = reader(closed), draft_after(closed, "kemhan")
    new, old = part_of(following, "kemhan"), part(closed, "kemhan")
    assert carried.into_follow_up(closed.connection, scope, new) == []
    plan(closed, old, 1, "Lama")
    follow_up_rows.change(closed.connection, old, NOW, carried_into_id=new)
    [one] = carried.into_follow_up(closed.connection, scope, new)
    assert (one.case.id, [row.activity for row in one.plan]) == (old, ["Lama"])


def test_a_follow_up_that_is_carried_over_leads_to_the_next_recommendation(closed: Desk) -> None:
    scope, following = reader(closed), draft_after(closed, "kemhan")
    old = part(closed, "kemhan")

    def leads_to() -> UUID | None:
        case = follow_up_rows.find(closed.connection, old)
        assert case is not None
        found = carried.next_of(closed.connection, scope, case)
        return found.id if found else None

    assert leads_to() is None
    follow_up_rows.change(closed.connection, old, NOW, successor_id=following.id)
    assert leads_to() == following.id
    following.change(classification="top_secret")
    assert leads_to() is None, "nobody is led where they may not read"


@pytest.mark.parametrize(
    ("stage", "runs", "ended_meanwhile"),
    [
        (Stage.PLAN, True, False),
        (Stage.CARRIED_OVER, False, False),
        (Stage.CLOSED, False, True),
        (Stage.WITHDRAWN, False, True),
    ],
)
def test_an_old_case_runs_was_carried_over_or_had_ended_meanwhile(
    stage: Stage, runs: bool, ended_meanwhile: bool, closed: Desk
) -> None:
    scope, following = reader(closed), draft_after(closed, "tni")
    old = part(closed, "kemhan")
    closed.connection.execute(
        update(follow_up)
        .where(follow_up.c.id == old)
        .values(status=stage, successor_id=following.id)
    )
    [one] = carried.into_draft(closed.connection, scope, following.recommendation)
    assert (one.runs, one.ended_meanwhile) == (runs, ended_meanwhile)
