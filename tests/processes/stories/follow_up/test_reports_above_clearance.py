"""Reports classified above their case: refused, routed to somebody cleared, never out of view."""

from __future__ import annotations

from uuid import UUID

import pytest

from engine.sentences.errors import BadInput, Conflict
from processes.acts.reading import opened
from processes.cases.follow_up import corrections
from processes.people import leaving
from processes.storage.people.users import Grants
from processes.work import inbox, task_page, tasks
from tests.processes.stories.world import World, enter

CONFORMS = {"verdict": "conforms"}


def second_coordinator(world: World, clearance: str = "top_secret") -> None:
    """Somebody else who evaluates, `ani`."""
    with world.service.transaction() as connection:
        world.scopes["ani"] = enter(connection, "ani", Grants({"coordinator": None}, frozenset()))
    world.lower_clearance("ani", clearance)


def ready(world: World) -> UUID:
    follow_up = world.follow_up(world.issued(), "kemhan")
    world.to_report("kemhan", follow_up)
    return follow_up


def refusal(world: World, follow_up: UUID, classification: str) -> str:
    with pytest.raises(BadInput) as refused:
        world.hand_in("kemhan", follow_up, classification=classification)
    assert set(refused.value.fields) == {"classification"}
    assert world.waits_for(follow_up) == ["report"]
    return str(refused.value.fields["classification"])


def test_a_classification_above_its_sender_or_above_everybody_who_evaluates_is_refused_on_its_field(
    world: World,
) -> None:
    follow_up = ready(world)
    world.lower_clearance("kemhan", "restricted")
    assert "above your own clearance" in refusal(world, follow_up, "secret")
    world.lower_clearance("kemhan", "top_secret")
    world.lower_clearance("coordinator", "restricted")
    assert "Nobody who evaluates" in refusal(world, follow_up, "secret")
    second_coordinator(world, "secret")
    assert "Nobody who evaluates" in refusal(world, follow_up, "top_secret")
    world.hand_in("kemhan", follow_up, classification="secret")
    assert world.waits_for(follow_up) == ["evaluate"]


def test_where_not_everybody_may_read_it_the_evaluation_goes_to_who_may(world: World) -> None:
    second_coordinator(world)
    follow_up = ready(world)
    world.lower_clearance("coordinator", "ordinary")
    world.hand_in("kemhan", follow_up, classification="restricted")
    assert world.task(follow_up, "evaluate").assignee == "ani"


def test_where_everybody_may_read_it_anybody_evaluates(world: World) -> None:
    second_coordinator(world)
    follow_up = ready(world)
    world.hand_in("kemhan", follow_up, classification="secret")
    assert world.task(follow_up, "evaluate").assignee is None


def test_of_several_who_may_read_it_whoever_knows_the_case_evaluates(small_world: World) -> None:
    world = small_world
    second_coordinator(world)  # before `coordinator` by name
    with world.service.transaction() as connection:
        enter(connection, "budi", Grants({"coordinator": None}, frozenset()))
    follow_up = ready(world)
    world.lower_clearance("ani", "ordinary")
    world.hand_in("kemhan", follow_up, classification="secret")
    registered = world.task(follow_up, "evaluate")
    assert registered.assignee == "coordinator", "registered the recommendation"
    world.lower_clearance("ani", "top_secret")
    tasks.pass_on(world.service, world.person("asdep"), registered.id, "ani")
    returned = {"notes": "K.", "rework_deadline": "2026-03-02", "verdict": "not_yet_conforms"}
    tasks.complete(world.service, world.person("ani"), registered.id, returned)
    world.do("kemhan", "implement", follow_up, percent=100, narrative="Selesai.", done="yes")
    world.lower_clearance("coordinator", "ordinary")
    world.hand_in("kemhan", follow_up, classification="secret")
    assert world.task(follow_up, "evaluate").assignee == "ani", "evaluated the round before"


def test_a_kept_evaluator_who_may_not_read_the_corrected_report_does_not_get_it(
    world: World,
) -> None:
    second_coordinator(world)
    follow_up = ready(world)
    world.hand_in("kemhan", follow_up)
    task = world.task(follow_up, "evaluate")
    tasks.claim(world.service, world.person("coordinator"), task.id)
    world.lower_clearance("coordinator", "ordinary")
    corrections.replace_report(world.service, world.person("kemhan"), follow_up, "Lampiran.")
    world.hand_in("kemhan", follow_up, classification="secret")
    assert world.task(follow_up, "evaluate").assignee == "ani"


