"""Reports on progress that are not due any more, and those that nobody asked for."""

from __future__ import annotations

from datetime import date

import pytest

from engine.sentences.errors import BadInput, Conflict, Forbidden, NotFound
from processes.register.report_requests import NotDue, ReportRequestState
from processes.storage.tables.written_reports import report_request_past
from processes.storage.written_report import request_rows
from processes.work import tasks
from processes.written_report import asking
from tests.processes.stories.follow_up.test_extension import ask as ask_for_more_time
from tests.processes.stories.recommendation.test_changed_recipients import propose
from tests.processes.stories.recommendation.test_withdrawal import withdraw
from tests.processes.stories.test_succession import anew, close, end
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
    wanted,
)

DROPPED = ReportRequestState.DROPPED
ASKED = ReportRequestState.ASKED


def not_due(world: World, request: object, institution: str) -> list[NotDue | None]:
    """Why nothing is owed about each case of a part."""
    of = part(world, request, institution).id  # type: ignore[arg-type]
    with world.services[0].reading() as connection:
        return [one.not_due for one in request_rows.cases(connection, of)]


def test_a_withdrawal_drops_the_request_with_an_extension_pending(world: World) -> None:
    whole = world.issued()
    case = world.follow_up(whole, "kemhan")
    request = ask(world)
    ask_for_more_time(world, case, date(2026, 6, 30))
    withdraw(world, whole)
    world.run()
    for code in ("kemhan", "kemenperin"):
        assert state(world, request, code) is DROPPED
        assert not_due(world, request, code) == [NotDue.WITHDRAWN]
        assert open_tasks(world, request, code) == []
    assert "no longer asked for" in [mail.subject for mail in world.mails("kemhan")][-1]


def test_an_extension_of_the_follow_up_leaves_the_date_of_the_request(world: World) -> None:
    case = world.follow_up(world.issued(), "kemhan")
    request = ask(world)
    ask_for_more_time(world, case, date(2026, 6, 30))
    world.do(
        "deputi", "decide_extension", case, decision="granted", reason="Cukup.",
        new_deadline="2026-06-30",
    )  # fmt: skip
    due = task(world, request, "kemhan").due_at
    assert due is not None and due.date() == DEADLINE
    assert state(world, request, "kemhan") is ASKED


def test_a_request_goes_on_with_the_cases_that_still_owe(world: World) -> None:
    first, second = world.issued(), world.issued()
    request = ask(world, institutions=frozenset({"kemhan"}))
    withdraw(world, first)
    world.run()
    assert state(world, request, "kemhan") is ASKED
    assert not_due(world, request, "kemhan") == [NotDue.WITHDRAWN, None]
    hand_in(world, request, "kemhan", [answer(world.follow_up(second, "kemhan"))])
    assert state(world, request, "kemhan") is ReportRequestState.ANSWERED


def test_an_institution_that_is_taken_out_owes_no_report_any_more(world: World) -> None:
    whole = world.issued(supporting=["kemenperin", "kemenkeu"])
    request = ask(world)
    propose(world, whole, taken_out=["kemenkeu"])
    world.do("deputi", "decide_recipients", whole, recipients_approved="yes", notes="")
    world.run()
    assert state(world, request, "kemenkeu") is DROPPED
    assert state(world, request, "kemhan") is ASKED


def test_the_coordinator_lets_one_institution_off_with_a_reason(world: World) -> None:
    world.issued()
    request = ask(world)
    asked = part(world, request, "kemhan")
    with pytest.raises(BadInput) as refused:
        asking.drop(world.service, world.person("coordinator"), asked.id, " ")
    assert list(refused.value.fields) == ["reason"]
    with pytest.raises(Forbidden):
        asking.drop(world.service, world.person("kemhan"), asked.id, "Tidak mau.")
    with pytest.raises(NotFound):
        asking.drop(world.service, world.person("kemenperin"), asked.id, "Bukan kami.")
    asking.drop(world.service, world.person("coordinator"), asked.id, "Sudah lisan.")
    found = part(world, request, "kemhan")
    assert (found.state, found.dropped_reason, found.dropped_by) == (
        DROPPED, "Sudah lisan.", "coordinator",
    )  # fmt: skip
    assert not_due(world, request, "kemhan") == [NotDue.LET_OFF]
    assert state(world, request, "kemenperin") is ASKED
    with pytest.raises(Conflict):
        asking.drop(world.service, world.person("coordinator"), asked.id, "Lagi.")


