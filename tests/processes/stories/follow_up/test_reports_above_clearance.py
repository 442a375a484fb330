"""Reports classified above their case: refused, routed to somebody cleared, never out of view."""

from __future__ import annotations

from uuid import UUID

import pytest

from engine.sentences.errors import BadInput, Conflict
from processes.acts.reading import opened
from processes.cases.follow_up import corrections, follow_up_models, follow_ups
from processes.people import leaving
from processes.storage.people.users import Grants
from processes.work import inbox, task_drafts, task_page, tasks
from tests.processes.stories.world import REPORT, World, enter

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


# --- taken back to be corrected -----------------------------------------------------------------


def drafted(world: World, who: str, task: UUID) -> object:
    """What the form of somebody begins with."""
    with opened(world.service, world.person(who)) as at:
        draft = task_drafts.own(at, task)
    return None if draft is None else draft.data.get("summary")


def secret_report(world: World) -> UUID:
    """Handed in by `kemhan`, whose colleague `rina` may not read it."""
    world.colleague("rina", "kemhan")
    follow_up = ready(world)
    world.hand_in("kemhan", follow_up, classification="secret")
    world.lower_clearance("rina", "ordinary")
    return follow_up


def test_nobody_takes_back_a_report_that_they_may_not_read(world: World) -> None:
    follow_up = secret_report(world)
    with pytest.raises(Conflict, match="classified above your clearance"):
        corrections.replace_report(world.service, world.person("rina"), follow_up, "Keliru.")
    assert world.waits_for(follow_up) == ["evaluate"]
    with opened(world.service, world.person("rina")) as at:
        found = follow_ups.detail(at.connection, at.scope, follow_up, at.now)
        version = follow_up_models.version_of(at, found.case)
    assert corrections.refusals(found, version)["replace_report"] == corrections.UNREAD


def test_what_it_said_goes_back_to_its_sender_and_to_no_colleague_who_may_not_read_it(
    world: World,
) -> None:
    follow_up = secret_report(world)
    corrections.replace_report(world.service, world.person("kemhan"), follow_up, "Keliru.")
    task = world.task(follow_up, "report")
    assert drafted(world, "kemhan", task.id) == [REPORT["summary"]]
    with pytest.raises(BadInput):
        tasks.pass_on(world.service, world.person("kemhan"), task.id, "rina")
    tasks.give_back(world.service, world.person("kemhan"), task.id)
    tasks.claim(world.service, world.person("rina"), task.id)
    assert drafted(world, "rina", task.id) is None, "the form is empty, and is theirs to fill in"
    world.hand_in("rina", follow_up, classification="ordinary")
    assert world.waits_for(follow_up) == ["evaluate"]


def test_taken_back_by_the_head_it_goes_to_nobody_who_lost_the_clearance_meanwhile(
    world: World,
) -> None:
    follow_up = secret_report(world)
    world.lower_clearance("kemhan", "ordinary")
    corrections.replace_report(world.service, world.person("kemhan-head"), follow_up, "Keliru.")
    task = world.task(follow_up, "report")
    assert task.assignee is None
    assert drafted(world, "kemhan", task.id) is None


def test_a_closed_account_leaves_the_form_that_corrects_it_to_who_may_read_it(world: World) -> None:
    follow_up = secret_report(world)
    corrections.replace_report(world.service, world.person("kemhan"), follow_up, "Keliru.")
    task, holder = world.task(follow_up, "report"), world.person("kemhan").user_id
    with pytest.raises(BadInput) as refused:
        leaving.close_account(world.service, world.person("admin"), holder, "rina", "Pensiun.")
    assert set(refused.value.fields) == {"to"}
    world.lower_clearance("rina", "secret")
    leaving.close_account(world.service, world.person("admin"), holder, "rina", "Pensiun.")
    assert drafted(world, "rina", task.id) == [REPORT["summary"]]
