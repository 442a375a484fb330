"""The acts of people on tasks and cases besides completing them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from engine.sentences.errors import BadInput, Conflict, Forbidden, NotFound
from engine.time.calendar import Calendar
from processes.cases.follow_up import follow_up_acts, follow_up_times, follow_ups
from processes.cases.follow_up.follow_up_acts import Said
from processes.cases.statements import Spoken
from processes.operation import outbox
from processes.papers import compilation
from processes.storage.notices.mail_rows import Wanted
from processes.work import escalations, tasks
from tests.processes.stories.world import ACCEPTED, World
from web.addresses import ADDRESSES


def test_a_task_is_passed_on_only_to_those_it_was_offered_to(world: World) -> None:
    world.colleague("kemhan-2", "kemhan")
    follow_up = world.follow_up(world.issued(), "kemhan")
    task = world.task(follow_up, "acknowledge")
    with world.service.reading() as connection:
        possible = tasks.colleagues(connection, world.person("kemhan"), task.id)
    assert [user.username for user in possible] == ["kemhan-2"], "nobody passes on to oneself"
    for stranger in ("kemhan", "kemenperin", "coordinator", "nobody"):
        with pytest.raises(BadInput) as refused:
            tasks.pass_on(world.service, world.person("kemhan"), task.id, stranger)
        assert "to" in refused.value.fields
    tasks.pass_on(world.service, world.person("kemhan"), task.id, "kemhan-2", "Cuti.")
    with pytest.raises(Forbidden):
        tasks.complete(world.service, world.person("kemhan"), task.id, ACCEPTED)
    world.do("kemhan-2", "acknowledge", follow_up, **ACCEPTED)


def test_leadership_hands_a_task_to_another_contact(small_world: World) -> None:
    world = small_world
    world.colleague("kemhan-2", "kemhan")
    task = world.task(world.follow_up(world.issued(), "kemhan"), "acknowledge")
    tasks.claim(world.service, world.person("kemhan"), task.id)
    tasks.pass_on(world.service, world.person("kemhan-head"), task.id, "kemhan-2")
    assert world.service.engine.task(task.id).assignee == "kemhan-2"


def test_a_contact_who_leads_takes_over_what_a_colleague_has(small_world: World) -> None:
    world = small_world
    world.colleague("kemhan-2", "kemhan", "head")
    task = world.task(world.follow_up(world.issued(), "kemhan"), "acknowledge")
    tasks.claim(world.service, world.person("kemhan"), task.id)
    tasks.pass_on(world.service, world.person("kemhan-2"), task.id, "kemhan-2")
    assert world.service.engine.task(task.id).assignee == "kemhan-2"


def test_a_claimed_task_is_given_back_to_everybody(small_world: World) -> None:
    world = small_world
    task = world.task(world.follow_up(world.issued(), "kemhan"), "acknowledge")
    tasks.claim(world.service, world.person("kemhan"), task.id)
    tasks.give_back(world.service, world.person("kemhan"), task.id)
    assert world.service.engine.task(task.id).assignee is None


def test_nobody_acts_on_another_institutions_task(small_world: World) -> None:
    world = small_world
    task = world.task(world.follow_up(world.issued(), "kemhan"), "acknowledge")
    for act in (
        lambda: tasks.complete(world.service, world.person("kemenperin"), task.id, ACCEPTED),
        lambda: tasks.claim(world.service, world.person("kemenperin"), task.id),
        lambda: tasks.remind(world.service, world.person("kemenperin"), task.id),
    ):
        with pytest.raises(NotFound):
            act()
    with pytest.raises(Forbidden):
        tasks.complete(world.service, world.person("coordinator"), task.id, ACCEPTED)


def test_a_supervisor_reminds_whoever_holds_a_late_task(world: World) -> None:
    follow_up = world.follow_up(world.issued(), "kemhan")
    world.wait_until(world.at(date(2026, 1, 14)))
    task = world.task(follow_up, "acknowledge")
    assert len(tasks.remind(world.service, world.person("asdep"), task.id)) == 1
    world.run()
    newest = world.mails("kemhan")[-1]
    assert newest.state == "shown"
    assert "Asdep asks you to act on this." in newest.body
    assert f"https://tindak.example/tasks/{task.id}" in newest.body
    with world.service.reading() as connection:
        board = escalations.page(connection, world.person("asdep"), world.clock.now)
        detail = follow_ups.detail(connection, world.person("asdep"), follow_up, world.clock.now)
    acts = {row.escalation.task.id: row.last_act for row in board.items}
    act = acts[task.id]
    assert act is not None
    assert (act.kind, act.by) == ("remind", "asdep")
    assert any(
        entry.by == "asdep" and entry.sentence.template == "{task}: reminded"
        for entry in detail.timeline
    )


def test_a_supervisor_moves_a_deadline_and_the_case_leaves_the_board(world: World) -> None:
    follow_up = world.follow_up(world.issued(), "kemhan")
    world.to_report("kemhan", follow_up)
    world.wait_until(world.at(date(2026, 5, 13)))
    task = world.task(follow_up, "report")
    asdep = world.person("asdep")
    with pytest.raises(BadInput) as refused:
        tasks.extend(world.service, asdep, task.id, date(2026, 5, 1), "")
    assert set(refused.value.fields) == {"due", "reason"}
    with pytest.raises(Forbidden):
        tasks.extend(world.service, world.person("kemhan"), task.id, date(2026, 6, 30), "Mohon.")
    later = date(2026, 6, 30)
    for words in ("past the recommendation's deadline", "or choose an earlier date"):
        with pytest.raises(BadInput, match="correct") as refused:
            tasks.extend(world.service, asdep, task.id, later, "Tender diulang.")
        assert words in str(refused.value.fields["case_too"])
    assert world.case(follow_up).deadline < later, "the case is not moved by the way"
    tasks.extend(world.service, asdep, task.id, later, "Tender diulang.", case_too=True)
    assert world.task(follow_up, "report").due_at == Calendar().end_of(date(2026, 6, 30))
    assert world.case(follow_up).deadline == date(2026, 6, 30)
    with world.service.reading() as connection:
        board = escalations.page(connection, asdep, world.clock.now)
        detail = follow_ups.detail(connection, asdep, follow_up, world.clock.now)
    assert follow_up not in {row.escalation.task.follow_up_id for row in board.items}
    (extension,) = detail.extensions
    assert (extension.decision, extension.decided_by) == ("granted", "asdep")
    (moved,) = detail.moves
    assert (moved.to, moved.at) == (later, world.clock.now)
    assert moved.was < date(2026, 6, 30)
    assert follow_up_times.before(detail.moves, extension) == moved.was


def test_an_oral_statement_stays_unconfirmed_until_a_report_comes(world: World) -> None:
    recommendation = world.issued()
    follow_up = world.follow_up(recommendation, "kemhan")
    coordinator = world.person("coordinator")
    said = Said("Sudah 60 persen.", "Dirjen Pothan", date(2026, 1, 5), "Rakor")
    follow_up_acts.record_statement(world.service, coordinator, follow_up, said)
    with pytest.raises(Forbidden):
        follow_up_acts.record_statement(world.service, world.person("kemhan"), follow_up, said)
    with pytest.raises(BadInput) as refused:
        follow_up_acts.record_statement(
            world.service, coordinator, follow_up, Said(" \u200b", "", date(2027, 1, 1))
        )
    assert set(refused.value.fields) == {"text", "said_by", "said_on"}
    assert [one.confirmed for one in statements(world, recommendation)] == [False]
    world.to_report("kemhan", follow_up)
    world.hand_in("kemhan", follow_up)
    assert [one.confirmed for one in statements(world, recommendation)] == [True]


def statements(world: World, recommendation: UUID) -> list[Spoken]:
    """What was said about a recommendation, as its compilation shows it."""
    with world.service.reading() as connection:
        paper = compilation.of(
            connection, world.person("coordinator"), recommendation, world.clock.now
        )
    return [one for part in paper.parts for one in part.statements]


def test_the_kind_of_a_follow_up_is_set_by_the_coordinator(small_world: World) -> None:
    world = small_world
    follow_up = world.follow_up(world.issued(), "kemhan")
    coordinator = world.person("coordinator")
    follow_up_acts.set_kind(world.service, coordinator, follow_up, "technical_coordination")
    assert world.case(follow_up).kind == "technical_coordination"
    with pytest.raises(BadInput):
        follow_up_acts.set_kind(world.service, coordinator, follow_up, "something")
    with pytest.raises(Forbidden):
        follow_up_acts.set_kind(world.service, world.person("kemhan"), follow_up, "other")


def test_the_outbox_is_for_administrators_and_sends_again_what_was_only_shown(
    world: World,
) -> None:
    world.issued()
    with world.service.reading() as connection:
        shown = outbox.page(
            connection, world.person("admin"), ADDRESSES, wanted=Wanted("shown")
        ).items
        with pytest.raises(Forbidden):
            outbox.page(connection, world.person("coordinator"), ADDRESSES)
        with pytest.raises(BadInput):
            outbox.page(connection, world.person("admin"), ADDRESSES, wanted=Wanted("lost"))
    assert {mail.to_user for mail in shown} == {"coordinator", "kemhan", "kemenperin"}
    outbox.resend(world.service, world.person("admin"), shown[0].id)
    with pytest.raises(Conflict):
        outbox.resend(world.service, world.person("admin"), shown[0].id)
    world.run()
    with world.service.reading() as connection:
        again = outbox.one(connection, world.person("admin"), ADDRESSES, shown[0].id)
    assert again.state == "shown"
    assert again.message_id == shown[0].message_id
