"""Topics of external tasks: what waits, who asked for it, and what of it a reader is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from engine.sentences.errors import Forbidden, NotFound
from processes.acts import reading
from processes.acts.reading import Reading
from processes.desk import repairs
from processes.programs import topics
from processes.programs.topics import Topic
from processes.rights.access import Scope
from processes.rights.grants import granted
from processes.storage.programs.topic_rows import Show
from tests.processes.conftest import Data, person, scope
from tests.processes.made_programs import MACHINE, TOPIC, a_worker, asking, fetch, give_up


@pytest.fixture
def owner(small: Data) -> Scope:
    return scope(small, person(small, "olga", granted("process-owner")))


def asked(
    data: Data, who: Scope, question: Callable[..., Any], *about: Any, later: int = 0, **more: Any
) -> Any:
    """What somebody is answered so many minutes later."""
    with reading.opened(data, who) as at:
        moved = replace(at, real_now=at.real_now + timedelta(minutes=later))
        return question(moved, *about, **more)


def topic(data: Data, who: Scope, later: int = 0) -> Topic:
    found: Topic = asked(data, who, topics.topic, TOPIC, later=later)
    return found


# --- how a topic stands -------------------------------------------------------------------------


def test_a_topic_that_nothing_waits_for_and_nobody_asked_for_is_not_there(
    small: Data, owner: Scope
) -> None:
    assert asked(small, owner, topics.topics) == []
    with pytest.raises(NotFound):
        topic(small, owner)


def test_work_that_nobody_asks_for_is_silent(small: Data, owner: Scope) -> None:
    asking(small, 2)
    found = topic(small, owner)
    assert (found.open, found.stuck, found.silent, found.heard) == (2, 0, True, None)


def test_a_topic_is_known_once_a_worker_asked_for_it(small: Data, owner: Scope) -> None:
    fetch(small, a_worker(small))
    found = topic(small, owner)
    assert (found.open, found.stuck, found.silent, found.state) == (0, 0, False, None)
    assert found.heard is not None


@pytest.mark.parametrize(("later", "silent"), [(59, False), (61, True)])
def test_a_worker_is_counted_on_for_an_hour(
    small: Data, owner: Scope, later: int, silent: bool
) -> None:
    asking(small, 2)
    fetch(small, a_worker(small), most=1)
    assert topic(small, owner, later).silent == silent


def test_what_a_worker_holds_waits_for_nobody_else(small: Data, owner: Scope) -> None:
    asking(small)
    fetch(small, a_worker(small))
    assert (topic(small, owner).open, topic(small, owner, 59).silent) == (1, False)


def test_what_was_given_up_is_stuck_and_not_open(small: Data, owner: Scope) -> None:
    asking(small, 3)
    worker = a_worker(small)
    [work] = fetch(small, worker, most=1)
    give_up(small, worker, work.task.id)
    found = topic(small, owner)
    assert (found.open, found.stuck) == (2, 1)


# --- pages --------------------------------------------------------------------------------------


def names(after: str | None = None, before: str | None = None) -> tuple[list[str], bool, bool]:
    found = [Topic(name, None, None, silent=False) for name in "abcde"]
    page = topics.page_of(found, after, before, limit=2)
    return [one.name for one in page.items], page.earlier, page.more


@pytest.mark.parametrize(
    ("place", "shown", "earlier", "more"),
    [
        ({}, ["a", "b"], False, True),
        ({"after": "b"}, ["c", "d"], True, True),
        ({"after": "d"}, ["e"], True, False),
        ({"before": "e"}, ["c", "d"], True, True),
        ({"before": "c"}, ["a", "b"], False, True),
        ({"after": "bb"}, ["c", "d"], True, True),
    ],
)
def test_topics_are_read_page_by_page_in_both_directions(
    place: dict[str, str], shown: list[str], earlier: bool, more: bool
) -> None:
    assert names(**place) == (shown, earlier, more)


def test_tasks_of_a_topic_are_read_to_the_end_and_back(small: Data, owner: Scope) -> None:
    ids = asking(small, 5)

    def page(**place: Any) -> Any:
        return asked(small, owner, topics.tasks, TOPIC, "open", limit=2, **place)

    there = [page()]
    while there[-1].last:
        there.append(page(after=there[-1].last.place))
    found = [[one.task.instance_id for one in one_page.items] for one_page in there]
    assert [len(some) for some in found] == [2, 2, 1]
    assert {id for some in found for id in some} == set(ids)
    back = page(before=there[-1].items[0].place)
    assert [one.task.instance_id for one in back.items] == found[1]
    given_out = [work.task.instance_id for work in fetch(small, a_worker(small))]
    assert [id for some in found for id in some] == given_out, "in the order of the page"


@pytest.mark.parametrize("place", ["", "1", "a_b_c", "1_2026-03-17T03:00:00_x", "1_kemarin_2"])
def test_a_place_that_is_none_is_not_found(small: Data, owner: Scope, place: str) -> None:
    with pytest.raises(NotFound):
        asked(small, owner, topics.tasks, TOPIC, "open", after=place)


@pytest.mark.parametrize("place", ["", "kemarin_host-7", "2026-03-17T03:00:00_host-7"])
def test_a_place_among_workers_needs_its_moment_with_a_zone(
    small: Data, owner: Scope, place: str
) -> None:
    with pytest.raises(NotFound):
        asked(small, owner, topics.workers, TOPIC, after=place)


def test_workers_are_told_by_the_machine_they_ask_from(small: Data, owner: Scope) -> None:
    fetch(small, a_worker(small))
    [seen] = asked(small, owner, topics.workers, TOPIC).items
    assert seen.worker == MACHINE
    assert asked(small, owner, topics.workers, TOPIC, after=topics.worker_place(seen)).items == []


# --- one task -----------------------------------------------------------------------------------


def only(data: Data, owner: Scope, show: Show = "open") -> Any:
    [one] = asked(data, owner, topics.tasks, TOPIC, show).items
    return one


def test_a_task_is_held_from_its_fetch_until_its_lease_ends(small: Data, owner: Scope) -> None:
    asking(small)
    assert not only(small, owner).held
    [work] = fetch(small, a_worker(small))
    assert asked(small, owner, topics.task, work.task.id).held
    assert not asked(small, owner, topics.task, work.task.id, later=61).held


def test_a_task_tells_its_step_its_key_and_what_its_worker_said(small: Data, owner: Scope) -> None:
    asking(small)
    worker = a_worker(small)
    [work] = fetch(small, worker)
    give_up(small, worker, work.task.id, "Traceback: timeout")
    found = asked(small, owner, topics.task, work.task.id)
    assert (found.element, found.version.key, found.own, found.gave_up) == (
        "Ask", "asking", True, True,
    )  # fmt: skip
    assert (found.task.business_key, found.task.error_message) == ("key-0", "No answer.")
    assert found.details == "Traceback: timeout"


def test_a_task_that_is_done_is_not_there(small: Data, owner: Scope) -> None:
    from processes.programs import external_work

    asking(small)
    worker = a_worker(small)
    [work] = fetch(small, worker)
    external_work.complete(small, worker, work.task.id, MACHINE, {}, {})
    for id in (work.task.id, uuid4()):
        with pytest.raises(NotFound):
            asked(small, owner, topics.task, id)


# --- trying again -------------------------------------------------------------------------------


def test_all_that_was_given_up_is_given_out_again_and_recorded_once(
    small: Data, owner: Scope
) -> None:
    asking(small, 3)
    worker = a_worker(small)
    for work in fetch(small, worker):
        give_up(small, worker, work.task.id)
    assert topics.try_all_again(small, owner, TOPIC, 2) == 3
    found = topic(small, owner)
    assert (found.open, found.stuck) == (3, 0)
    with small.reading() as connection:
        assert repairs.stuck(connection, owner) == []
    assert [work.task.retries for work in fetch(small, worker)] == [2, 2, 2]
    assert topics.try_all_again(small, owner, TOPIC, 2) == 0, "nothing is left to try"


@pytest.mark.parametrize("role", ["coordinator", "supervisor", "worker"])
def test_topics_are_looked_at_by_those_who_keep_the_machine(
    small: Data, owner: Scope, role: str
) -> None:
    asking(small)
    [one] = asked(small, owner, topics.tasks, TOPIC, "open").items
    if role == "worker":
        who = a_worker(small)
    else:
        rank = "asdep" if role == "supervisor" else None
        who = scope(small, person(small, "adi", granted(role, rank=rank)))
    questions: list[Callable[[Reading], object]] = [
        topics.topics,
        lambda at: topics.tasks(at, TOPIC, "open"),
        lambda at: topics.task(at, one.task.id),
        lambda at: topics.workers(at, TOPIC),
    ]
    for question in questions:
        with pytest.raises(Forbidden):
            asked(small, who, question)
    with pytest.raises(Forbidden):
        topics.try_all_again(small, who, TOPIC, 1)


def test_ids_of_tasks_are_those_that_workers_know(small: Data, owner: Scope) -> None:
    asking(small)
    shown: UUID = only(small, owner).task.id
    [work] = fetch(small, a_worker(small))
    assert shown == work.task.id
