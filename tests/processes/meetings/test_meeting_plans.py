"""The lists of rakor, of their sheets, of agreements and of requests find their rows by an index:
the planner of both databases is asked about the very statements, among thousands of each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

import pytest
from sqlalchemy import Connection, Table, insert, text
from uuid_utils.compat import uuid7

from processes.ground.paging import Cursor
from processes.register.agreement_states import AgreementState
from processes.register.report_requests import ReportRequestState
from processes.register.states import MeetingState
from processes.rights.grants import granted
from processes.rights.visibility import (
    visible_agreements,
    visible_follow_ups,
    visible_invited,
    visible_meetings,
    visible_parts,
    visible_recommendations,
    visible_requests,
)
from processes.storage.cases import recommendation_detail
from processes.storage.meetings import (
    agreement_lists,
    agreement_rows,
    covered_rows,
    meeting_lists,
    meeting_rows,
    session_rows,
    sheet_rows,
)
from processes.storage.meetings.agreement_lists import Wanted
from processes.storage.meetings.meeting_lists import Seen
from processes.storage.meetings.sheet_rows import Narrowed
from processes.storage.tables.agreements import agreement
from processes.storage.tables.follow_ups import follow_up
from processes.storage.tables.meetings import (
    meeting,
    meeting_institution,
    meeting_position,
    meeting_recommendation,
)
from processes.storage.tables.recommendations import recommendation
from processes.storage.tables.written_reports import report_request, report_request_part
from processes.storage.written_report import request_lists
from tests.engine.storage.test_plans import Sent, plan
from tests.engine.storage.test_plans import sent as sent
from tests.processes.cases.test_list_plans import DAY, _bodies, _part, _whole
from tests.processes.conftest import NOW, Data, person, scope

MANY: Final = 6_000
EACH: Final = range(MANY)
THEIRS: Final = 300
"""One in so many is of the contact's institution."""
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Crowd:
    """A database with thousands of everything, and who reads it; one of each in it."""

    connection: Connection
    contact: Any
    coordinator: Any
    whole: UUID
    part: UUID
    rakor: UUID
    request: UUID


@pytest.fixture
def crowd(data: Data) -> Iterator[Crowd]:
    """A rakor for each of two recommendations; one agreement in sixty is owed."""
    readers = {
        "contact": person(data, "kemhan", granted(contact_of="kemhan")),
        "coordinator": person(data, "coordinator", granted("coordinator")),
    }
    rows = _tables()
    with data.transaction() as connection:
        _bodies(connection)
        for table, some in rows.items():
            connection.execute(insert(table), some)
    one = THEIRS * 2
    first = {
        "whole": rows[recommendation][one]["id"],
        "part": rows[follow_up][one]["id"],
        "rakor": rows[meeting][one]["id"],
        "request": rows[report_request][one]["id"],
    }
    with data.transaction() as connection:
        connection.execute(text("ANALYZE"))
        people = {name: scope(data, id) for name, id in readers.items()}
        yield Crowd(connection, **people, **first)


def _body(number: int) -> str:
    return "kemhan" if number % THEIRS == 0 else f"badan-{number % 400}"


def _tables() -> dict[Table, list[Row]]:
    wholes = [_whole(number) for number in EACH]
    parts = [
        _part(number, one["id"]) | {"institution": _body(number)}
        for number, one in enumerate(wholes)
    ]
    rakor = [_rakor(number) for number in EACH]
    requests = [_request(number) for number in EACH]
    return {
        recommendation: wholes,
        follow_up: parts,
        meeting: rakor,
        meeting_recommendation: [
            {"meeting_id": one["id"], "recommendation_id": wholes[number - back]["id"]}
            for number, one in enumerate(rakor)
            for back in (0, 1)
        ],
        meeting_institution: [
            {"meeting_id": one["id"], "institution": _body(number), "sent_at": NOW}
            for number, one in enumerate(rakor)
        ],
        meeting_position: [
            {"id": uuid7(), "meeting_id": one["id"], "follow_up_id": part["id"], "text": "x",
             "at": NOW}
            for one, part in zip(rakor, parts, strict=True)
        ],
        agreement: [
            _agreement(number, one["id"], part["id"])
            for number, (one, part) in enumerate(zip(rakor, parts, strict=True))
        ],
        report_request: requests,
        report_request_part: [
            _asked(number, one["id"], part)
            for number, (one, part) in enumerate(zip(requests, parts, strict=True))
        ],
    }  # fmt: skip


