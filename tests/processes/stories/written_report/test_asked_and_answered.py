"""Reports on progress: asked for, and answered in one letter."""

from __future__ import annotations

from datetime import date

import pytest

from engine.sentences.errors import BadInput, Conflict, NotFound
from engine.storage.cases.worklist import Task
from processes.acts import reading
from processes.acts.reading import opened
from processes.register.report_requests import NotDue, ReportRequestState
from processes.register.states import Stage
from processes.storage.files import evidence
from processes.storage.written_report import request_rows, written_report_rows
from processes.work import task_drafts, tasks
from processes.written_report import requests
from tests.processes.stories.world import World
from tests.processes.stories.written_report.asking import (
    DEADLINE,
    answer,
    ask,
    hand_in,
    open_tasks,
    part,
    state,
    task,
)


def test_a_request_reaches_every_institution_that_owes_a_report_whatever_it_works_on(
    world: World,
) -> None:
    whole = world.issued()
    kemhan, kemenperin = (world.follow_up(whole, code) for code in ("kemhan", "kemenperin"))
    world.do("kemhan", "acknowledge", kemhan, response="accepted", contact="Rina")
    request = ask(world)
    for code in ("kemhan", "kemenperin"):
        found = task(world, request, code)
        assert (found.element_id, found.candidate_groups) == (
            "progress_report", [f"institution:{code}"],
        )  # fmt: skip
        assert found.due_at is not None and found.due_at.date() == DEADLINE
    assert "asked for" in [mail.subject for mail in world.mails("kemhan")][-1]
    outcome = hand_in(world, request, "kemhan", [answer(kemhan)])
    assert outcome.receipt_number == "TT-2026-0001"
    assert state(world, request, "kemhan") is ReportRequestState.ANSWERED
    assert state(world, request, "kemenperin") is ReportRequestState.ASKED
    assert world.waits_for(kemhan) == ["plan"], "a report on progress moves no follow-up"
    assert world.waits_for(kemenperin) == ["acknowledge"]


def test_one_letter_answers_three_recommendations_and_has_one_receipt(world: World) -> None:
    cases = [world.follow_up(world.issued(), "kemhan") for _ in range(3)]
    request = ask(world, institutions=frozenset({"kemhan"}))
    hand_in(world, request, "kemhan", [answer(case, percent=n) for n, case in enumerate(cases)])
    with world.services[0].reading() as connection:
        found = written_report_rows.about(connection, cases)
        files = [evidence.evidence_of(connection, case) for case in cases]
    assert {one.receipt_number for one in found} == {"TT-2026-0001"}
    assert [one.percent for one in found] == [0, 1, 2]
    assert [len(of) for of in files] == [1, 1, 1], "the letter lies with each of them"


def test_one_letter_for_three_is_taken_whole_or_not_at_all(world: World) -> None:
    cases = [world.follow_up(world.issued(), "kemhan") for _ in range(3)]
    request = ask(world, institutions=frozenset({"kemhan"}))
    world.to_report("kemhan", cases[1])
    world.hand_in("kemhan", cases[1])  # its final report: nothing is owed about it any more
    with pytest.raises(BadInput) as refused:
        hand_in(world, request, "kemhan", [answer(case) for case in cases])
    assert list(refused.value.fields) == ["answers[1].about"]
    with pytest.raises(BadInput) as missing:
        hand_in(world, request, "kemhan", [answer(cases[0])])
    assert list(missing.value.fields) == ["answers"]
    with pytest.raises(BadInput) as empty:
        hand_in(world, request, "kemhan", [answer(cases[0]), answer(cases[2], narrative=" ")])
    assert list(empty.value.fields) == ["answers[1].narrative"]
    with pytest.raises(BadInput) as twice:
        hand_in(world, request, "kemhan", [answer(one) for one in (cases[0], cases[0], cases[2])])
    assert list(twice.value.fields) == ["answers[1].about"]
    with world.services[0].reading() as connection:
        assert written_report_rows.about(connection, cases) == []
        assert [len(evidence.evidence_of(connection, case)) for case in cases] == [0, 1, 0]
    assert state(world, request, "kemhan") is ReportRequestState.ASKED
    hand_in(world, request, "kemhan", [answer(cases[0]), answer(cases[2])])
    assert state(world, request, "kemhan") is ReportRequestState.ANSWERED


