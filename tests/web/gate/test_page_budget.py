"""The budget of a page: it reads once, in one transaction together with its visitor; a second one
only writes the session. Twenty statements at most, none of them twice.

Every page that the policy table opens to somebody is opened as everybody, with more rows than a
page shows; on PostgreSQL in `tests/world`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

import psycopg
import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.engine import Engine as SqlEngine
from werkzeug.test import TestResponse

from engine.storage import upkeep
from engine.time.clock import ManualClock
from processes.authentication import sign_in
from processes.composition import open_service
from processes.rights.access import Scope, scope_of
from processes.storage.people import users
from tests.processes.stories.world import MONDAY, options
from tests.web.compiled import application
from tests.web.conftest import Office, Person
from tests.web.gate.test_policy import PEOPLE
from tests.web.large_office import addresses, founded
from web.configuration.settings import read_settings
from web.gate import policy

TRANSACTIONS, STATEMENTS = 2, 20
HEAVIEST: Final = 200_000
"""Bytes of a page, before it is compressed: the matrix of many institutions too."""


class Cost(NamedTuple):
    """What the costliest answer of a page took. `repeated`: how many statements were sent again
    with the same parameters."""

    transactions: int
    statements: int
    repeated: int

    @property
    def held(self) -> bool:
        """Whether the page is within the budget."""
        return (
            self.transactions <= TRANSACTIONS
            and self.statements <= STATEMENTS
            and self.repeated == 0
        )

    def worst(self, other: Cost) -> Cost:
        """The larger of each figure."""
        return Cost(*map(max, self, other))


OVER: Final[Mapping[str, Cost]] = {}
"""Pages that are not within the budget yet, with what they cost: each figure may only shrink."""
RECORDED: Final = frozenset(
    {
        "agreements.download",
        "compilation_orders.fetch",
        "evidence.download",
        "signed_scans.download",
    }
)
"""Reading them is an act: what it records is their second transaction, which asks clock and rights
anew."""
AROUND: Final = re.compile(r"\s*(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|--)")
"""What only begins or ends a transaction."""


@dataclass
class Sent:
    """What went to the drivers since it was cleared. `apart`: each transaction asks for itself, so
    the same statement in another one is none that was repeated."""

    transactions: int = 0
    statements: list[str] = field(default_factory=list)
    apart: bool = False

    def clear(self, *, apart: bool) -> None:
        self.transactions, self.apart = 0, apart
        self.statements.clear()

    def note(self, statement: str) -> None:
        if not AROUND.match(statement):
            told = f"[{self.transactions}] {statement}" if self.apart else statement
            self.statements.append(told)

    @property
    def cost(self) -> Cost:
        times = Counter(self.statements)
        repeated = sum(number - 1 for number in times.values())
        return Cost(self.transactions, len(self.statements), repeated)


@contextmanager
def sending() -> Iterator[Sent]:
    """What is sent over connections that are opened inside, below everything of ours."""
    sent = Sent()

    class Cursor(psycopg.Cursor[Any]):
        def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
            sent.note(f"{query} {params!r}")
            return super().execute(query, params, **options)

    def put_in(dialect: Any, _record: Any, _positional: Any, options: dict[str, Any]) -> None:
        if dialect.name == "postgresql":
            options["cursor_factory"] = Cursor

    def trace(raw: Any, _record: Any) -> None:
        if hasattr(raw, "set_trace_callback"):
            raw.set_trace_callback(sent.note)

    def begun(_connection: Any) -> None:
        sent.transactions += 1

    listeners = (("do_connect", put_in), ("connect", trace), ("begin", begun))
    for name, listener in listeners:
        event.listen(SqlEngine, name, listener)
    try:
        yield sent
    finally:
        for name, listener in listeners:
            event.remove(SqlEngine, name, listener)


@dataclass
class Walk:
    """What was found. `costs`: endpoint -> its cost; `dearest`: endpoint -> what was sent for it;
    `shown`: endpoints that answered somebody with a page."""

    pages: Mapping[str, str]
    costs: dict[str, Cost] = field(default_factory=dict)
    dearest: dict[str, list[str]] = field(default_factory=dict)
    shown: set[str] = field(default_factory=set)
    weights: dict[str, int] = field(default_factory=dict)
    """Endpoint -> bytes of its longest page."""

    def weigh(self, endpoint: str, answer: TestResponse) -> None:
        """Note how long a page is; files and drawings are as long as they are."""
        if answer.mimetype == "text/html":
            longest = max(self.weights.get(endpoint, 0), len(answer.get_data()))
            self.weights[endpoint] = longest

    def note(self, endpoint: str, cost: Cost, statements: list[str]) -> None:
        """Another answer of a page."""
        before = self.costs.get(endpoint, Cost(0, 0, 0))
        self.costs[endpoint] = before.worst(cost)
        if cost.statements > before.statements:
            self.dearest[endpoint] = statements


@pytest.mark.long
def test_no_page_costs_more_than_its_budget(sqlite_url: str, tmp_path: Path) -> None:
    assert_within_budget(sqlite_url, tmp_path)


def assert_within_budget(url: str, folder: Path) -> None:
    """No page of an office founded on this database costs more than it may."""
    walk = _walked(url, folder)
    unseen = {endpoint: walk.pages[endpoint] for endpoint in walk.pages.keys() - walk.shown}
    assert unseen == {}, "tests/web/large_office.py gives each page an address that shows it"
    assert {page: n for page, n in walk.weights.items() if n > HEAVIEST} == {}
    dear = {page for page, cost in walk.costs.items() if not cost.held}
    grown = {page for page in dear if walk.costs[page].worst(_allowed(page)) != _allowed(page)}
    assert grown == set(), _told(walk, grown)
    # Two moments that are parameters are sometimes the same one, so repeats are not compared.
    better = {page: walk.costs[page] for page in OVER if walk.costs[page][:2] < OVER[page][:2]}
    assert better == {}, "write down how much better these are, or strike them out"


def _walked(url: str, folder: Path) -> Walk:
    """All pages, opened by everybody."""
    known = founded(url, folder)
    with sending() as sent:
        clock = ManualClock(MONDAY + timedelta(days=25))
        service = open_service(url, options(folder), clock)
        app = application(service, read_settings({"TINDAK_DATA_DIR": str(folder)}))
        office = Office(app, service, clock, known.cases)
        walk, named = Walk(pages_of(app)), addresses(office, known)
        for username in (None, *PEOPLE):
            person = office.enter(username) if username else office.stranger()
            scope = scope_of_person(office, username) if username else None
            for endpoint, rule in walk.pages.items():
                if opens(scope, endpoint):
                    service.engine.database.repeat(upkeep.beat)  # somebody looks after what is due
                    for address in named.get(endpoint, [rule]):
                        _visit(walk, sent, person, endpoint, address)
        service.close()
    return walk


def pages_of(app: Flask) -> dict[str, str]:
    """Endpoint -> rule of everything that a browser opens."""
    return {
        rule.endpoint: rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and rule.endpoint != "static"
        and not rule.rule.startswith(("/api/", "/engine-rest"))
    }


def scope_of_person(office: Office, username: str) -> Scope:
    with office.service.reading() as connection:
        user = users.by_username(connection, username)
        assert user is not None
        return scope_of(connection, user.id)


def opens(scope: Scope | None, endpoint: str) -> bool:
    if scope is None:
        return policy.POLICY[endpoint] == policy.OPEN
    return policy.opens(scope, endpoint)


def _visit(walk: Walk, sent: Sent, person: Person, endpoint: str, address: str) -> None:
    """Open a page; once more where that was too dear, for a model is parsed only once."""
    recorded = endpoint in RECORDED
    with pytest.MonkeyPatch.context() as patch:
        if not recorded:
            # Each request writes its session: so reading twice is one transaction too many.
            patch.setattr(sign_in, "needs_touch", lambda _session, _now: True)
        for _ in range(2):
            sent.clear(apart=recorded)
            answer = person.client.get(address)
            assert answer.status_code in (200, 302, 403, 404, 409, 422), (address, answer.status)
            walk.weigh(endpoint, answer)
            answer.close()
            if sent.cost.held:
                break
    walk.note(endpoint, sent.cost, [address, *sent.statements])
    if answer.status_code in (200, 302):
        walk.shown.add(endpoint)


def _allowed(page: str) -> Cost:
    return OVER.get(page, Cost(TRANSACTIONS, STATEMENTS, 0))


def _told(walk: Walk, pages: set[str]) -> str:
    """What was sent for these, to be read by whoever mends them."""
    return "\n\n".join(
        "\n".join([f"{one} {walk.costs[one]}", *walk.dearest[one]]) for one in sorted(pages)
    )
