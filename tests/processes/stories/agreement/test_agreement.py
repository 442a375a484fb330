"""An agreement of a rakor from its signing to its end: fulfilled, sent back, void, withdrawn."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from engine.sentences.errors import BadInput, Forbidden, NotFound
from processes.register.agreement_states import AgreementState, Holder
from processes.storage.meetings.fulfilments import checks, files, fulfilments
from processes.storage.tables.agreements import agreement_past
from processes.work import escalations, inbox, tasks
from tests.processes.stories.agreement.agreed import (
    agreement,
    do,
    meeting_held,
    open_tasks,
    signed,
    waits_for,
)
from tests.processes.stories.test_succession import end
from tests.processes.stories.world import World

DONE = {"fulfilment": "Peta jalan diserahkan."}


def test_an_institution_fulfils_what_it_agreed_and_the_coordinator_checks_it(world: World) -> None:
    id = signed(world)
    [task] = open_tasks(world, id)
    assert task.candidate_groups == ["institution:kemhan"]
    [letter] = world.mails("kemhan")
    assert "Serahkan peta jalan." in letter.subject
    file = world.upload("kemhan", task)
    do(world, "kemhan", "fulfil", id, **DONE, evidence=[str(file)])
    assert waits_for(world, id) == ["check"]
    do(world, "coordinator", "check", id, outcome="fulfilled")
    found = agreement(world, id)
    assert (found.status, found.ended_at is not None) == (AgreementState.FULFILLED, True)
    assert world.service.engine.instance(found.instance_id).status == "completed"
    assert "Agreement fulfilled" in world.mails("kemhan")[-1].subject
    with world.service.reading() as connection:
        [written] = fulfilments(connection, id)
        assert (written.text, written.on_behalf) == (DONE["fulfilment"], False)
        assert [one.name for one in files(connection, written.id)] == ["bukti.pdf"]
        past = connection.scalars(
            select(agreement_past.c.status)
            .where(agreement_past.c.agreement_id == id)
            .order_by(agreement_past.c.valid_from)
        ).all()
    assert past == ["fulfil", "check", "fulfilled"]


def test_what_is_not_yet_fulfilled_goes_back_with_notes_and_a_new_date(world: World) -> None:
    id = signed(world)
    do(world, "kemhan", "fulfil", id, **DONE)
    with pytest.raises(BadInput) as refused:
        do(world, "coordinator", "check", id, outcome="not_yet", new_deadline="2026-01-05")
    assert set(refused.value.fields) >= {"notes"}
    with pytest.raises(BadInput) as refused:
        do(world, "coordinator", "check", id, outcome="not_yet", notes="Lengkapi.",
           new_deadline="2026-01-05")  # fmt: skip
    assert set(refused.value.fields) == {"new_deadline"}
    do(world, "coordinator", "check", id, outcome="not_yet", notes="Lengkapi.",
       new_deadline="2026-03-02")  # fmt: skip
    assert agreement(world, id).deadline == date(2026, 3, 2)
    [task] = open_tasks(world, id)
    assert task.element_id == "fulfil" and task.due_at is not None
    assert world.person("kemhan").username == "kemhan" and task.due_at.month == 3
    last = world.mails("kemhan")[-1]
    assert "Agreement not yet fulfilled" in last.subject and "Penuhi" in last.body
    do(world, "kemhan", "fulfil", id, **DONE)
    do(world, "coordinator", "check", id, outcome="fulfilled")
    with world.service.reading() as connection:
        assert [one.outcome for one in checks(connection, id)] == ["not_yet", "fulfilled"]


def test_only_a_supervisor_makes_an_agreement_void(world: World) -> None:
    id = signed(world)
    do(world, "kemhan", "fulfil", id, **DONE)
    do(world, "coordinator", "check", id, outcome="void", notes="Sudah dibatalkan Perpres.")
    assert agreement(world, id).status is AgreementState.DECIDE
    with pytest.raises(Forbidden):
        do(world, "coordinator", "decide_void", id, void_approved="yes", consideration="Ya.")
    do(world, "asdep", "decide_void", id, void_approved="no", consideration="Masih berlaku.")
    assert waits_for(world, id) == ["check"]
    do(world, "coordinator", "check", id, outcome="void", notes="Sudah dibatalkan Perpres.")
    do(world, "asdep", "decide_void", id, void_approved="yes", consideration="Perpres 1/2026.")
    found = agreement(world, id)
    assert (found.status, found.ended_reason) == (AgreementState.VOID, "Perpres 1/2026.")
    assert "Agreement void" in world.mails("kemhan")[-1].subject
    assert "Void, as you proposed" in world.mails("coordinator")[-1].subject


def test_a_late_agreement_climbs_its_own_rows_and_drafts_no_letter(world: World) -> None:
    id = signed(world)
    world.wait_until(world.at(date(2026, 1, 28)))
    assert "Penuhi kesepakatan" in world.mails("kemhan")[-1].body
    world.wait_until(world.at(date(2026, 2, 20)))
    with world.service.reading() as connection:
        [row] = escalations.page(connection, world.person("asdep"), world.clock.now).items
        others = escalations.page(connection, world.person("kemhan-head"), world.clock.now).items
    assert (row.escalation.level, row.escalation.task.agreement_id) == (3, id)
    assert row.letter is None
    assert [one.escalation.task.agreement_id for one in others] == [id]
    assert [one for one in world.mails("asdep") if "Serahkan peta jalan." in one.body]
    do(world, "kemhan", "fulfil", id, **DONE)
    with world.service.reading() as connection:
        assert escalations.page(connection, world.person("asdep"), world.clock.now).items == []


def test_what_the_coordinators_hold_is_late_among_their_own_superiors(small_world: World) -> None:
    world = small_world
    id = signed(world, holder=Holder.COORDINATOR, institution=None)
    assert waits_for(world, id) == ["fulfil_for"]
    world.wait_until(world.at(date(2026, 2, 5)))
    with world.service.reading() as connection:
        [row] = escalations.page(connection, world.person("asdep"), world.clock.now).items
    assert (row.escalation.level_name, row.escalation.task.institution) == ("Asdep", None)


def test_for_an_institution_without_accounts_the_coordinator_writes_on_its_behalf(
    world: World,
) -> None:
    id = signed(world, institution="brin")
    assert waits_for(world, id) == ["fulfil_for"]
    do(world, "coordinator", "fulfil_for", id, **DONE)
    with world.service.reading() as connection:
        [written] = fulfilments(connection, id)
    assert (written.on_behalf, written.by) == (True, "coordinator")


def test_what_was_settled_about_a_withdrawn_follow_up_is_withdrawn_too(world: World) -> None:
    recommendation = world.issued()
    follow_up = world.follow_up(recommendation, "kemhan")
    about = signed(world, follow_up_id=follow_up, recommendation_id=recommendation)
    other = signed(world)
    world.service.engine.deliver(
        "recommendation_withdrawn", str(follow_up),
        {"kind": "withdrawn", "reason": "Usang.", "letter_number": ""}, by="asdep",
    )  # fmt: skip
    world.run()
    found = agreement(world, about)
    assert (found.status, found.ended_reason) == (AgreementState.WITHDRAWN, "Usang.")
    assert open_tasks(world, about) == []
    assert "Agreement withdrawn" in world.mails("kemhan")[-1].subject
    assert agreement(world, other).status is AgreementState.FULFIL


def test_an_agreement_is_its_holders_and_no_other_institutions(world: World) -> None:
    secret = signed(world, meeting_held(world, classification="secret"))
    id = signed(world)
    [task] = open_tasks(world, id)
    with pytest.raises(NotFound):
        tasks.complete(world.service, world.person("kemenperin"), task.id, DONE)
    world.lower_clearance("kemhan", "ordinary")
    [hidden] = open_tasks(world, secret)
    with pytest.raises(NotFound):
        tasks.claim(world.service, world.person("kemhan"), hidden.id)
    with world.service.reading() as connection:
        mine = inbox.tasks(connection, world.person("kemhan"), "unit", world.clock.now).items
        theirs = inbox.tasks(connection, world.person("kemenperin"), "unit", world.clock.now).items
    assert [(one.task.id, one.task.agreement_id) for one in mine] == [(task.id, id)]
    assert theirs == []


def test_the_successor_of_its_holder_has_it_as_it_stands(world: World) -> None:
    id = signed(world)
    [before] = open_tasks(world, id)
    end(world, "kemhan", "kemenkeu")
    [task] = open_tasks(world, id)
    assert (task.id, task.due_at) == (before.id, before.due_at)
    assert agreement(world, id).institution == "kemenkeu"
    with pytest.raises((NotFound, Forbidden)):
        do(world, "kemhan", "fulfil", id, **DONE)
    do(world, "kemenkeu", "fulfil", id, **DONE)
    do(world, "coordinator", "check", id, outcome="fulfilled")
    assert "Agreement fulfilled" in world.mails("kemenkeu")[-1].subject
