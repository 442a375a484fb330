"""A follow-up of Kemhan with its people, and the notifier, for notices made by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import pytest
from sqlalchemy import select

from processes.ground.letter_language import untranslated
from processes.notices.notify import Notifier
from processes.notices.texts.letters import Stationery
from processes.rights.grants import granted
from processes.storage.people.users import Grants
from processes.storage.tables.notices import mail
from tests.processes.conftest import Data, person
from tests.processes.lifecycle.conftest import Desk
from tests.processes.made_cases import a_case, a_recommendation
from web.addresses import ADDRESSES

NOTIFIER: Final = Notifier(
    Stationery("https://tindak.example", ADDRESSES, demo=False), untranslated, "tindak.example"
)
PEOPLE: Final[Mapping[str, tuple[Grants, str]]] = {
    "rina": (granted(contact_of="kemhan"), "secret"),
    "budi": (granted(contact_of="kemhan"), "ordinary"),
    "sesjen": (granted(head_of="kemhan"), "secret"),
    "lain": (granted(contact_of="kemenkeu"), "secret"),
    "ani": (granted("coordinator"), "secret"),
    "asdep": (granted("supervisor", rank="asdep"), "secret"),
    "deputi": (granted("supervisor", rank="deputi"), "secret"),
    "adi": (granted("admin"), "ordinary"),
}


@pytest.fixture
def desk(small: Data) -> Iterator[Desk]:
    """A follow-up of Kemhan."""
    for name, (grants, clearance) in PEOPLE.items():
        person(small, name, grants, clearance=clearance)
    with small.transaction() as connection:
        id, instance_id = a_case(connection, "kemhan")
        yield Desk(connection, id, instance_id, "follow_up")


@pytest.fixture
def whole(desk: Desk) -> Desk:
    """A recommendation beside it: Kemhan leads, Kemenkeu gets a copy."""
    roles = {"kemhan": "lead", "kemenkeu": "information"}
    id, instance_id = a_recommendation(desk.connection, roles)
    return Desk(desk.connection, id, instance_id, "recommendation")


def mails(desk: Desk) -> list[dict[str, Any]]:
    """The outbox, oldest first."""
    rows = desk.connection.execute(select(mail).order_by(mail.c.id))
    return [dict(row) for row in rows.mappings()]


def told(desk: Desk, kind: str = "notice") -> list[str]:
    """Who has mail of this kind, in the order it was written."""
    return [str(one["to_user"]) for one in mails(desk) if one["kind"] == kind]
