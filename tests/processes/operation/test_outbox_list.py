"""The outbox as a list: narrowed by recipient and day, read to its end and back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from engine.sentences.errors import BadInput
from processes.ground.sorting import Sort
from processes.operation import outbox
from processes.register.states import MailState
from processes.rights.access import operator
from processes.storage.notices import mail_rows
from processes.storage.notices.mail_rows import NewMail, Wanted
from tests.processes.conftest import NOW, Data, person
from web.addresses import ADDRESSES


def hour(number: int) -> datetime:
    return NOW + timedelta(hours=number)


def mails(data: Data, *recipients: str) -> dict[UUID, str]:
    """A mail to each of these, one each hour; id -> letter."""
    found = {}
    with data.transaction() as connection:
        for number, to in enumerate(recipients):
            new = NewMail("notice", to, f"{to}@contoh.go.id", "id", "Perihal", "Isi")
            id = mail_rows.insert_mail(connection, new, "contoh.go.id", hour(number))
            found[id] = "abcdefgh"[number]
    return found


def page(data: Data, *, sort: Sort = mail_rows.NEWEST, **more: Any) -> Any:
    place = {name: more.pop(name) for name in ("after", "before", "limit") if name in more}
    with data.reading() as connection:
        return outbox.page(
            connection, operator(), ADDRESSES, wanted=Wanted(**more), sort=sort, **place
        )


def letters(named: dict[UUID, str], found: Any) -> str:
    return "".join(named[one.id] for one in found.items)


@pytest.mark.parametrize("descending", [True, False])
def test_mail_is_read_by_its_time_to_the_end_and_back(data: Data, descending: bool) -> None:
    named = mails(data, "rina", "budi", "rina", "adi", "rina")
    order = "edcba" if descending else "abcde"
    wanted: dict[str, Any] = {"sort": Sort("newest", descending), "limit": 2}
    there = [page(data, **wanted)]
    while there[-1].last:
        there.append(page(data, after=there[-1].last.id, **wanted))
    assert [letters(named, one) for one in there] == [order[:2], order[2:4], order[4:]]
    back = page(data, before=there[-1].first.id, **wanted)
    assert letters(named, back) == order[2:4]


def test_mail_is_found_by_part_of_the_name_or_account_of_who_gets_it(data: Data) -> None:
    for name in ("rina", "rini", "budi"):
        person(data, name)
    named = mails(data, "rina", "rini", "budi", "gone")
    for recipient, found in (
        ("RIN", "ba"), ("contoh b", "c"), ("%", ""), ("rin_", ""), ("gone", ""), ("", "dcba"),
    ):  # fmt: skip
        assert letters(named, page(data, recipient=recipient)) == found, recipient


def test_the_moments_of_a_span_belong_to_it(data: Data) -> None:
    person(data, "rina")
    named = mails(data, "rina", "budi", "rina", "rina")
    for wanted, found in (
        ({"written_from": hour(1)}, "dcb"),
        ({"written_to": hour(1)}, "ba"),
        ({"written_from": hour(1), "written_to": hour(2)}, "cb"),
        ({"written_from": hour(1), "recipient": "rina"}, "dc"),
        ({"written_from": hour(2), "written_to": hour(1)}, ""),
        ({"state": MailState.SENT}, ""),
    ):
        assert letters(named, page(data, **wanted)) == found, wanted


def test_everything_that_is_not_offered_is_told_at_once(small: Data) -> None:
    with pytest.raises(BadInput) as refused:
        page(small, state="lost", sort=Sort("recipient"))
    assert set(refused.value.fields) == {"state", "sort"}