def test_what_ends_before_the_request_is_sent_is_not_asked(world: World) -> None:
    whole = world.issued()
    request = asking.ask(world.service, world.person("coordinator"), wanted())
    asked = part(world, request, "kemenperin")
    assert asked.state is ReportRequestState.SENDING
    asking.drop(world.service, world.person("coordinator"), asked.id, "Keliru.")
    world.to_report("kemhan", world.follow_up(whole, "kemhan"))
    world.run()
    assert state(world, request, "kemenperin") is DROPPED
    assert open_tasks(world, request, "kemenperin") == []
    assert state(world, request, "kemhan") is ASKED


def test_each_change_of_a_request_leaves_a_dated_row(world: World) -> None:
    case = world.follow_up(world.issued(), "kemhan")
    request = ask(world, institutions=frozenset({"kemhan"}))
    world.wait_days(1)
    hand_in(world, request, "kemhan", [answer(case)])
    with world.services[0].reading() as connection:
        rows = connection.execute(
            report_request_past.select().order_by(report_request_past.c.valid_from)
        ).all()
    assert [row.state.value for row in rows] == ["sending", "asked", "answered"]
    assert [row.valid_to is None for row in rows] == [False, False, True]


def test_the_successor_owes_the_report_and_answers_it(world: World) -> None:
    case = world.follow_up(world.issued(), "kemhan")
    request = ask(world)
    asked = task(world, request, "kemhan")
    end(world, "kemhan", "kemenkeu")
    moved = task(world, request, "kemenkeu")
    assert (moved.id, moved.candidate_groups) == (asked.id, ["institution:kemenkeu"])
    world.scopes["kemhan"], world.scopes["kemenkeu"] = (
        anew(world, "kemhan"),
        anew(world, "kemenkeu"),
    )
    with pytest.raises(NotFound):
        tasks.claim(world.service, world.person("kemhan"), asked.id)
    hand_in(world, request, "kemenkeu", [answer(case)])
    assert state(world, request, "kemenkeu") is ReportRequestState.ANSWERED


def test_a_request_that_is_being_sent_reaches_the_successor(world: World) -> None:
    world.issued()
    request = asking.ask(world.service, world.person("coordinator"), wanted())
    close(world, "kemhan", "kemenkeu", date(2026, 1, 4))
    world.run()
    world.run()
    assert task(world, request, "kemenkeu").candidate_groups == ["institution:kemenkeu"]


def test_an_institution_reports_unasked_and_may_give_it_up(world: World) -> None:
    cases = [world.follow_up(world.issued(), "kemhan") for _ in range(2)]
    mails = len(world.mails("kemhan"))
    id = asking.begin_unasked(world.service, world.person("kemhan"), cases)
    found = world.service.engine.task(id)
    assert found.candidate_groups == ["institution:kemhan"]
    assert len(world.mails("kemhan")) == mails, "nobody is told of having been asked"
    with world.services[0].reading() as connection:
        of = request_rows.of_instance(connection, found.instance_id)
    assert of is not None
    hand_in(world, of.request_id, "kemhan", [answer(case) for case in cases])
    assert state(world, of.request_id, "kemhan") is ReportRequestState.ANSWERED
    again = world.service.engine.task(
        asking.begin_unasked(world.service, world.person("kemhan"), cases[:1])
    )
    with world.services[0].reading() as connection:
        second = request_rows.of_instance(connection, again.instance_id)
    assert second is not None
    asking.drop(world.service, world.person("kemhan"), second.id, "Tidak jadi.")
    assert state(world, second.request_id, "kemhan") is DROPPED


def test_what_is_not_theirs_or_handed_in_cannot_be_reported_unasked(small_world: World) -> None:
    world = small_world
    whole = world.issued()
    kemhan, kemenperin = (world.follow_up(whole, code) for code in ("kemhan", "kemenperin"))
    with pytest.raises(NotFound):
        asking.begin_unasked(world.service, world.person("kemhan"), [kemenperin])
    with pytest.raises(Forbidden):
        asking.begin_unasked(world.service, world.person("coordinator"), [kemhan])
    with pytest.raises(BadInput):
        asking.begin_unasked(world.service, world.person("kemhan"), [])
    world.to_report("kemhan", kemhan)
    world.hand_in("kemhan", kemhan)
    with pytest.raises(Conflict):
        asking.begin_unasked(world.service, world.person("kemhan"), [kemhan])