def test_several_requests_stand_side_by_side_and_each_is_answered_by_itself(world: World) -> None:
    case = world.follow_up(world.issued(), "kemhan")
    first = ask(world, institutions=frozenset({"kemhan"}))
    second = ask(world, institutions=frozenset({"kemhan"}), deadline=date(2026, 3, 31))
    assert part(world, first, "kemhan").instance_id != part(world, second, "kemhan").instance_id
    hand_in(world, second, "kemhan", [answer(case)])
    assert state(world, first, "kemhan") is ReportRequestState.ASKED
    assert hand_in(world, first, "kemhan", [answer(case)]).receipt_number == "TT-2026-0002"


def test_a_final_report_over_an_open_request_drops_it_while_a_draft_lies_open(
    world: World,
) -> None:
    case = world.follow_up(world.issued(), "kemhan")
    request = ask(world, institutions=frozenset({"kemhan"}))
    asked = task(world, request, "kemhan")
    task_drafts.save(world.service, world.person("kemhan"), asked.id, {"letter_number": ["B/7"]})
    world.colleague("rina", "kemhan")
    world.to_report("kemhan", case)
    world.hand_in("kemhan", case)
    assert state(world, request, "kemhan") is ReportRequestState.DROPPED
    assert open_tasks(world, request, "kemhan") == []
    with world.services[0].reading() as connection:
        [of] = request_rows.cases(connection, part(world, request, "kemhan").id)
    assert of.not_due is NotDue.FINAL_REPORT
    assert world.case(case).status is Stage.EVALUATE
    assert "no longer asked for" in [mail.subject for mail in world.mails("rina")][-1]
    with pytest.raises(Conflict):
        tasks.complete(world.service, world.person("kemhan"), asked.id, {})
    assert _draft(world, asked) == ["B/7"], "what was typed stays readable"


def _draft(world: World, asked: Task) -> object:
    with reading.opened(world.services[0], world.person("kemhan")) as at:
        found = task_drafts.own(at, asked.id)
    return found and found.data["letter_number"]


def test_what_others_are_asked_about_shuts_no_institution_out(world: World) -> None:
    whole = world.issued(lead=["kemhan"], supporting=["kemenperin"])
    world.issued(lead=["kemenperin"], supporting=[], classification="secret")
    case = world.follow_up(whole, "kemhan")
    request = ask(world)
    for username in ("kemhan", "kemenperin"):
        world.lower_clearance(username, "ordinary")
    with opened(world.service, world.person("kemhan")) as at:
        [listed] = requests.page(at.connection, at.scope, at.now).items
        found = requests.detail(at.connection, at.scope, request, at.now)
    assert listed.request.classification == "ordinary", "as what it is asked itself"
    assert found.row.request.classification == "ordinary"
    assert [one.part.institution for one in found.parts.items] == ["kemhan"]
    outcome = hand_in(world, request, "kemhan", [answer(case)])
    assert outcome.receipt_number == "TT-2026-0001"
    with opened(world.service, world.person("kemenperin")) as at:
        assert requests.page(at.connection, at.scope, at.now).items == []
        with pytest.raises(NotFound):
            requests.detail(at.connection, at.scope, request, at.now)
    with pytest.raises(NotFound):
        tasks.claim(
            world.service, world.person("kemenperin"), task(world, request, "kemenperin").id
        )


def test_who_is_not_of_the_institution_does_not_know_its_task(small_world: World) -> None:
    world = small_world
    world.issued()
    request = ask(world)
    with pytest.raises(NotFound):
        tasks.claim(world.service, world.person("kemenkeu"), task(world, request, "kemhan").id)
