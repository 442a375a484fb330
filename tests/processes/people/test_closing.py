"""Before an account or an institution is closed, its open work is shown."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from engine.sentences.errors import BadInput, Forbidden
from engine.storage.tables import task
from processes.authentication import tokens
from processes.people import closing
from processes.people.institutions import Ending
from processes.rights.access import operator
from processes.rights.grants import granted
from tests.processes.conftest import NOW, TIME, Data, confirmed, person, scope
from tests.processes.made_cases import a_case, a_task

ADMIN = operator("admin")


def test_tasks_programs_and_institutions_left_without_a_contact_are_told(data: Data) -> None:
    adi = person(data, "adi", granted(contact_of="kemhan"))
    person(data, "budi")
    me = confirmed(data, adi)
    with data.transaction() as connection:
        for name in ("adi", "budi"):
            _, instance_id = a_case(connection, "kemhan")
            task_id = a_task(connection, instance_id, offered_to=(f"user:{name}",))
            connection.execute(update(task).where(task.c.id == task_id).values(assignee=name))
        _, instance_id = a_case(connection, "kemhan")
        a_task(connection, instance_id, offered_to=("user:adi",))
    for days in (1, 30):
        tokens.create(data, me, name="skrip", kind="read", lasts=timedelta(days=days))

    with data.reading() as connection:
        found = closing.of_account(connection, ADMIN, adi, TIME.now + timedelta(days=2))

    assert (found.open_tasks, found.tokens, found.left_alone) == (1, 1, ["Kemhan"])


def test_an_institution_with_another_active_contact_is_not_left_alone(data: Data) -> None:
    adi = person(data, "adi", granted(contact_of="kemhan"))
    person(data, "budi", granted(contact_of="kemhan"))
    with data.reading() as connection:
        assert closing.of_account(connection, ADMIN, adi, NOW).left_alone == []


def test_follow_ups_that_are_not_finished_stay_with_a_closed_institution(data: Data) -> None:
    person(data, "adi", granted(contact_of="kemhan"))
    with data.transaction() as connection:
        for code in ("kemhan", "kemhan", "kemenkeu"):
            a_case(connection, code)
        ending = Ending(date(2026, 12, 31), "kemenperin", "UU 1/2026")

        found = closing.of_institution(connection, ADMIN, "kemhan", ending, NOW)

    assert found.open_follow_ups == 2
    assert found.successor is not None
    assert found.successor.code == "kemenperin"
    assert [user.username for user in found.contacts] == ["adi"]
    assert found.from_day == date(2027, 1, 1), "it exists until the day before"


def test_a_wrong_ending_is_refused_before_anything_is_shown(small: Data) -> None:
    ending = Ending(date(2026, 12, 31), "kemhan", " \u200b")
    with small.reading() as connection, pytest.raises(BadInput) as refused:
        closing.of_institution(connection, ADMIN, "kemhan", ending, NOW)
    assert set(refused.value.fields) == {"successor", "letter"}


def test_only_administrators_are_told(small: Data) -> None:
    adi = person(small, "adi", granted("coordinator"))
    with small.reading() as connection:
        me = scope(small, adi)
        with pytest.raises(Forbidden):
            closing.of_account(connection, me, adi, NOW)
        with pytest.raises(Forbidden):
            closing.of_institution(
                connection, me, "kemhan", Ending(date(2026, 12, 31), None, "UU 1/2026"), NOW
            )
