"""The stored form of payloads stays the same, and older forms are read."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from engine.ports.cases import EVERY_FAMILY
from engine.records.commands import Occur, Start
from engine.records.payloads import Beginning, Hearing, Message, Origin, Spreading, Starting

ID, OTHER = UUID(int=7), UUID(int=8)
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SIGNAL = Spreading("alarm", {"floor": 2}, "ani", "f-1", "A-1", (OTHER,), {"rung": "begin"})
SPREAD = {
    "signal": "alarm", "payload": {"floor": 2}, "by": "ani", "family": "f-1",
    "business_key": "A-1", "hearing": [str(OTHER)], "starts": {"rung": "begin"},
}  # fmt: skip
MESSAGE = {"message": "paid", "key": "A-1", "payload": {"n": 1}, "by": "bank", "family": None}


@pytest.mark.parametrize(
    ("payload", "stored"),
    [
        (
            Starting("review", ID, "A-1", {"n": 1}, "ani"),
            {"key": "review", "id": str(ID), "business_key": "A-1", "data": {"n": 1}, "by": "ani"},
        ),
        (
            Starting("review", ID, None, {}, None, "begin", {"late_seconds": 3}),
            {
                "key": "review", "id": str(ID), "business_key": None, "data": {}, "by": None,
                "at": "begin", "details": {"late_seconds": 3},
            },
        ),
        (
            Beginning("review", ID, "begin", 1, MONDAY),
            {
                "key": "review", "version": str(ID), "element": "begin", "number": 1,
                "armed_at": "2026-03-02T09:00:00+00:00",
            },
        ),
        (Message("paid", "A-1", {"n": 1}, "bank"), MESSAGE),
        (
            Message("paid", "A-1", {"n": 1}, "bank", "r-1", "f-1", origin=Origin(ID, "pay", "Pay")),
            {
                **MESSAGE, "family": "f-1", "request_id": "r-1",
                "origin": [str(ID), "pay", "Pay"],
            },
        ),
        (SIGNAL, SPREAD),
        (Hearing(SIGNAL, ID), {**SPREAD, "token": str(ID)}),
    ],
)  # fmt: skip
def test_a_payload_is_stored_as_ever_and_read_back_the_same(
    payload: Any, stored: dict[str, Any]
) -> None:
    assert payload.encode() == stored
    assert list(payload.encode()) == list(stored)
    assert type(payload).decode(stored) == payload


def test_what_was_stored_before_senders_were_told_apart_reaches_every_case() -> None:
    old = {name: MESSAGE[name] for name in ("message", "key", "payload", "by")}
    assert Message.decode(old).family == EVERY_FAMILY
    heard = Spreading.decode({"signal": "alarm", "payload": {}, "by": None})
    assert (heard.family, heard.hearing, heard.starts) == (EVERY_FAMILY, None, None)


def test_a_timer_stored_before_it_had_a_number_is_the_first_of_its_event() -> None:
    stored = Beginning("review", ID, "begin", 0, MONDAY).encode()
    del stored["number"]
    assert Beginning.decode(stored).number == 0


def test_what_starts_an_instance_says_so_as_a_command() -> None:
    assert Starting("review", ID, "A-1", {"n": 1}, "ani").command() == Start(
        key="review", id=ID, data={"n": 1}, business_key="A-1", by="ani"
    )
    assert Beginning("review", ID, "begin", 1, MONDAY).command(OTHER, MONDAY) == Occur(
        key="review", id=OTHER, version=ID, element="begin", armed_at=MONDAY, planned=MONDAY,
        number=1,
    )  # fmt: skip
