"""All facts of a case in one question: each of its kind, its case and its time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from uuid_utils.compat import uuid7

from processes.register.states import ExtensionDecision, Response
from processes.storage.cases import follow_up_detail
from processes.storage.cases.follow_up_detail import (
    WHOLE,
    WRITTEN,
    Activity,
    Decision,
    Escalation,
    Exchange,
    Extension,
    Progress,
    Statement,
)
from processes.storage.notices.mail_rows import Mail
from processes.storage.tables.follow_ups import statement
from processes.storage.tables.notices import escalation
from tests.processes.conftest import NOW
from tests.processes.follow_up.conftest import handed_in
from tests.processes.lifecycle.conftest import Desk
from tests.processes.made_cases import a_case


def spoken(desk: Desk, text: str, about: UUID | None = None) -> None:
    desk.connection.execute(
        insert(statement).values(
            id=uuid7(), follow_up_id=about or desk.id, text=text, said_by="Sesjen",
            said_on=NOW.date(), at=NOW, by="ani",
        )
    )  # fmt: skip


def beside(desk: Desk) -> UUID:
    """Another follow-up."""
    id, _ = a_case(desk.connection, "tni")
    return id


def test_a_case_of_which_nothing_is_written_has_no_facts(part: Desk) -> None:
    found = WHOLE.of_one(part.connection, part.id)
    kinds: list[type[Any]] = [Exchange, Activity, Progress, Statement, Decision, Escalation, Mail]
    assert [found.of(kind, part.id) for kind in kinds] == [[]] * len(kinds)


def test_facts_of_a_kind_come_oldest_first_and_those_of_others_do_not(part: Desk) -> None:
    other = beside(part)
    for text in ("Satu", "Dua", "Tiga"):
        spoken(part, text)
        spoken(part, f"Lain {text}", other)
    found = WRITTEN.of_one(part.connection, part.id)
    assert [one.text for one in found.of(Statement, part.id)] == ["Satu", "Dua", "Tiga"]
    assert found.of(Statement, other) == []


def test_several_cases_are_asked_at_once_and_kept_apart(part: Desk) -> None:
    other = beside(part)
    spoken(part, "Satu")
    spoken(part, "Dua", other)
    spoken(part, "Tiga", beside(part))
    found = WRITTEN.of_several(part.connection, [part.id, other])
    told = {id: [one.text for one in found.of(Statement, id)] for id in (part.id, other)}
    assert told == {part.id: ["Satu"], other: ["Dua"]}
    assert WRITTEN.of_several(part.connection, []).of(Statement, part.id) == []


def test_each_fact_is_read_as_it_was_written(part: Desk) -> None:
    """Many kinds share the columns of one statement; none may read what belongs to another."""
    later = NOW + timedelta(hours=2)
    written: list[Any] = [
        Exchange(
            uuid7(), part.id, Response.DISAGREE, "Rina", "A-1", date(2026, 3, 1), "E", NOW, "rina",
        ),
        Activity(uuid7(), part.id, 2, 1, "Unit", "Susun", None, "10", "Juni", NOW, None, "R"),
        Progress(uuid7(), part.id, 1, 0, "N", None, "S", False, NOW, "rina"),
        Extension(
            uuid7(), part.id, date(2027, 1, 1), "R", None, NOW, "rina", ExtensionDecision.GRANTED,
            date(2027, 2, 1), "D", later, "asdep",
        ),
        Statement(uuid7(), part.id, "T", "Sesjen", date(2026, 3, 2), None, NOW, "ani"),
    ]  # fmt: skip
    facts: list[Any] = [
        follow_up_detail.exchanges, follow_up_detail.activities, follow_up_detail.progress,
        follow_up_detail.extensions, follow_up_detail.statements,
    ]  # fmt: skip
    for kind, fact in zip(facts, written, strict=True):
        kind.add(part.connection, fact)
    found = WHOLE.of_one(part.connection, part.id)
    assert [found.of(type(fact), part.id) for fact in written] == [[fact] for fact in written]
    [exchange] = found.of(Exchange, part.id)
    [wish] = found.of(Extension, part.id)
    assert isinstance(exchange.response, Response) and exchange.result is None
    assert isinstance(wish.decision, ExtensionDecision)


def test_what_is_no_text_number_or_day_is_read_as_it_was_written_too(part: Desk) -> None:
    told = [{"user": "rina", "name": "Rina", "as": "holder"}]
    part.connection.execute(
        insert(escalation).values(
            id=uuid7(), recommendation_id=part.follow_up.recommendation_id, follow_up_id=part.id,
            instance_id=part.instance_id, task_id=UUID(int=5), element_id="plan",
            element_name="Plan", level=3, level_name="Menko", due_at=NOW, overdue=-2, fired=NOW,
            late_seconds=9, holder="Kemhan", told=told, no_recipient=True,
        )
    )  # fmt: skip
    [one] = WHOLE.of_one(part.connection, part.id).of(Escalation, part.id)
    assert (one.told, one.no_recipient, one.task_id) == (told, True, UUID(int=5))
    assert (one.level, one.overdue, one.late_seconds) == (3, -2, 9)
    assert (one.due_at, one.planned, one.ended_at) == (NOW, None, None)
    assert WRITTEN.of_one(part.connection, part.id).of(Escalation, part.id) == []


def test_of_what_was_said_it_is_told_when_the_newest_report_came(part: Desk) -> None:
    other = beside(part)
    spoken(part, "Satu")
    spoken(part, "Dua", other)
    for hours in (5, 1):
        handed_in(part, at=NOW + timedelta(hours=hours))
    asked = follow_up_detail.statements_with_report
    found = {one.text: at for one, at, _ in asked(part.connection, [part.id, other])}
    assert found == {"Satu": NOW + timedelta(hours=5), "Dua": None}
