"""An institution's head releases a letter on progress before it is handed in."""

from __future__ import annotations

from uuid import UUID

import pytest

from engine.sentences.errors import BadInput, Conflict, Forbidden, NotFound
from processes.files import evidence
from processes.people import institutions
from processes.register.report_requests import ReportRequestState
from processes.storage.written_report import written_report_rows
from processes.work import tasks
from processes.written_report import requests
from tests.processes.stories.test_succession import anew, end
from tests.processes.stories.world import World
from tests.processes.stories.written_report.asking import (
    LETTER,
    answer,
    ask,
    hand_in,
    open_tasks,
    state,
    task,
)

ASKED, ANSWERED = ReportRequestState.ASKED, ReportRequestState.ANSWERED


@pytest.fixture
def cases(world: World) -> list[UUID]:
    """Two follow-ups of kemhan, whose head releases reports."""
    institutions.set_approval(world.service, world.person("kemhan-head"), "kemhan", True)
    return [world.follow_up(world.issued(), "kemhan") for _ in range(2)]


@pytest.fixture
def request_id(world: World, cases: list[UUID]) -> UUID:
    """Both are asked about."""
    return ask(world, institutions=frozenset({"kemhan"}))


def send(world: World, request: UUID, cases: list[UUID], **changes: object) -> None:
    """The contact sends the letter with a file about the first case."""
    found = task(world, request, "kemhan")
    proof = [str(world.upload("kemhan", found, "1"))]
    said = [answer(cases[0], evidence=proof), *(answer(case, percent=70) for case in cases[1:])]
    assert hand_in(world, request, "kemhan", said, **changes).receipt_number is None


def release(world: World, request: UUID, who: str, answered: str, notes: str = "") -> None:
    waiting = task(world, request, "kemhan")
    given = {"released": answered, "corrections": notes}
    tasks.complete(world.service, world.person(who), waiting.id, given)
    world.run()


def told(world: World, request: UUID, who: str) -> str | None:
    """The receipt that the page of the request names to somebody."""
    with world.service.reading() as connection:
        found = requests.detail(connection, world.person(who), request, world.clock.now)
    [row] = found.parts.items
    assert (row.letter is None) == (row.receipt_number is None)
    return row.receipt_number


def test_nobody_outside_knows_of_it_until_the_head_has_released_it(
    world: World, request_id: UUID, cases: list[UUID]
) -> None:
    send(world, request_id, cases)
    waiting = task(world, request_id, "kemhan")
    assert (waiting.element_id, waiting.candidate_groups) == (
        "release_progress", ["institution-head:kemhan"],
    )  # fmt: skip
    assert (state(world, request_id, "kemhan"), told(world, request_id, "coordinator")) == (
        ASKED, None,
    )  # fmt: skip
    with world.service.reading() as connection:
        assert written_report_rows.about(connection, cases) == []
        [file, *_] = evidence.table.evidence_of(connection, cases[0])
    with pytest.raises(NotFound):
        evidence.read(world.service, world.person("coordinator"), file.id, address="-")
    evidence.read(world.service, world.person("kemhan-head"), file.id, address="-")
    release(world, request_id, "kemhan-head", "yes")
    assert state(world, request_id, "kemhan") is ANSWERED
    assert told(world, request_id, "coordinator") == "TT-2026-0001"
    with world.service.reading() as connection:
        found = written_report_rows.about(connection, cases)
    assert [one.percent for one in found] == [40, 70]
    evidence.read(world.service, world.person("coordinator"), file.id, address="-")


def test_one_that_is_sent_back_is_written_again_from_what_it_said(
    world: World, request_id: UUID, cases: list[UUID]
) -> None:
    send(world, request_id, cases)
    with pytest.raises(BadInput) as refused:
        release(world, request_id, "kemhan-head", "no")
    assert list(refused.value.fields) == ["corrections"]
    release(world, request_id, "kemhan-head", "no", "Sebutkan angkanya.")
    again = task(world, request_id, "kemhan")
    assert (again.element_id, again.assignee) == ("progress_report", "kemhan")
    draft = world.service.engine.draft(again.id, "kemhan")
    assert draft is not None
    kept = {name: draft.data[name] for name in ("letter_number", "answers[1].percent")}
    assert kept == {"letter_number": [LETTER["letter_number"]], "answers[1].percent": ["70"]}
    assert [len(draft.data[name]) for name in ("letter_files", "answers[0].evidence")] == [1, 1]
    assert told(world, request_id, "coordinator") is None
    send(world, request_id, cases)
    release(world, request_id, "kemhan-head", "yes")
    assert told(world, request_id, "coordinator") == "TT-2026-0001"
    with world.service.reading() as connection:
        assert len(written_report_rows.about(connection, cases)) == len(cases)


def test_who_has_written_it_does_not_release_it(
    world: World, request_id: UUID, cases: list[UUID]
) -> None:
    world.colleague("rina", "kemhan", "head")
    asked = task(world, request_id, "kemhan")
    said = {
        **LETTER,
        "letter_files": [str(world.upload("rina", asked))],
        "answers": [answer(case) for case in cases],
    }
    tasks.complete(world.service, world.person("rina"), asked.id, said)
    waiting = task(world, request_id, "kemhan")
    with pytest.raises(Conflict):
        tasks.claim(world.service, world.person("rina"), waiting.id)
    with pytest.raises(BadInput):
        release(world, request_id, "rina", "yes")
    with pytest.raises(Forbidden):
        release(world, request_id, "kemhan", "yes")
    release(world, request_id, "kemhan-head", "yes")
    assert state(world, request_id, "kemhan") is ANSWERED


def test_without_anybody_to_release_it_nothing_is_sent(
    world: World, request_id: UUID, cases: list[UUID]
) -> None:
    world.lower_clearance("kemhan-head", "ordinary")
    with pytest.raises(BadInput) as refused:
        send(world, request_id, cases, classification="secret")
    assert "stand-in" in str(refused.value.fields["classification"])
    assert task(world, request_id, "kemhan").element_id == "progress_report"


def test_a_final_report_drops_the_request_while_its_letter_waits(
    world: World, request_id: UUID, cases: list[UUID]
) -> None:
    send(world, request_id, cases)
    for case in cases:
        world.to_report("kemhan", case)
        world.hand_in("kemhan", case)
        assert state(world, request_id, "kemhan") is ASKED, "a final report waits as well"
        world.do("kemhan-head", "release_report", case, released="yes")
        world.run()
    assert state(world, request_id, "kemhan") is ReportRequestState.DROPPED
    assert open_tasks(world, request_id, "kemhan") == []
    assert told(world, request_id, "coordinator") is None


def test_the_head_of_a_successor_releases_what_waits(
    world: World, request_id: UUID, cases: list[UUID]
) -> None:
    world.colleague("kemenkeu-head", "kemenkeu", "head")
    send(world, request_id, cases)
    end(world, "kemhan", "kemenkeu")
    waiting = task(world, request_id, "kemenkeu")
    assert waiting.candidate_groups == ["institution-head:kemenkeu"]
    given = {"released": "yes"}
    tasks.complete(world.service, anew(world, "kemenkeu-head"), waiting.id, given)
    world.run()
    assert state(world, request_id, "kemenkeu") is ANSWERED


def test_where_it_is_off_a_letter_is_handed_in_as_it_is_sent(world: World) -> None:
    case = world.follow_up(world.issued(), "kemhan")
    request = ask(world, institutions=frozenset({"kemhan"}))
    assert hand_in(world, request, "kemhan", [answer(case)]).receipt_number is not None
