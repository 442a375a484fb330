"""One act upon many late tasks: decided once, done part by part, each with its right."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from engine.sentences.errors import BadInput, Forbidden
from processes.storage.notices import reminder_letters
from processes.storage.people import users
from processes.storage.people.users import Grants
from processes.work import escalations, late_acts, tasks
from tests.processes.stories.world import World


def late(world: World, number: int = 2, day: date = date(2026, 1, 14)) -> list[UUID]:
    """Tasks of kemhan and kemenperin, all late."""
    cases = [world.issued() for _ in range(number)]
    parts = [world.follow_up(case, code) for case in cases for code in ("kemhan", "kemenperin")]
    world.wait_until(world.at(day))
    return [world.task(part, "acknowledge").id for part in parts]


def progress(world: World, who: str = "coordinator") -> tuple[str, int, int, int] | None:
    with world.service.reading() as connection:
        found = late_acts.progress(connection, world.person(who))
    if found is None:
        return None
    return found.what, found.count.planned, found.count.done, found.count.left


def test_many_are_reminded_one_by_one_with_author_and_reason(world: World) -> None:
    ids = late(world)
    before = len(world.mails("kemhan"))
    assert (
        late_acts.decide(
            world.service, world.person("coordinator"), "remind", ids, " Menjelang rakor. "
        )
        == 4
    )
    assert progress(world) == ("remind", 4, 0, 0)
    world.run()
    assert progress(world) == ("remind", 4, 4, 0)
    assert len(world.mails("kemhan")) == before + 2
    assert progress(world, "asdep") is None, "another person's act"
    with world.service.reading() as connection:
        rows = escalations.page(connection, world.person("asdep"), world.clock.now).items
    assert {row.last_act.kind for row in rows if row.last_act} == {"remind"}
    assert {row.last_act.name for row in rows if row.last_act} == {"Coordinator"}


def test_what_was_done_meanwhile_is_left_and_counted(world: World) -> None:
    ids = late(world, 1)
    late_acts.decide(world.service, world.person("coordinator"), "remind", ids, "Rakor.")
    with world.service.reading() as connection:
        case = escalations.of_tasks(connection, world.person("asdep"), ids[:1], world.clock.now)
    follow_up = case[0].escalation.task.follow_up_id
    assert follow_up is not None
    task = world.task(follow_up, "acknowledge")
    tasks.complete(
        world.services[0], world.person("kemhan"), task.id,
        {"response": "accepted", "contact": "Rina"},
    )  # fmt: skip
    world.run()
    assert progress(world) == ("remind", 2, 1, 1)


def test_a_letter_is_drafted_for_each_institution_and_none_twice(world: World) -> None:
    ids = late(world, 1, date(2026, 1, 9))  # before the table itself drafts one
    with world.service.reading() as connection:
        assert reminder_letters.of_tasks(connection, ids) == {}
    for _ in range(2):
        late_acts.decide(world.service, world.person("asdep"), "letter", ids, "Surat bersama.")
        world.run()
    assert progress(world, "asdep") == ("letter", 2, 0, 2), "the second time they wait already"
    with world.service.reading() as connection:
        found = reminder_letters.of_tasks(connection, ids)
    assert {letter.task_id for letter in found.values()} == set(ids)
    assert {letter.signatory for letter in found.values()} == {"asdep"}
    assert all(letter.overdue > 0 for letter in found.values())


def test_no_letter_asks_an_institution_for_the_work_of_the_ministry(world: World) -> None:
    follow_up = world.follow_up(world.issued(), "kemhan")
    against = {"response": "disagree", "contact": "Rina", "explanation": "Bukan wewenang."}
    world.do("kemhan", "acknowledge", follow_up, **against)
    review = world.task(follow_up, "review_disagreement")
    world.wait_until(world.at(date(2026, 1, 20)))
    late_acts.decide(world.service, world.person("asdep"), "letter", [review.id], "Surat.")
    world.run()
    assert progress(world, "asdep") == ("letter", 1, 0, 1)
    with world.service.reading() as connection:
        assert reminder_letters.of_tasks(connection, [review.id]) == {}


def test_whoever_lost_the_right_meanwhile_reminds_nobody(world: World) -> None:
    ids = late(world, 1)
    late_acts.decide(world.service, world.person("coordinator"), "remind", ids, "Rakor.")
    before = len(world.mails("kemhan"))
    with world.service.transaction() as connection:
        users.replace_grants(
            connection, world.person("coordinator").user_id, Grants({}, frozenset())
        )
    world.run()
    assert len(world.mails("kemhan")) == before


@pytest.mark.parametrize("who", ["kemhan", "owner", "admin"])
def test_who_may_not_remind_at_all_decides_nothing(small_world: World, who: str) -> None:
    ids = late(small_world, 1)
    for what in late_acts.WHATS:
        with pytest.raises(Forbidden):
            late_acts.decide(small_world.service, small_world.person(who), what, ids, "Rakor.")


def test_a_head_reminds_its_own_people_and_nobody_else_and_drafts_no_letters(
    small_world: World,
) -> None:
    world, ids = small_world, late(small_world, 1)
    head = world.person("kemhan-head")
    with pytest.raises(Forbidden):
        late_acts.decide(world.service, head, "letter", ids, "Rakor.")
    assert late_acts.decide(world.service, head, "remind", ids, "Rakor.") == 1


def test_nothing_is_decided_without_a_reason_or_without_a_late_task(small_world: World) -> None:
    world, ids = small_world, late(small_world, 1)
    coordinator = world.person("coordinator")
    for chosen, reason, fields in (
        (ids, " ", {"reason"}),
        ([], "Rakor.", {"task"}),
        (ids, "x" * 2_001, {"reason"}),
        ([], "", {"task", "reason"}),
    ):
        with pytest.raises(BadInput) as refused:
            late_acts.decide(world.service, coordinator, "remind", chosen, reason)
        assert set(refused.value.fields) == fields
    assert progress(world) is None
