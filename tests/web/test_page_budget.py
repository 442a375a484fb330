"""What a page may cost: it reads once, in one transaction together with its visitor; a second one
only writes the session. Twenty statements at most, none of them twice.

Every page that the policy table opens to somebody is opened as everybody, on both databases, with
more rows than a page shows.
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

from engine.clock import ManualClock
from engine.storage import upkeep
from processes import sign_in
from processes.access import Scope, scope_of
from processes.composition import open_service
from processes.storage import users
from tests.conftest import PostgresServer
from tests.processes.stories.world import MONDAY, options
from tests.web.compiled import application
from tests.web.conftest import Office, Person
from tests.web.large_office import addresses, founded
from tests.web.test_policy import PEOPLE
from web import policy
from web.settings import read_settings

TRANSACTIONS, STATEMENTS = 2, 20


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


OVER: Final[Mapping[str, Cost]] = {
    "account.show": Cost(4, 12, 2),
    "approvals.listed": Cost(4, 59, 1),
    "approvals.show": Cost(4, 14, 1),
    "calendar.change": Cost(5, 8, 1),
    "calendar.show": Cost(5, 11, 2),
    "drafts.archive": Cost(3, 9, 0),
    "drafts.check": Cost(6, 21, 6),
    "drafts.check_discard": Cost(4, 11, 1),
    "drafts.check_release": Cost(7, 28, 8),
    "drafts.edit": Cost(4, 10, 1),
    "drafts.load": Cost(3, 9, 0),
    "drafts.show": Cost(4, 11, 1),
    "evidence.download": Cost(2, 10, 1),
    "forgotten.show": Cost(3, 7, 1),
    "health.ready": Cost(3, 8, 1),
    "incidents.check_discard": Cost(4, 10, 1),
    "incidents.listed": Cost(4, 11, 1),
    "instances.listed": Cost(4, 12, 1),
    "institutions.closing_form": Cost(5, 9, 1),
    "institutions.details": Cost(5, 9, 1),
    "institutions.listed": Cost(4, 10, 1),
    "institutions.new": Cost(4, 8, 1),
    "institutions.show": Cost(4, 11, 1),
    "link.show": Cost(4, 9, 1),
    "outbox.listed": Cost(5, 10, 1),
    "outbox.show": Cost(4, 10, 1),
    "processes.archive": Cost(4, 8, 0),
    "processes.at": Cost(5, 9, 1),
    "processes.download": Cost(4, 8, 0),
    "processes.form": Cost(6, 11, 1),
    "processes.listed": Cost(4, 12, 1),
    "processes.model": Cost(4, 8, 0),
    "processes.show": Cost(8, 18, 1),
    "processes.version": Cost(6, 12, 1),
    "service_accounts.cases": Cost(5, 14, 6),
    "service_accounts.new_token": Cost(4, 11, 3),
    "system.show": Cost(4, 22, 8),
    "tokens.listed": Cost(4, 8, 1),
    "topics.check_retry": Cost(5, 11, 2),
    "topics.check_retry_all": Cost(4, 9, 1),
    "topics.listed": Cost(4, 9, 1),
    "topics.show": Cost(30, 12, 2),
    "topics.task": Cost(5, 11, 2),
    "users.check_close": Cost(4, 13, 1),
    "users.details": Cost(4, 9, 1),
    "users.listed": Cost(4, 11, 1),
    "users.new": Cost(4, 8, 1),
    "users.rights": Cost(5, 10, 1),
    "users.show": Cost(4, 13, 3),
}
"""Pages that are not within the budget yet, with what they cost: each figure may only shrink."""
RECORDED: Final = frozenset({"evidence.download"})
"""Reading them is an act: what it records is their second transaction."""
AROUND: Final = re.compile(r"\s*(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|--)")
"""What only begins or ends a transaction."""


@dataclass
class Sent:
    """What went to the drivers since it was cleared."""

    transactions: int = 0
    statements: list[str] = field(default_factory=list)

    def clear(self) -> None:
        self.transactions = 0
        self.statements.clear()

    @property
    def cost(self) -> Cost:
        times = Counter(self.statements)
        repeated = sum(number - 1 for number in times.values())
        return Cost(self.transactions, len(self.statements), repeated)


@contextmanager
def sending() -> Iterator[Sent]:
    """What is sent over connections that are opened inside, below everything of ours."""
    sent = Sent()

    def note(statement: str) -> None:
        if not AROUND.match(statement):
            sent.statements.append(statement)

    class Cursor(psycopg.Cursor[Any]):
        def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
            note(f"{query} {params!r}")
            return super().execute(query, params, **options)

    def put_in(dialect: Any, _record: Any, _positional: Any, options: dict[str, Any]) -> None:
        if dialect.name == "postgresql":
            options["cursor_factory"] = Cursor

    def trace(raw: Any, _record: Any) -> None:
        if hasattr(raw, "set_trace_callback"):
            raw.set_trace_callback(note)

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

    def note(self, endpoint: str, cost: Cost, statements: list[str]) -> None:
        """Another answer of a page."""
        before = self.costs.get(endpoint, Cost(0, 0, 0))
        self.costs[endpoint] = before.worst(cost)
        if cost.statements > before.statements:
            self.dearest[endpoint] = [f"{cost}", *statements]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def walk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Walk:
    """All pages, opened by everybody."""
    folder = tmp_path_factory.mktemp("large")
    if request.param == "sqlite":
        return _walked(f"sqlite:///{folder / 'tindak.db'}", folder)
    postgres: PostgresServer = request.getfixturevalue("postgres")
    return _walked(postgres.new_database(), folder)


def _walked(url: str, folder: Path) -> Walk:
    known = founded(url, folder)
    with sending() as sent:
        clock = ManualClock(MONDAY + timedelta(days=25))
        service = open_service(url, options(folder), clock)
        app = application(service, read_settings({"TINDAK_DATA_DIR": str(folder)}))
        service.engine.database.repeat(upkeep.beat)  # somebody looks after what is due
        office = Office(app, service, clock, known.cases)
        walk, named = Walk(pages_of(app)), addresses(office, known)
        for username in (None, *PEOPLE):
            person = office.enter(username) if username else office.stranger()
            scope = _scope_of(office, username) if username else None
            for endpoint, rule in walk.pages.items():
                if _opens(scope, endpoint):
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


def _scope_of(office: Office, username: str) -> Scope:
    with office.service.reading() as connection:
        user = users.by_username(connection, username)
        assert user is not None
        return scope_of(connection, user.id)


def _opens(scope: Scope | None, endpoint: str) -> bool:
    if scope is None:
        return policy.POLICY[endpoint] == policy.OPEN
    return policy.opens(scope, endpoint)


def _visit(walk: Walk, sent: Sent, person: Person, endpoint: str, address: str) -> None:
    """Open a page; once more where that was too dear, for a model is parsed only once."""
    with pytest.MonkeyPatch.context() as patch:
        if endpoint not in RECORDED:
            # Each request writes its session: so reading twice is one transaction too many.
            patch.setattr(sign_in, "needs_touch", lambda _session, _now: True)
        for _ in range(2):
            sent.clear()
            answer = person.client.get(address)
            assert answer.status_code in (200, 302, 403, 404, 409, 422), (address, answer.status)
            answer.close()
            if sent.cost.held:
                break
    walk.note(endpoint, sent.cost, [address, *sent.statements])
    if answer.status_code in (200, 302):
        walk.shown.add(endpoint)


def test_every_page_is_opened_by_somebody(walk: Walk) -> None:
    unseen = {endpoint: walk.pages[endpoint] for endpoint in walk.pages.keys() - walk.shown}
    assert unseen == {}, "tests/web/large_office.py gives each page an address that shows it"


def test_no_page_costs_more_than_its_budget(walk: Walk) -> None:
    dear = {page for page, cost in walk.costs.items() if not cost.held}
    grown = {page for page in dear if walk.costs[page].worst(_allowed(page)) != _allowed(page)}
    assert grown == set(), _told(walk, grown)


def test_what_is_over_the_budget_only_shrinks(walk: Walk) -> None:
    better = {page: walk.costs[page] for page, cost in OVER.items() if walk.costs[page] != cost}
    assert better == {}, "write down how much better these are, or strike them out"


def _allowed(page: str) -> Cost:
    return OVER.get(page, Cost(TRANSACTIONS, STATEMENTS, 0))


def _told(walk: Walk, pages: set[str]) -> str:
    """What was sent for these, to be read by whoever mends them."""
    return "\n\n".join("\n".join([one, *walk.dearest[one]]) for one in sorted(pages))
