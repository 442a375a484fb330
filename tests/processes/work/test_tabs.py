"""The tabs of work: which tasks stand in each, in which order, and how many are told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from engine.sentences.errors import BadInput
from engine.storage import tables
from processes.ground.counting import Count
from processes.ground.sorting import Sort
from processes.people import leaving
from processes.rights.access import Scope, operator
from processes.rights.grants import granted
from processes.storage.tables.recommendations import recommendation
from processes.storage.work.narrowing import ALL, Narrowing
from processes.work import decisions, inbox
from processes.work.inbox import GROUPS, SORTS, Tab
from processes.work.units import unit_of
from tests.processes.conftest import NOW, Data, person, scope
from tests.processes.made_cases import a_case, a_recommendation, a_task

CONTACTS = "group:institution:kemhan"
OFFICE = "group:coordinator"
DAY = timedelta(days=1)


def someone(data: Data, name: str, *roles: str, **grants: Any) -> Scope:
    return scope(data, person(data, name, granted(*roles, **grants)))


@pytest.fixture
def pic(data: Data) -> Scope:
    """One of two contacts of Kemhan."""
    someone(data, "rekan", contact_of="kemhan")
    return someone(data, "pic", contact_of="kemhan")


@pytest.fixture
def only(small: Data) -> Scope:
    """The one contact of Kemhan."""
    return someone(small, "pic", contact_of="kemhan")


def tasks(
    data: Data, *offered: str, institution: str = "kemhan", due: int | None = 1
) -> list[UUID]:
    """Tasks of follow-ups, offered to these, the first one due soonest; their ids."""
    found = []
    with data.transaction() as connection:
        for number, to in enumerate(offered):
            _, instance_id = a_case(connection, institution)
            due_at = None if due is None else NOW + (due + number) * DAY
            found.append(a_task(connection, instance_id, offered_to=(to,), due_at=due_at))
    return found


def changed(data: Data, id: UUID, **values: Any) -> None:
    with data.transaction() as connection:
        connection.execute(update(tables.task).where(tables.task.c.id == id).values(**values))


def listed(data: Data, who: Scope, tab: Tab, **more: Any) -> list[UUID]:
    """The ids of a tab; the number told of it is how many stand in it."""
    with data.reading() as connection:
        found = inbox.tasks(connection, who, tab, NOW, **more)
        if not more.keys() - {"narrowing"}:
            ends = inbox.reader_ends(connection, who, NOW)
            told = inbox.counts(connection, who, [tab], ends, **more)[tab]
            assert told.whole == Count(len(found.items))
            groups = [one.group for one in found.items]
            assert told.groups == {name: Count(groups.count(name)) for name in GROUPS}
    return [one.task.id for one in found.items]


# --- which tasks --------------------------------------------------------------------------------


def test_what_somebody_has_taken_or_nobody_else_can_do_is_theirs(data: Data, pic: Scope) -> None:
    offered, taken, of_rekan, by_name = tasks(data, CONTACTS, "user:pic", "user:rekan", "user:pic")
    for id, name in ((taken, "pic"), (of_rekan, "rekan")):
        changed(data, id, assignee=name, candidate_groups=["institution:kemhan"])
    assert listed(data, pic, "mine") == [taken, by_name]
    assert listed(data, pic, "unit") == [offered, taken, of_rekan, by_name]


def test_for_whoever_is_alone_what_is_offered_to_the_unit_is_theirs(
    small: Data, only: Scope
) -> None:
    [offered] = tasks(small, CONTACTS)
    assert listed(small, only, "mine") == [offered]
    someone(small, "rekan", contact_of="kemhan")
    assert listed(small, only, "mine") == []


def test_a_colleague_whose_account_is_closed_is_no_colleague(small: Data, only: Scope) -> None:
    someone(small, "admin", "admin")
    gone = someone(small, "rekan", contact_of="kemhan")
    [offered] = tasks(small, CONTACTS)
    assert listed(small, only, "mine") == []
    leaving.close_account(small, operator(), gone.user_id)
    assert listed(small, only, "mine") == [offered]


def test_a_head_sees_the_work_of_the_institution_and_has_none_of_it(data: Data, pic: Scope) -> None:
    head = someone(data, "pimpinan", head_of="kemhan")
    [offered] = tasks(data, CONTACTS)
    tasks(data, "group:institution:brin", institution="brin")
    assert listed(data, head, "unit") == [offered]
    assert listed(data, head, "mine") == []


def test_what_waits_for_others_waits_for_nobody_of_the_reader(data: Data, pic: Scope) -> None:
    ani = someone(data, "ani", "coordinator")
    of_kemhan, of_office, of_ani = tasks(data, CONTACTS, OFFICE, "user:ani")
    changed(data, of_ani, assignee="ani")
    assert listed(data, ani, "waiting") == [of_kemhan]
    assert listed(data, ani, "unit") == [of_office, of_ani]
    assert listed(data, pic, "waiting") == [of_office, of_ani], "of its own cases"
    assert listed(data, someone(data, "brin", contact_of="brin"), "waiting") == []


def test_only_supervisors_have_decisions_and_the_first_page_names_the_most_urgent(
    data: Data,
) -> None:
    boss = someone(data, "deputi", "supervisor", rank="deputi")
    ani = someone(data, "ani", "coordinator")
    ids = tasks(data, *["group:supervisor"] * 7)
    assert inbox.tabs(boss) == ["mine", "unit", "decide", "waiting"]
    assert inbox.tabs(ani) == ["mine", "unit", "waiting"]
    assert listed(data, boss, "decide") == ids
    with data.reading() as connection:
        found = decisions.waiting(connection, boss, NOW)
        assert [one.task.id for one in found.first] == ids[: decisions.SHOWN]
        assert found.count == Count(7)
        assert all(one.timing is not None and not one.timing.late for one in found.first)
        assert decisions.waiting(connection, ani, NOW) == decisions.NONE


def test_a_case_above_the_clearance_stands_in_no_tab(data: Data, pic: Scope) -> None:
    ids = tasks(data, CONTACTS, "user:pic")
    with data.transaction() as connection:
        connection.execute(update(recommendation).values(classification="secret"))
    for tab in inbox.tabs(pic):
        assert listed(data, pic, tab) == []
    cleared = person(data, "tinggi", granted(contact_of="kemhan"), clearance="secret")
    assert listed(data, scope(data, cleared), "unit") == ids[:1]


# --- order, groups and pages --------------------------------------------------------------------


def test_tasks_are_read_by_their_deadline_with_what_has_none_at_the_end(
    data: Data, pic: Scope
) -> None:
    never, soon = tasks(data, CONTACTS, due=None), tasks(data, CONTACTS, CONTACTS, CONTACTS)
    order = [*soon, *never]
    assert listed(data, pic, "unit") == order

    def page(**place: Any) -> Any:
        with data.reading() as connection:
            return inbox.tasks(connection, pic, "unit", NOW, limit=2, **place)

    first = page()
    second = page(after=first.last.task.id)
    assert [one.task.id for one in second.items] == order[2:]
    back = page(before=second.first.task.id)
    assert [one.task.id for one in back.items] == order[:2]
    assert listed(data, pic, "unit", sort=Sort("due", descending=True)) == order[::-1]


def test_a_group_alone_is_read_and_no_task_stands_in_two(data: Data, pic: Scope) -> None:
    ids = tasks(data, *[CONTACTS] * 20, due=-5) + tasks(data, CONTACTS, due=None)
    shown = {group: listed(data, pic, "unit", group=group) for group in GROUPS}
    assert sorted(id for some in shown.values() for id in some) == sorted(ids)
    assert [id for group in GROUPS for id in shown[group]] == ids
    assert shown["late"] == ids[:6], "due at this minute is late"
    assert ids[-1] in shown["later"]


def test_numbers_are_honest_where_there_are_more_than_are_counted(data: Data, pic: Scope) -> None:
    tasks(data, *[CONTACTS] * 8, due=-5)
    with data.reading() as connection:
        ends = inbox.reader_ends(connection, pic, NOW)
        told = inbox.counts(connection, pic, ["unit", "mine"], ends, most=3)
    assert told["unit"].whole == Count(3, more=True)
    assert told["unit"].groups["late"] == Count(3, more=True)
    assert told["unit"].groups["later"] is None, "nothing is known of what comes behind"
    assert told["mine"].whole == Count(0)


def test_work_is_sorted_by_its_name_its_holder_and_its_institution(data: Data) -> None:
    ani = someone(data, "ani", "coordinator")
    ids = tasks(data, OFFICE) + tasks(data, OFFICE, institution="brin", due=2)
    for id, name, since in zip(ids, ("Zeta", "Alfa"), (NOW, NOW - DAY), strict=True):
        changed(data, id, name=name, held_since=since)
    for by in ("task", "institution", "holder"):
        assert listed(data, ani, "unit", sort=Sort(by)) == ids[::-1], by
        assert listed(data, ani, "unit", sort=Sort(by, descending=True)) == ids, by
    assert set(SORTS) == {"due", "task", "institution", "holder", "recommendation"}


def test_an_order_that_is_not_offered_is_refused(small: Data, only: Scope) -> None:
    with pytest.raises(BadInput) as refused:
        listed(small, only, "mine", sort=Sort("clearance"))
    assert set(refused.value.fields) == {"sort"}


# --- narrowed -----------------------------------------------------------------------------------


def test_a_tab_is_narrowed_to_an_institution_a_coordinator_or_one_recommendation(
    data: Data,
) -> None:
    ani = someone(data, "ani", "coordinator")
    with data.transaction() as connection:
        whole, of_whole = a_recommendation(connection, {"kemhan": "lead"})
        mine = update(recommendation).where(recommendation.c.id == whole)
        connection.execute(mine.values(created_by="ani"))
        drawn = a_task(
            connection,
            of_whole,
            process_key="recommendation",
            offered_to=(OFFICE,),
            due_at=NOW + DAY,
        )  # fmt: skip
    ids = tasks(data, OFFICE) + tasks(data, OFFICE, institution="brin", due=2)

    def found(**wanted: Any) -> list[UUID]:
        return listed(data, ani, "unit", narrowing=Narrowing(**wanted))

    assert set(listed(data, ani, "unit", narrowing=ALL)) == {drawn, *ids}
    assert found(institution="kemhan") == ids[:1]
    assert found(institution="polri") == []
    assert found(coordinator="ani") == [drawn]
    assert found(recommendation_id=whole) == [drawn]
    assert found(recommendation_id=whole, institution="kemhan") == []


# --- the unit of a person -----------------------------------------------------------------------


def test_a_unit_is_ones_groups_with_everybody_in_them(data: Data, pic: Scope) -> None:
    with data.reading() as connection:
        unit = unit_of(connection, pic)
    assert unit.groups == {"institution:kemhan"}
    assert {"user:pic", "user:rekan", "group:institution:kemhan"} <= unit.people
    assert unit.alone == {"user:pic"}


def test_whoever_has_no_role_and_no_institution_is_a_unit_of_their_own(small: Data) -> None:
    me = someone(small, "tamu")
    with small.reading() as connection:
        unit = unit_of(connection, me)
    assert (unit.groups, unit.people, unit.alone) == (
        frozenset(), {"user:tamu"}, {"user:tamu"},
    )  # fmt: skip
    tasks(small, CONTACTS)
    for tab in inbox.tabs(me):
        assert listed(small, me, tab) == []