@pytest.mark.parametrize("element", ["evaluate", "decide_not_feasible"])
def test_nobody_decides_on_a_report_that_they_may_not_read(world: World, element: str) -> None:
    follow_up = ready(world)
    world.hand_in("kemhan", follow_up, classification="secret")
    who, answers = "coordinator", CONFORMS
    if element == "decide_not_feasible":
        why = {"notes": "P.", "reason": "court", "basis": "Putusan."}
        world.evaluate(follow_up, "cannot_be_followed_up", **why)
        who, answers = "asdep", {"approved": "yes", "consideration": "Benar."}
    world.lower_clearance(who, "restricted")
    task = world.task(follow_up, element)
    with pytest.raises(BadInput, match="classified above your clearance"):
        tasks.complete(world.service, world.person(who), task.id, answers)
    with pytest.raises(Conflict, match="classified above your clearance"):
        tasks.claim(world.service, world.person(who), task.id)
    assert world.waits_for(follow_up) == [element]


def test_the_task_says_so_and_whom_to_ask_and_stays_in_the_lists(world: World) -> None:
    second_coordinator(world)
    follow_up = ready(world)
    world.hand_in("kemhan", follow_up, classification="secret")
    world.lower_clearance("coordinator", "restricted")
    task = world.task(follow_up, "evaluate")
    reader = world.person("coordinator")
    with opened(world.service, reader) as at:
        page = task_page.page(at, task.id)
        listed = inbox.tasks(at.connection, reader, "unit", at.now).items
    assert page.unread is not None
    assert page.unread.receipt_number == "TT-2026-0001"
    assert [one.username for one in page.readers] == ["ani"]
    assert task.id in {one.task.id for one in listed}
    with opened(world.service, world.person("ani")) as at:
        cleared = task_page.page(at, task.id)
    assert (cleared.unread, cleared.secrecy) == (None, "secret")


def test_an_evaluation_is_passed_on_only_to_who_may_read_the_report(world: World) -> None:
    second_coordinator(world, "restricted")
    follow_up = ready(world)
    world.hand_in("kemhan", follow_up, classification="secret")
    task = world.task(follow_up, "evaluate")
    with pytest.raises(BadInput):
        tasks.pass_on(world.service, world.person("asdep"), task.id, "ani")
    world.lower_clearance("ani", "secret")
    tasks.pass_on(world.service, world.person("asdep"), task.id, "ani")
    assert world.task(follow_up, "evaluate").assignee == "ani"


def test_a_decision_that_is_about_no_report_is_open_to_everybody_who_reads_the_case(
    world: World,
) -> None:
    """Nothing was handed in: a disagreement was accepted and refused."""
    follow_up = world.follow_up(world.issued(), "kemhan")
    against = {"response": "disagree", "contact": "Rina", "explanation": "Bukan wewenang."}
    world.do("kemhan", "acknowledge", follow_up, **against)
    accepted = {"review": "accepted", "consideration": "Benar."}
    world.do("coordinator", "review_disagreement", follow_up, **accepted)
    world.lower_clearance("asdep", "ordinary")
    world.do("asdep", "decide_not_feasible", follow_up, approved="no", consideration="Bisa.")
    world.lower_clearance("coordinator", "ordinary")
    world.evaluate(follow_up, "not_followed_up", notes="Susun rencana.")
    assert world.waits_for(follow_up) == ["plan"]


def test_a_closed_account_leaves_such_a_task_to_nobody_who_may_not_read_the_report(
    world: World,
) -> None:
    second_coordinator(world, "restricted")
    follow_up = ready(world)
    world.hand_in("kemhan", follow_up, classification="secret")
    task = world.task(follow_up, "evaluate")
    assert task.assignee == "coordinator"
    holder = world.person("coordinator").user_id
    with pytest.raises(BadInput) as refused:
        leaving.close_account(world.service, world.person("admin"), holder, "ani", "Pensiun.")
    assert set(refused.value.fields) == {"to"}
    world.lower_clearance("ani", "secret")
    leaving.close_account(world.service, world.person("admin"), holder, "ani", "Pensiun.")
    assert world.task(follow_up, "evaluate").assignee == "ani"
