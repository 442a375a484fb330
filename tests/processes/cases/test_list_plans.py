"""Every order and every filter of the large lists finds its rows by an index: the planner of both
databases is asked about the very statements, among thousands of cases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import pytest
from sqlalchemy import Connection, insert, text, true
from uuid_utils.compat import uuid7

from processes.ground.paging import Cursor
from processes.ground.sorting import Sort
from processes.register.groups import Group
from processes.register.states import RUNNING, Stage
from processes.storage.cases.lists import compiled, follow_up_lists, recommendation_lists
from processes.storage.cases.lists.follow_up_lists import Wanted
from processes.storage.cases.lists.recommendation_lists import Wanted as WantedOne
from processes.storage.people import institutions
from processes.storage.people.institutions import Institution
from processes.storage.search import search_word, words_of
from processes.storage.tables.follow_ups import follow_up
from processes.storage.tables.recommendations import recommendation
from processes.storage.tables.reports import report
from tests.engine.storage.test_plans import Sent, plan
from tests.engine.storage.test_plans import sent as sent
from tests.processes.conftest import NOW, Data, person

CASES: Final = 12_000
BODIES: Final = 400
DAY: Final = date(2026, 1, 1)


@pytest.fixture
def crowd(data: Data) -> Iterator[Connection]:
    """A database with thousands of recommendations, one follow-up each; one in a thousand cannot
    be followed up."""
    for number in range(4):
        person(data, f"koordinator-{number}")
    with data.transaction() as connection:
        _bodies(connection)
        wholes = [_whole(number) for number in range(CASES)]
        connection.execute(insert(recommendation), wholes)
        parts = [_part(number, one["id"]) for number, one in enumerate(wholes)]
        connection.execute(insert(follow_up), parts)
        connection.execute(
            insert(report), [_report(number, one["id"]) for number, one in enumerate(parts)]
        )
        words = [
            {"word": word, "about": one["id"]}
            for one in wholes
            for word in words_of(one["title"], one["number"])
        ]
        connection.execute(insert(search_word), words)
    with data.transaction() as connection:
        connection.execute(text("ANALYZE"))
        yield connection


def _report(number: int, follow_up: UUID) -> dict[str, Any]:
    """Twenty of them each day."""
    at = NOW + timedelta(days=number // 20)
    told = dict.fromkeys(
        ("letter_number", "subject", "signatory", "summary", "claimed_status"), "x"
    )
    return told | {
        "id": uuid7(), "follow_up_id": follow_up, "round": 1, "letter_date": DAY,
        "urgency": "ordinary", "classification": "ordinary", "at": at, "handed_in_at": at,
        "receipt_number": f"TT-2026-{number}",
    }  # fmt: skip


def _bodies(connection: Connection) -> None:
    for number in range(BODIES):
        row = Institution(
            f"badan-{number}", f"Badan {number}", f"B-{number}", "agency", True, "common", None,
            None, None, "", "", NOW,
        )  # fmt: skip
        institutions.insert_institution(connection, row)


def _whole(number: int) -> dict[str, Any]:
    return {
        "id": uuid7(), "instance_id": uuid7(), "number": f"REK-2026-{number:05}",
        "status": "issued", "title": f"Perkuat kapasitas bagian{number}", "text": "", "priority":
        "high" if number % 500 == 0 else "normal", "deadline": DAY + timedelta(days=number % 365),
        "issued_at": NOW + timedelta(hours=number), "created_at": NOW,
        "created_by": f"koordinator-{0 if number % 600 == 0 else number % 3 + 1}",
        "registered_at": NOW, "letter_number": f"B/{number // 10}/2026",
    }  # fmt: skip


def _part(number: int, id: Any) -> dict[str, Any]:
    ended, verdict = number % 2 == 0, "conforms"
    if number % 1_000 == 0:
        verdict = "cannot_be_followed_up"
    return {
        "id": uuid7(), "recommendation_id": id, "institution": f"badan-{number % BODIES}",
        "role": "lead", "instance_id": uuid7(),
        "status": Stage.CLOSED if ended else RUNNING[number % len(RUNNING)],
        "status_since": NOW + timedelta(minutes=number), "round": 1,
        "deadline": DAY + timedelta(days=number % 365), "issued_at": NOW,
        "verdict": verdict if ended else None,
    }  # fmt: skip


MOMENTS: Final = (datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 6, 5, tzinfo=UTC))
DEADLINE: Final = Sort("deadline")
NEWEST: Final = Sort("newest", descending=True)
Ask = Callable[[Connection, Cursor[Any] | None], list[Any]]


def parts(sort: Sort = DEADLINE, **wanted: Any) -> Ask:
    return lambda connection, at: follow_up_lists.page(
        connection, true(), Wanted(**wanted), MOMENTS, sort, at, 26
    )


def wholes(sort: Sort = NEWEST, **wanted: Any) -> Ask:
    return lambda connection, at: recommendation_lists.page(
        connection, true(), WantedOne(**wanted), MOMENTS[0], sort, at, 26
    )


def compiling(**wanted: Any) -> Ask:
    chosen = {"numbers": (), "institution": None, "letter": "", "begin": None, "end": None}
    return lambda connection, at: compiled.listed(
        connection, true(), **(chosen | wanted), limit=501
    )


ASKED: Final[dict[str, Ask]] = {
    **{
        f"follow-ups by {by} {'down' if down else 'up'}": parts(Sort(by, down))
        for by in follow_up_lists.ORDERS
        for down in (False, True)
    },
    **{
        f"recommendations by {by} {'down' if down else 'up'}": wholes(Sort(by, down))
        for by in recommendation_lists.ORDERS
        for down in (False, True)
    },
    "compiled by number": compiling(numbers=("REK-2026-01234", "REK-2026-01235")),
    "compiled of an institution": compiling(institution="badan-7"),
    "compiled of a letter": compiling(letter="B/7/2026"),
    "compiled of a day": compiling(begin=NOW, end=NOW + timedelta(days=1)),
    "follow-ups that cannot be followed up": parts(group=Group.IMPOSSIBLE),
    "follow-ups of an institution": parts(institution="badan-7"),
    "follow-ups of a coordinator": parts(coordinator="koordinator-0"),
    "follow-ups due in a week": parts(due_from=DAY, due_to=DAY + timedelta(days=7)),
    "follow-ups by a word of few": parts(searched="bagian1234"),
    "follow-ups by a number": parts(searched="REK-2026-01234"),
    "recommendations of a coordinator": wholes(coordinator="koordinator-0"),
    "urgent recommendations": wholes(priority="high"),
    "recommendations by a word of few": wholes(searched="bagian1234"),
    "recommendations due in a week": wholes(due_from=DAY, due_to=DAY + timedelta(days=7)),
}
WHOLE: Final = (
    "Seq Scan on follow_up", "Seq Scan on recommendation", "Seq Scan on search_word",
    "SCAN follow_up\n", "SCAN recommendation\n", "SCAN search_word\n",
)  # fmt: skip
"""A table read through without an index."""


def test_every_order_and_filter_finds_its_rows_by_an_index(sent: Sent, crowd: Connection) -> None:
    for asked, ask in ASKED.items():
        first = ask(crowd, None)
        assert first, f"{asked}: otherwise nothing is proven"
        last = first[-1].cell.id if hasattr(first[-1], "cell") else first[-1].id
        for at in (None, Cursor(last), Cursor(last, back=True)):
            sent.clear()
            ask(crowd, at)
            for statement, parameters in list(sent):
                found = plan(crowd, statement, parameters)
                for whole in WHOLE:
                    assert whole not in f"{found}\n", f"{asked}:\n{found}"
