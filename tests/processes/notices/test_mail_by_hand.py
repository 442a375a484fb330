"""Mail that a person sends by hand is sent at once, not at the scheduler's next heartbeat."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from processes.acts.service import Service
from processes.operation import outbox
from processes.people.links import account_links
from processes.work import tasks
from tests.processes.stories.world import World


def remind(world: World, service: Service) -> None:
    case = world.follow_up(world.issued(), "kemhan")
    task = world.task(case, "acknowledge")
    listened(service)
    tasks.remind(service, world.person("asdep"), task.id)


def resend(world: World, service: Service) -> None:
    world.issued()
    shown = next(mail for mail in world.mails() if mail.state == "shown")
    listened(service)
    outbox.resend(service, world.person("admin"), shown.id)


def make_a_link(world: World, service: Service) -> None:
    listened(service)
    account_links.make(service, world.person("admin"), world.person("kemhan").user_id)


def forget(world: World, service: Service) -> None:
    listened(service)
    account_links.forgotten(service, "kemhan", address="")


LOOKS: list[tuple[float, int]] = []


def listened(service: Service) -> None:
    """From now on note every wish for a look, with how many jobs that look would find."""
    LOOKS.clear()

    def look(seconds: float) -> None:
        LOOKS.append((seconds, service.engine.run_due()))

    service.engine.listen(look)


def with_server(service: Service) -> Service:
    """Links are mailed only where there is a mail server."""
    return replace(service, options=replace(service.options, smtp_url="smtp://127.0.0.1:1"))


@pytest.mark.parametrize("act", [remind, resend, make_a_link])
def test_mail_sent_by_hand_is_found_by_a_look_right_after_its_commit(
    small_world: World, act: Callable[[World, Service], None]
) -> None:
    service = small_world.services[0]
    if act is make_a_link:
        service = with_server(service)
    act(small_world, service)
    assert [seconds for seconds, _ in LOOKS] == [0.0]
    assert LOOKS[0][1] == 1


def test_a_link_for_a_forgotten_password_is_made_when_its_answer_is_out(
    small_world: World,
) -> None:
    service = with_server(small_world.services[0])
    before = len(small_world.mails())
    forget(small_world, service)
    assert LOOKS == [(0.0, 0)], "the scheduler is told, and finds when to look again"

    due_at = service.engine.now() + account_links.ANSWER_FIRST
    assert service.engine.run_due(due_at) == 2, "the link, then its mail"
    (mail,) = small_world.mails()[before:]
    assert (mail.kind, mail.to_user) == ("account", "kemhan")
