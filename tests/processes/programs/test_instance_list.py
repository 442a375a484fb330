"""The running instances that are no real cases: searched, sorted, paged and counted."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update

from engine.sentences.errors import BadInput, Forbidden
from engine.storage.tables import instance
from processes.acts import reading
from processes.ground.counting import Count
from processes.ground.sorting import Sort
from processes.programs import engine_acts, instance_list
from processes.programs.instance_list import SORTS
from processes.rights.access import Scope
from processes.rights.grants import granted
from processes.storage.programs.instance_list import Wanted
from tests.processes.conftest import NOW, Data, person, scope
from tests.processes.stories.world import World
from tests.web.api.models import PAID, REVIEW


@pytest.fixture
def olga(data: Data) -> Scope:
    return scope(data, person(data, "olga", granted("process-owner")))


@pytest.fixture
def owner(small: Data) -> Scope:
    return scope(small, person(small, "olga", granted("process-owner")))


def hour(number: int) -> datetime:
    return NOW + timedelta(hours=number)


def begun(data: Data, *told: tuple[str | None, str | None]) -> list[UUID]:
    """Instances of "review" with these keys and starters, one each hour; their ids."""
    data.engine.deploy(REVIEW, "olga")
    found = []
    for number, (key, by) in enumerate(told):
        found.append(data.engine.start("review", {"due": None}, key, by=by))
        with data.transaction() as connection:
            moved = update(instance).where(instance.c.id == found[-1])
            connection.execute(moved.values(started_at=hour(number)))
    return found


def asked(data: Data, who: Scope, question: Any, *about: Any, **more: Any) -> Any:
    with reading.opened(data, who) as at:
        return question(at, *about, **more)


def keys(data: Data, who: Scope, **wanted: Any) -> list[str | None]:
    """The business keys of those that a search finds; it is counted as it is shown."""
    page = asked(data, who, instance_list.page, "review", Wanted(**wanted))
    counted = asked(data, who, instance_list.count, "review", Wanted(**wanted))
    assert counted == Count(len(page.items))
    return [one.business_key for one in page.items]


# --- order and pages ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        (Sort("started"), [0, 1, 2, 3, 4]),
        (Sort("started", descending=True), [4, 3, 2, 1, 0]),
        (Sort("key"), [3, 0, 2, 1, 4]),
        (Sort("key", descending=True), [2, 0, 3, 4, 1]),
        (Sort("by"), [1, 3, 0, 2, 4]),
        (Sort("by", descending=True), [2, 0, 3, 1, 4]),
    ],
)
def test_each_order_is_read_to_its_end_and_back_and_what_is_missing_comes_last(
    data: Data, olga: Scope, sort: Sort, order: list[int]
) -> None:
    ids = begun(
        data, ("B-2", "citra"), (None, "adi"), ("C-3", "citra"), ("A-1", "budi"), (None, None)
    )

    def page(**place: Any) -> Any:
        return asked(data, olga, instance_list.page, "review", sort=sort, limit=2, **place)

    there = [page()]
    while there[-1].last:
        there.append(page(after=there[-1].last.id))
    assert [[ids.index(one.id) for one in some.items] for some in there] == [
        order[:2], order[2:4], order[4:],
    ]  # fmt: skip
    back = [there[-1]]
    while back[-1].first:
        back.append(page(before=back[-1].first.id))
    assert [list(one.items) for one in reversed(back)] == [list(one.items) for one in there]


def test_every_order_of_the_list_has_been_looked_at(small: Data, owner: Scope) -> None:
    assert set(SORTS) == {"started", "key", "by"}
    begun(small)
    for name in SORTS:
        assert asked(small, owner, instance_list.page, "review", sort=Sort(name)).items == []


@pytest.mark.parametrize("name", ["", "status", "started_at; DROP TABLE instance"])
def test_an_order_that_is_not_offered_is_refused(small: Data, owner: Scope, name: str) -> None:
    with pytest.raises(BadInput) as refused:
        asked(small, owner, instance_list.page, "review", sort=Sort(name))
    assert set(refused.value.fields) == {"sort"}


def test_two_that_began_at_one_moment_are_both_read(small: Data, owner: Scope) -> None:
    ids = begun(small, ("A-1", "olga"), ("A-2", "olga"), ("A-3", "olga"))
    with small.transaction() as connection:
        connection.execute(update(instance).values(started_at=NOW, business_key="A"))
    for sort in (Sort("started"), Sort("key"), Sort("key", descending=True)):
        first = asked(small, owner, instance_list.page, "review", sort=sort, limit=2)
        more = {"sort": sort, "after": first.last.id, "limit": 2}
        second = asked(small, owner, instance_list.page, "review", **more)
        assert sorted(one.id for one in [*first.items, *second.items]) == sorted(ids)


# --- what is searched ---------------------------------------------------------------------------


def test_an_instance_is_found_by_part_of_its_key_and_of_its_starters_name(data: Data) -> None:
    olga = scope(data, person(data, "olga", granted("process-owner")))
    person(data, "rina")
    begun(data, ("SP-2026/7", "rina"), ("sp-2025/7", "olga"), ("100%", "mesin"), (None, "rina"))
    for searched, found in (
        ("SP-2026", ["SP-2026/7"]),
        ("sp-", ["SP-2026/7", "sp-2025/7"]),
        ("RINA", ["SP-2026/7", None]),
        ("contoh ri", ["SP-2026/7", None]),
        ("contoh", ["SP-2026/7", "sp-2025/7", None]),
        ("mesin", []),
        ("%", ["100%"]),
        ("_", []),
        ("", ["SP-2026/7", "sp-2025/7", "100%", None]),
    ):
        assert keys(data, olga, searched=searched) == found, searched


def test_an_instance_is_found_by_its_whole_id_only(small: Data, owner: Scope) -> None:
    first, _ = begun(small, ("A-1", "olga"), ("A-2", "olga"))
    assert keys(small, owner, searched=str(first)) == ["A-1"]
    assert keys(small, owner, searched=first.hex) == ["A-1"]
    assert keys(small, owner, searched=str(first)[:8]) == []
    assert keys(small, owner, searched=str(uuid4())) == []


def test_the_days_of_the_start_belong_to_what_is_searched(data: Data, olga: Scope) -> None:
    begun(data, ("A-0", "olga"), ("A-1", "olga"), ("A-2", "olga"), ("A-3", "olga"))
    assert keys(data, olga, since=hour(1)) == ["A-1", "A-2", "A-3"]
    assert keys(data, olga, until=hour(1)) == ["A-0", "A-1"]
    assert keys(data, olga, since=hour(1), until=hour(2)) == ["A-1", "A-2"]
    assert keys(data, olga, since=hour(1), searched="A-3") == ["A-3"]
    assert keys(data, olga, since=hour(2), until=hour(1)) == []


def test_what_has_ended_and_what_another_process_runs_is_not_listed(
    small: Data, owner: Scope
) -> None:
    ended, _ = begun(small, ("A-1", "olga"), ("A-2", "olga"))
    small.engine.deploy(PAID, "olga")
    small.engine.start("paid", {}, "A-3", by="olga")
    engine_acts.cancel(small, owner, ended, "Salah mulai.")
    assert keys(small, owner) == ["A-2"]
    assert keys(small, owner, searched="A-") == ["A-2"]
    assert keys(small, owner, searched=str(ended)) == []


# --- how many -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("most", "told"), [(4, Count(3)), (3, Count(3)), (2, Count(2, more=True))])
def test_more_than_can_be_counted_are_told_as_so_many_and_more(
    small: Data, owner: Scope, most: int, told: Count
) -> None:
    begun(small, ("A-1", "olga"), ("A-2", "olga"), ("A-3", "olga"))
    assert asked(small, owner, instance_list.count, "review", most=most) == told


# --- for whom -----------------------------------------------------------------------------------


def test_coordinators_know_that_a_process_runs_but_list_none_of_it(small: Data) -> None:
    ani = scope(small, person(small, "ani", granted("coordinator")))
    begun(small, ("A-1", "ani"))
    assert asked(small, ani, instance_list.count, "review") == Count(0)
    with pytest.raises(Forbidden):
        asked(small, ani, instance_list.page, "review")


def test_an_institution_asks_for_neither_list_nor_number(small: Data) -> None:
    pic = scope(small, person(small, "pic", granted(contact_of="kemhan")))
    for question in (instance_list.page, instance_list.count):
        with pytest.raises(Forbidden):
            asked(small, pic, question, "review")


def test_a_real_case_stands_in_no_list_of_an_owner(small_world: World) -> None:
    world = small_world
    instance_id = world.instance(world.follow_up(world.issued(), "kemhan"))
    for who in ("owner", "admin"):
        for wanted in (Wanted(), Wanted(searched=str(instance_id))):
            found = asked(world.service, world.person(who), instance_list.page, "follow_up", wanted)
            assert found.items == []
