"""Counts are of everything, not of the page: each number leads to exactly so many rows.

Every page that the policy opens to somebody is read to its last page, as everybody, over more rows
than a page shows. A number that counts is a link of class `count`; whatever list it leads to is
read to its end, too, and its rows are counted.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from html import unescape
from itertools import cycle
from pathlib import Path
from typing import Final

from sqlalchemy import select, update

from engine.time.clock import ManualClock
from processes.acts.service import Service
from processes.composition import open_service
from processes.ground.paging import PAGE
from processes.register.states import RecommendationState, Stage
from processes.storage.tables.follow_ups import follow_up
from processes.storage.tables.recommendations import recommendation
from tests.processes.stories.world import MONDAY, options
from tests.web.compiled import application
from tests.web.conftest import Office, Person, text
from tests.web.gate.test_page_budget import opens, pages_of, scope_of_person
from tests.web.gate.test_policy import PEOPLE
from tests.web.large_office import addresses, founded
from web.configuration.settings import read_settings

COUNT: Final = re.compile(r'<a class="count" href="([^"]+)"( data-more)?[^>]*>(.*?)</a>', re.DOTALL)
NUMBER: Final = re.compile(r"[\d.,]+")
BARE: Final = re.compile(r'<(?!a )\w+ class="count"')
NEXT: Final = re.compile(r'rel="next" href="([^"]+)"')
MATRIX: Final = re.compile(r'<a class="matrix__cell .*?</a>', re.DOTALL)
STANDINGS: Final = (
    (Stage.CLOSED, "conforms"),
    (Stage.CLOSED, "cannot_be_followed_up"),
    (Stage.WITHDRAWN, "not_yet_conforms"),
    (Stage.CARRIED_OVER, None),
    (Stage.PLAN, "not_followed_up"),
    (Stage.IMPLEMENT, "not_yet_conforms"),
    (Stage.REPORT, None),
)
"""So that somebody is in each group that there is."""
LISTS: Final = (
    r"/inbox\?tab=decide",
    r"/follow-ups\?(?=.*recommendation=).*time=open",
    r"/follow-ups\?(?=.*recommendation=).*group=carried_over",
    r"/follow-ups\?institution=",
    r"/calendar/moves\?(?=.*calendar=common).*fate=done",
    r"/calendar/moves\?calendar=common",
    r"/escalations/many\?fate=left",
    r"/escalations/many",
    r"/approvals\?show=decide",
)
"""What some number or other leads to: decisions, what still runs behind a closed recommendation or
was carried over, an institution's work, the moves of a calendar, late acts, and approvals."""


@dataclass
class Reader:
    """Somebody who reads lists to their end, each once. `told`: address -> the numbers that lead
    there, and the pages they stand on."""

    person: Person
    told: dict[str, dict[str, list[str]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    bare: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.rows = cache(self._rows)

    def reads(self, address: str) -> None:
        """Note all numbers of a page and of those behind it."""
        for page in self._pages(address):
            if BARE.search(page):
                self.bare.add(address)
            for url, more, inner in COUNT.findall(page):
                number = NUMBER.search(re.sub("<[^>]+>", " ", inner))
                assert number, (address, inner)
                self.told[unescape(url)][number[0] + ("+" if more else "")].append(address)

    def _pages(self, address: str | None) -> Iterator[str]:
        while address:
            answer = self.person.client.get(address)
            is_page = answer.status_code == 200 and answer.mimetype == "text/html"
            page = text(answer).partition("<main")[2] if is_page else ""
            answer.close()
            yield page
            behind = NEXT.search(page)
            address = unescape(behind[1]) if behind else None

    def _rows(self, address: str) -> int:
        return sum(map(_rows_of, self._pages(address)))


def _rows_of(page: str) -> int:
    """Rows of all tables; cells of a matrix; incidents, which are told one below the other."""
    if "matrix-scroll" in page:
        return len(MATRIX.findall(page))
    bodies = re.findall(r"<tbody.*?</tbody>", page, re.DOTALL)
    return sum(body.count("<tr") for body in bodies) or page.count('class="section incident"')


def test_every_number_is_of_the_whole_and_leads_to_so_many_rows(
    database_url: str, tmp_path: Path
) -> None:
    known = founded(database_url, tmp_path)
    clock = ManualClock(MONDAY + timedelta(days=25))
    service = open_service(database_url, options(tmp_path), clock)
    spread(service)
    app = application(service, read_settings({"TINDAK_DATA_DIR": str(tmp_path)}))
    office = Office(app, service, clock, known.cases)
    pages, named = pages_of(app), addresses(office, known)
    largest = 0
    led_to: set[str] = set()
    for username in PEOPLE:
        reader, scope = Reader(office.enter(username)), scope_of_person(office, username)
        for endpoint, rule in pages.items():
            if opens(scope, endpoint):
                for address in named.get(endpoint, [rule]):
                    reader.reads(address)
        assert reader.bare == set(), "a number that leads nowhere"
        wrong = {
            (username, url): (dict(numbers), reader.rows(url))
            for url, numbers in reader.told.items()
            if list(numbers) != [str(reader.rows(url))]
        }
        assert wrong == {}
        led_to |= reader.told.keys()
        largest = max(largest, *(reader.rows(url) for url in reader.told), 0)
    assert largest > PAGE, "a number of more than a page shows was among them"
    unseen = [one for one in LISTS if not any(re.match(one, url) for url in led_to)]
    assert unseen == []
    service.close()


def spread(service: Service) -> None:
    """Give the crowd every standing in turn; every fourth recommendation has ended before them."""
    with service.transaction() as connection:
        ids = connection.scalars(select(follow_up.c.id).order_by(follow_up.c.id)).all()
        for id, (stage, verdict) in zip(ids[8:], cycle(STANDINGS), strict=False):
            values = {"status": stage, "verdict": verdict, "verdict_at": MONDAY}
            if stage in (Stage.CLOSED, Stage.WITHDRAWN, Stage.CARRIED_OVER):
                values["closed_at"] = MONDAY
            connection.execute(update(follow_up).where(follow_up.c.id == id).values(values))
        wholes = connection.scalars(select(recommendation.c.id).order_by(recommendation.c.id)).all()
        for id in wholes[8::4]:
            ended = update(recommendation).where(recommendation.c.id == id)
            connection.execute(ended.values(status=RecommendationState.CLOSED))