def _rakor(number: int) -> Row:
    return {
        "id": uuid7(), "instance_id": uuid7(), "number": f"RAK-2026-{number:05}",
        "state": MeetingState.SIGNED, "title": "Rakor", "held_on": DAY + timedelta(days=number),
        "created_at": NOW, "held_at": NOW + timedelta(days=number),
    }  # fmt: skip


def _agreement(number: int, rakor: UUID, part: UUID) -> Row:
    owed = number % 60 == 0
    return {
        "id": uuid7(), "meeting_id": rakor, "number": 1, "kind": "agreement", "text": "x",
        "holder": "institution", "institution": _body(number),
        "deadline": DAY + timedelta(days=number % 365), "follow_up_id": part, "status":
        AgreementState.FULFIL if owed else AgreementState.FULFILLED, "status_since": NOW,
        "instance_id": uuid7(), "version": 1, "at": NOW,
    }  # fmt: skip


def _request(number: int) -> Row:
    return {
        "id": uuid7(), "number": f"PL-2026-{number:05}", "unasked": False, "subject": "x",
        "text": "x", "deadline": DAY, "classification": "ordinary", "at": NOW,
    }  # fmt: skip


def _asked(number: int, request: UUID, part: Row) -> Row:
    return {
        "id": uuid7(), "request_id": request, "institution": _body(number), "instance_id": uuid7(),
        "recommendation_id": part["recommendation_id"], "follow_up_id": part["id"],
        "classification": "ordinary", "state": ReportRequestState.ASKED, "state_since": NOW,
    }  # fmt: skip


Ask = Callable[[Crowd, Cursor[Any] | None], Sequence[Any]]
LATE: Final = DAY + timedelta(days=2)


def rakor(who: str) -> Ask:
    def ask(crowd: Crowd, at: Cursor[Any] | None) -> Sequence[Any]:
        scope = getattr(crowd, who)
        seen = Seen(visible_meetings(scope), visible_recommendations(scope), visible_invited(scope))
        return meeting_lists.page(crowd.connection, seen, at, 26)

    return ask


def owed(who: str, **wanted: Any) -> Ask:
    return lambda crowd, at: agreement_lists.owed(
        crowd.connection, visible_agreements(getattr(crowd, who)), Wanted(**wanted), at, 26
    )


def requests(who: str) -> Ask:
    return lambda crowd, at: request_lists.page(
        crowd.connection, visible_requests(getattr(crowd, who)), at, 26
    )


PAGED: Final[dict[str, Ask]] = {
    "rakor": rakor("coordinator"),
    "rakor of an institution": rakor("contact"),
    "what is owed": owed("coordinator"),
    "what an institution reads of it": owed("contact"),
    "what an institution owes": owed("coordinator", institution="kemhan"),
    "what is late": owed("coordinator", late=LATE),
    "requests": requests("coordinator"),
    "requests to an institution": requests("contact"),
}
Question = Callable[[Crowd], Any]


def sheet(narrowed: Narrowed, at: Cursor[Any] | None = None, who: str = "coordinator") -> Question:
    return lambda crowd: sheet_rows.page(
        crowd.connection, crowd.rakor, visible_follow_ups(getattr(crowd, who)), narrowed,
        date(2027, 1, 1), NOW, at, 41,
    )  # fmt: skip


