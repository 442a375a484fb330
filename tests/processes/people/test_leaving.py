"""An account is closed: its tasks go on without it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import Connection

from engine.sentences.errors import BadInput
from processes.cases.follow_up import follow_ups
from processes.people import leaving
from processes.storage.people import users
from processes.work import task_drafts, tasks
from tests.processes.stories.world import ACCEPTED, World


def close(world: World, who: str) -> int:
    return leaving.close_account(world.service, world.person("admin"), world.person(who).user_id)


def test_a_task_goes_back_to_those_it_was_offered_to_and_the_head_is_told(world: World) -> None:
    world.colleague("rina", "kemhan")
    case = world.follow_up(world.issued(), "kemhan")
    tasks.claim(world.service, world.person("rina"), world.task(case, "acknowledge").id)

    assert close(world, "rina") == 1

    task = world.task(case, "acknowledge")
    assert task.assignee is None
    with world.service.reading() as connection:
        found = follow_ups.detail(connection, world.person("kemhan"), case, world.clock.now)
    (given_back,) = [one for one in found.timeline if "given back" in str(one.sentence)]
    assert (given_back.by, given_back.text) == ("admin", "The account of Rina was closed.")
    (mail,) = world.mails("kemhan-head")
    assert "Task without its holder" in mail.subject
    assert str(task.id) in mail.body
    world.do("kemhan", "acknowledge", case, **ACCEPTED)


def test_where_nobody_else_is_left_the_leadership_has_the_task(world: World) -> None:
    case = world.follow_up(world.issued(), "kemhan")
    tasks.claim(world.service, world.person("kemhan"), world.task(case, "acknowledge").id)

    assert close(world, "kemhan") == 1

    assert world.task(case, "acknowledge").assignee == "kemhan-head"
    world.do("kemhan-head", "acknowledge", case, **ACCEPTED)


def hand_over(world: World, who: str, to: str, reason: str = "") -> int:
    admin = world.person("admin")
    return leaving.close_account(world.service, admin, world.person(who).user_id, to, reason)


def test_a_chosen_colleague_has_the_tasks_with_what_was_typed_and_is_told_why(
    world: World,
) -> None:
    world.colleague("rina", "kemhan")
    case = world.follow_up(world.issued(), "kemhan")
    task = world.task(case, "acknowledge")
    tasks.claim(world.service, world.person("rina"), task.id)
    task_drafts.save(world.service, world.person("rina"), task.id, {"contact": "Rina"})
    before = len(world.mails())

    assert hand_over(world, "rina", "kemhan", "Pindah tugas.") == 1

    assert world.task(case, "acknowledge").assignee == "kemhan"
    (mail,) = world.mails()[before:]
    assert mail.to_user == "kemhan", "neither the head nor who has left is told"
    assert "Admin passed Konfirmasi penerimaan on to you." in mail.body
    assert "Reason: The account of Rina was closed. Pindah tugas." in mail.body
    draft = world.service.engine.draft(task.id, "kemhan")
    assert draft is not None and draft.data["contact"] == "Rina"


def test_what_the_colleague_may_not_have_goes_back(world: World) -> None:
    world.colleague("rina", "kemhan")
    world.colleague("budi", "kemhan")
    world.lower_clearance("budi", "ordinary")
    open_case = world.follow_up(world.issued(), "kemhan")
    secret = world.follow_up(world.issued(classification="secret"), "kemhan")
    for case in (open_case, secret):
        tasks.claim(world.service, world.person("rina"), world.task(case, "acknowledge").id)

    assert hand_over(world, "rina", "budi") == 2

    assert world.task(open_case, "acknowledge").assignee == "budi"
    assert world.task(secret, "acknowledge").assignee is None


@pytest.mark.parametrize("to", ["kemenkeu", "rina", "nobody"])
def test_nobody_gets_tasks_that_were_not_offered_to_them(small_world: World, to: str) -> None:
    world = small_world
    world.colleague("rina", "kemhan")
    case = world.follow_up(world.issued(), "kemhan")
    tasks.claim(world.service, world.person("rina"), world.task(case, "acknowledge").id)
    with pytest.raises(BadInput) as refused:
        hand_over(world, "rina", to)
    assert set(refused.value.fields) == {"to"}
    assert world.task(case, "acknowledge").assignee == "rina"


@pytest.mark.parametrize("holder", [None, "rina"])
def test_what_somebody_else_or_nobody_holds_stays_as_it_is(
    small_world: World, holder: str | None
) -> None:
    world = small_world
    world.colleague("rina", "kemhan")
    case = world.follow_up(world.issued(), "kemhan")
    if holder:
        tasks.claim(world.service, world.person(holder), world.task(case, "acknowledge").id)

    assert close(world, "kemhan") == 0

    assert world.task(case, "acknowledge").assignee == holder
    assert world.mails("kemhan-head") == []
    with world.service.reading() as connection:
        gone = users.by_username(connection, "kemhan")
    assert gone is not None
    assert not gone.active


class Breaking:
    """A catalogue that can be read once and is gone after that."""

    read = 0

    def __call__(self, locale: str, _connection: Connection) -> Callable[[str], str]:
        self.read += 1
        if self.read > 1:
            raise OSError("no space left on device")
        return str


def test_what_fails_in_the_middle_leaves_account_and_tasks_as_they_were(world: World) -> None:
    world.colleague("rina", "kemhan")
    cases = [world.follow_up(world.issued(), "kemhan") for _ in range(2)]
    for case in cases:
        tasks.claim(world.service, world.person("rina"), world.task(case, "acknowledge").id)
    rina = world.person("rina").user_id
    service = world.service
    broken = replace(service, notifier=replace(service.notifier, translate=Breaking()))

    with pytest.raises(OSError):
        leaving.close_account(broken, world.person("admin"), rina)

    assert [world.task(case, "acknowledge").assignee for case in cases] == ["rina", "rina"]
    assert world.mails("kemhan-head") == []
    with service.reading() as connection:
        still = users.by_id(connection, rina)
    assert still is not None
    assert still.active
    assert close(world, "rina") == 2, "so it is closed as if nothing had been tried"
    assert [world.task(case, "acknowledge").assignee for case in cases] == [None, None]
