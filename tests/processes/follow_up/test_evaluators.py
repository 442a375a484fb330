"""Who evaluates a report, where it is classified above its case."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from engine.ports.handlers import Refusal
from processes.follow_up.evaluators import chosen, refuse_unread
from processes.follow_up.handlers import record_report
from processes.register.vocabulary import Classification
from processes.rights.grants import granted
from processes.storage.cases import report_rows
from processes.storage.people import users
from processes.storage.tables.recommendations import recommendation
from processes.storage.tables.reports import report
from tests.processes.conftest import Data, person
from tests.processes.follow_up.conftest import handed_in, judged
from tests.processes.lifecycle.conftest import TODAY, Desk
from tests.processes.made_cases import a_case

REPORT: dict[str, Any] = {
    "claimed_status": "conforms", "letter_date": str(TODAY), "letter_number": "B-1",
    "subject": "Laporan", "signatory": "Sesjen", "summary": "Selesai.",
}  # fmt: skip


@pytest.fixture
def office(small: Data) -> Data:
    """Three coordinators, of whom one may read everything and one what is restricted."""
    person(small, "ani", granted("coordinator"))
    person(small, "budi", granted("coordinator"), clearance="restricted")
    person(small, "cici", granted("coordinator"), clearance="top_secret")
    person(small, "rina", granted(contact_of="kemhan"), clearance="secret")
    return small


@pytest.fixture
def desk(office: Data) -> Iterator[Desk]:
    with office.transaction() as connection:
        id, instance_id = a_case(connection, "kemhan")
        yield Desk(connection, id, instance_id, "follow_up")


def given_to(desk: Desk, classification: Classification) -> str | None:
    found = report_rows.by_id(desk.connection, handed_in(desk, classification))
    assert found is not None
    return chosen(desk.connection, desk.follow_up, found)


def classified(desk: Desk, classification: str) -> None:
    """The whole case is of this classification."""
    mine = recommendation.c.id == desk.follow_up.recommendation_id
    desk.connection.execute(
        update(recommendation).where(mine).values(classification=classification)
    )


# --- whom a report is given to ------------------------------------------------------------------


def test_a_report_that_every_coordinator_may_read_is_given_to_all_of_them(desk: Desk) -> None:
    assert given_to(desk, "ordinary") is None


def test_a_report_above_its_case_is_given_to_somebody_who_may_read_it(desk: Desk) -> None:
    assert given_to(desk, "secret") == "cici"
    assert given_to(desk, "restricted") in ("budi", "cici")


def test_a_report_no_higher_than_its_case_is_given_to_all(desk: Desk) -> None:
    """Whoever may not read the case is offered none of its tasks anyway."""
    classified(desk, "secret")
    assert given_to(desk, "secret") is None
    assert given_to(desk, "restricted") is None
    assert given_to(desk, "top_secret") == "cici"


def test_who_had_the_report_before_has_the_next_one_too(desk: Desk) -> None:
    desk.change(evaluator="budi")
    assert given_to(desk, "ordinary") == "budi"
    assert given_to(desk, "restricted") == "budi"


def test_who_may_not_read_it_has_it_no_longer_in_hand(desk: Desk) -> None:
    desk.change(evaluator="budi")
    assert given_to(desk, "secret") == "cici"


def test_who_has_left_evaluates_nothing(desk: Desk) -> None:
    desk.change(evaluator="budi")
    found = users.by_username(desk.connection, "budi")
    assert found is not None
    users.change(desk.connection, found.id, {"active": False})
    assert given_to(desk, "ordinary") is None


def test_who_knows_the_case_comes_before_others_who_may_read_it(desk: Desk) -> None:
    report_id = handed_in(desk)
    judged(desk, report_id, by="cici")
    assert given_to(desk, "restricted") == "cici"
    judged(desk, report_id, by="budi")
    assert given_to(desk, "restricted") == "budi", "of several the last one"
    judged(desk, report_id, by="ani")
    assert given_to(desk, "restricted") == "budi", "of those who may read it"


def test_else_who_began_the_recommendation_comes_first(desk: Desk) -> None:
    mine = recommendation.c.id == desk.follow_up.recommendation_id
    for name in ("cici", "budi"):
        desk.connection.execute(update(recommendation).where(mine).values(created_by=name))
        assert given_to(desk, "restricted") == name


def test_a_program_that_judged_knows_no_case(desk: Desk) -> None:
    judged(desk, handed_in(desk), by=None)
    assert given_to(desk, "secret") == "cici"


# --- handing one in -----------------------------------------------------------------------------


def refusal(desk: Desk, by: str, classification: str) -> str:
    """What is said of a classification; empty if it is accepted."""
    step = desk.step(**REPORT, classification=classification)
    step.by = by
    before = len(desk.rows(report))
    try:
        record_report(step)
    except Refusal as refused:
        assert set(refused.fields) == {"classification"}
        assert len(desk.rows(report)) == before, "a refused report is not kept"
        return refused.fields["classification"].render()
    desk.change(status="report")
    return ""


def test_nobody_classifies_a_report_above_their_own_clearance(desk: Desk) -> None:
    for accepted in ("ordinary", "restricted", "secret"):
        assert refusal(desk, "rina", accepted) == ""
    assert refusal(desk, "rina", "top_secret").startswith("This is above your own clearance.")


def test_a_program_without_an_account_classifies_as_high_as_somebody_may_read(
    desk: Desk,
) -> None:
    assert refusal(desk, "", "top_secret") == ""


def test_a_report_that_nobody_could_evaluate_is_refused(desk: Desk) -> None:
    found = users.by_username(desk.connection, "cici")
    assert found is not None
    users.change(desk.connection, found.id, {"active": False})
    assert refusal(desk, "rina", "restricted") == ""
    assert refusal(desk, "rina", "secret").startswith("Nobody who evaluates reports is cleared")


def test_what_is_no_higher_than_the_case_is_not_asked_about(desk: Desk) -> None:
    """Else the institution could report nothing at all after a clearance was lowered."""
    classified(desk, "top_secret")
    assert refusal(desk, "rina", "top_secret") == ""


# --- deciding on one ----------------------------------------------------------------------------


def decides(desk: Desk, who: str) -> bool:
    step = desk.step()
    step.by = who
    try:
        refuse_unread(step, desk.follow_up)
    except Refusal as refused:
        assert "classified above your clearance" in str(refused)
        return False
    return True


def test_nobody_decides_on_a_report_they_may_not_read(desk: Desk) -> None:
    handed_in(desk, "secret")
    assert [decides(desk, who) for who in ("ani", "budi", "cici")] == [False, False, True]


def test_only_the_report_that_counts_is_asked_about(desk: Desk) -> None:
    first: UUID = handed_in(desk, "secret")
    report_rows.replace(desk.connection, first, desk.step().now, "rina", "Salah.")
    assert decides(desk, "ani"), "it was taken back"
    handed_in(desk, "secret")
    assert not decides(desk, "ani")
    handed_in(desk)
    assert decides(desk, "ani"), "a newer one is open to everybody"


def test_without_a_report_anybody_decides(desk: Desk) -> None:
    assert decides(desk, "ani")