ASKED: Final[dict[str, Question]] = {
    "the sheet": sheet(Narrowed()),
    "the sheet from a place on": sheet(Narrowed(), Cursor((UUID(int=0), ""))),
    "the sheet of an institution": sheet(Narrowed("kemhan")),
    "the sheet as an institution reads it": sheet(Narrowed(), who="contact"),
    "what changed": sheet(Narrowed(only="changed")),
    "its numbers": lambda crowd: sheet_rows.counts(
        crowd.connection, crowd.rakor, visible_follow_ups(crowd.coordinator), DAY, NOW
    ),
    "its institutions": lambda crowd: sheet_rows.institutions(
        crowd.connection, crowd.rakor, visible_follow_ups(crowd.coordinator)
    ),
    "who is invited": lambda crowd: meeting_rows.invited(crowd.connection, crowd.rakor),
    "who was there": lambda crowd: session_rows.attended(crowd.connection, crowd.rakor),
    "the rakor before": lambda crowd: [meeting_rows.last_held(crowd.connection, crowd.rakor)],
    "the rakor of a recommendation": lambda crowd: recommendation_detail.covering(
        crowd.connection, visible_meetings(crowd.coordinator), crowd.whole
    ),
    "what one can cover": lambda crowd: covered_rows.candidates(
        crowd.connection, visible_recommendations(crowd.coordinator), covered_rows.Wanted(), DAY, 26
    ),
    "what was settled about a follow-up": lambda crowd: agreement_lists.of_follow_up(
        crowd.connection, visible_agreements(crowd.coordinator), crowd.part
    ),
    "what was settled in a rakor": lambda crowd: agreement_lists.of_meetings(
        crowd.connection, visible_agreements(crowd.coordinator), [crowd.rakor]
    ),
    "what it left open": lambda crowd: agreement_lists.owed(
        crowd.connection, visible_agreements(crowd.coordinator), Wanted(meeting_id=crowd.rakor),
        None, 26,
    ),
    "what is handed over": lambda crowd: agreement_rows.owed_by(crowd.connection, "kemhan"),
    "the parts of a request": lambda crowd: request_lists.parts(
        crowd.connection, crowd.request, visible_parts(crowd.coordinator), None, 26
    ),
    "how many have answered": lambda crowd: request_lists.counts(
        crowd.connection, [crowd.request], visible_parts(crowd.contact)
    ),
}  # fmt: skip
LARGE: Final = (
    "meeting|meeting_recommendation|meeting_institution|meeting_position|agreement"
    "|report_request|report_request_part|recommendation|follow_up"
)
WHOLE: Final = re.compile(rf"Seq Scan on (?:{LARGE})\b|SCAN (?:{LARGE})$", re.M)
"""A table read through without an index."""


def test_every_page_of_the_lists_finds_its_rows_by_an_index(sent: Sent, crowd: Crowd) -> None:
    whole = []
    for asked, ask in PAGED.items():
        first = ask(crowd, None)
        assert first, f"{asked}: otherwise nothing is proven"
        for at in (None, Cursor(first[-1].id), Cursor(first[-1].id, back=True)):
            whole += _whole_tables(sent, crowd, asked, lambda ask=ask, at=at: ask(crowd, at))
    assert not whole, "\n\n".join(whole)


def test_every_part_of_a_rakor_and_of_a_request_is_found_by_an_index(
    sent: Sent, crowd: Crowd
) -> None:
    whole = []
    for asked, ask in ASKED.items():
        assert ask(crowd), f"{asked}: otherwise nothing is proven"
        whole += _whole_tables(sent, crowd, asked, lambda ask=ask: ask(crowd))
    assert not whole, "\n\n".join(whole)


def _whole_tables(sent: Sent, crowd: Crowd, asked: str, ask: Callable[[], object]) -> list[str]:
    """The plans of what is sent that read a table through."""
    sent.clear()
    ask()
    plans = [plan(crowd.connection, *one) for one in list(sent)]
    return [f"{asked}:\n{one}" for one in plans if WHOLE.search(one)]
