"""Every route, called by all users with data that no page of ours would send: no answer is a defect
of ours.

A walk with a seed, so that what it finds is found again. It learns which parameters a route reads
by watching it read, which fields a form has and which ids there are from the pages themselves.
Half of it is walked here, on SQLite; the other half on PostgreSQL, in `tests/world`.
"""

from __future__ import annotations

import random
import re
import traceback
from base64 import b64encode
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, ClassVar
from urllib.parse import quote, urlsplit
from uuid import uuid4

import pytest
from flask import request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from engine.models.checks.events import timers
from processes.rights.access import ACTS, scope_of
from processes.storage.people import users
from tests.web.api.conftest import Api
from tests.web.conftest import Office, Person, text
from tests.web.gate.test_policy import PEOPLE
from web.api.engine_rest.shapes import bodies as engine_bodies
from web.api.engine_rest.shapes.bodies import CamundaBody
from web.api.engine_rest.work import external_bodies
from web.gate import bodies, errors
from web.gate.policy import POLICY

SEED = 20260105
UNFIT = {"health.ready"}
"""Says 503 where no scheduler runs, which is so here."""

EDGES = (
    "0001-01-01", "9999-12-31", "0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00.000 0700",
    "9999-12-31T23:59:59.999-12:00", "1/1/1", "31/12/9999", "9999-12-31T23:59:59Z",
)  # fmt: skip
STRICT = ("a\0b", "99999999999999999999999")
"""What columns of PostgreSQL refuse and SQLite takes."""
TEXTS = (
    "", " ", "\0", "a\0b", "/x\r\nSet-Cookie: a=b", "/a\nb", "\r", "//evil.example", "/\\evil",
    "https://evil.example", "/\t/evil", "-1", "0", "99999999999999999999999", "1e999", "NaN", "٣",
    "²", "½", "1_000", "x" * 5000, "ü" * 300, "[]", "{}", "null", '{"a": 1}', '{"a": [1, null]}',
    "[" * 3000, '["\\ud800"]', "'; --", "<script>", "%", "%s %(n)s {n} {0}", "true",
    "00000000-0000-0000-0000-000000000000", "../../etc/passwd", "\U0001f5ff", "‮", "add:_",
    "remove:evidence:9999", "remove_file:x[0].y:z", "kemhan", "id", "en",
)  # fmt: skip
RAW = (b"%ED%A0%80", b"\xff\xfe", b"%00", b"%FF", b"%C0%80")
"""What is no text at all: half characters, bytes that are no UTF-8."""
HEADERS: tuple[dict[str, str], ...] = (
    {"Cookie": "tindak=%00; tindak-form=\xff"},
    {"Cookie": "tindak=" + "x" * 4000},
    {"Cookie": "tindak-form=eyJhIjpbXX0.x.y; ="},
    {"Accept-Language": "*;q=x, \xff;q=9"},
    {"Accept": "application/json"},
    {"HX-Request": "true", "Referer": "//[x"},
    {"HX-Request": "true", "Referer": "http://localhost/\xff?\n".replace("\n", "")},
    {"If-Match": 'W/"x'},
    {"If-None-Match": "*", "Range": "bytes=5-1,-,99999999999999999999-"},
    {"If-Modified-Since": "Sat, 00 Foo 0000", "If-Range": "x"},
    {"Idempotency-Key": "\xff" * 300},
    {"User-Agent": "\xff" * 500},
    {"X-Forwarded-For": "x, y", "Forwarded": "for=\xff"},
    {"Authorization": "Basic " + b64encode(b"\xff\0:\xff\0").decode()},
    {"Authorization": "Basic !!!"},
    {"Authorization": "Bearer \xff"},
    {"Authorization": "Digest username=x"},
    {"Authorization": "Basic " + b64encode(b"a:" + b"x" * 3000).decode()},
)
TYPES = (
    "application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=utf-99",
    "multipart/form-data", "multipart/form-data; boundary=x", "application/json", "text/plain",
    "application/json; charset=latin-9", "\xff/\xff", "",
)  # fmt: skip
CONTENTS = (
    b"", b"\0", b"{", b"[]", b"null", b"1e999", b'"\\ud800"', b"--x\r\n\r\n", b"a=%00&b=%ED%A0%80",
    b'--x\r\nContent-Disposition: form-data; name="files"; filename="\xff\0.bpmn"\r\n\r\n<\r\n--x-',
    b'--x\r\nContent-Disposition: form-data; name="a\0"\r\n\r\n\0\r\n--x--\r\n', b"[" * 50_000,
)  # fmt: skip
NAME = re.compile(r'\bname="([^"]+)"')
HREF = re.compile(r'(?:href|action|formaction|hx-post|hx-get)="(/[^"]*)"')


class Watched(ImmutableMultiDict[str, str]):
    """Parameters that note who reads which of them."""

    read: ClassVar[dict[str, set[str]]] = defaultdict(set)

    def _note(self, key: object) -> None:
        self.read[request.endpoint or ""].add(str(key))

    def get(self, key: Any, *given: Any, **more: Any) -> Any:
        self._note(key)
        return super().get(key, *given, **more)

    def getlist(self, key: Any, *given: Any) -> Any:
        self._note(key)
        return super().getlist(key, *given)

    def __getitem__(self, key: Any) -> Any:
        self._note(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self._note(key)
        return super().__contains__(key)


class WatchedRequest(bodies.Arriving):
    """A request whose parameters are watched."""

    parameter_storage_class = Watched


class Walk:
    """Asks routes by chance and keeps what went wrong. `ids`: values seen for each argument."""

    def __init__(self, office: Office, seed: int) -> None:
        self.office, self.api = office, Api(office.app, office.service)
        # The databases share the work: each person asks each route, and each edge is tried, on one.
        self.share = 0 if office.service.engine.database.is_sqlite else 1
        self.standing = {name: standing_of(office, name) for name in PEOPLE}
        self.chance = random.Random(seed)
        self.ids: dict[str, set[str]] = defaultdict(set)
        self.fields: set[str] = {"kept", "next", "act", "from", "note"}
        self.failed: list[str] = []
        self.open_to: dict[str, str | None] = {}
        self.people: dict[str, Person] = {}
        members = [
            kind.model_fields
            for kind in (vars(engine_bodies) | vars(external_bodies)).values()
            if isinstance(kind, type) and issubclass(kind, CamundaBody)
        ]
        self.members = sorted({name for fields in members for name in fields})

    def learn(self, who: str, start: str, pages: int) -> None:
        """Read pages from one link to the next."""
        person, ahead = self.office.enter(who), [start]
        seen: set[str] = set()
        adapter = self.office.app.url_map.bind("localhost")
        while ahead and len(seen) < pages:
            url = ahead.pop(0)
            seen.add(urlsplit(url).path)
            markup = _markup(person.get(url))
            self.fields.update(NAME.findall(markup))
            for found in HREF.findall(markup):
                path = urlsplit(found.replace("&amp;", "&")).path
                try:
                    endpoint, values = adapter.match(path, method="GET")
                except HTTPException:
                    continue
                for name, value in values.items():
                    self.ids[name].add(str(value))
                if path not in seen and endpoint != "static" and path not in ahead:
                    ahead.append(path)
        for task in self.office.service.engine.tasks(limit=50):
            self.ids["task_id"].add(str(task.id))
            self.ids["id"].update({str(task.id), str(task.instance_id)})

    def ask_all(self, rule: Rule, method: str) -> None:
        """Half of the people; and of the others, where none of these have the role for it, whoever
        has: for the edges."""
        everybody: list[str | None] = [None, *PEOPLE]
        for who in everybody[self.share :: 2]:
            self.ask(who, rule, method)
        act = ACTS.get(POLICY[rule.endpoint])
        for who in PEOPLE if act and not act.about_thing else ():
            if rule.endpoint not in self.open_to and act.who & self.standing[who]:
                self.ask(who, rule, method)

    def ask_edges(self, rule: Rule, method: str) -> None:
        """Days at the edges of the calendar, and what a column cannot hold, for whatever the route
        reads, asked by somebody it is open to: one by one in an address, all at once in a form."""
        if rule.endpoint not in self.open_to:
            return
        names = sorted(Watched.read[rule.endpoint] - {"csrf_token"})
        together = [[name] for name in names] if method == "GET" else [names] if names else []
        for place, some in enumerate(together):
            for edge in (*EDGES[(self.share + place) % 2 :: 2], *(STRICT if self.share else ())):
                call = self._call(rule, method)
                path = call["path"].split("?")[0]
                if method == "GET":
                    call["path"] = f"{path}?{some[0]}={quote(edge)}"
                else:
                    call["path"], call["data"] = path, dict.fromkeys(some, edge)
                    call.pop("content_type", None)
                self.ask(self.open_to[rule.endpoint], rule, method, call)

    def ask(
        self, who: str | None, rule: Rule, method: str, call: dict[str, Any] | None = None
    ) -> None:
        """One request, with something odd in it."""
        call = call or self._call(rule, method)
        if rule.rule.startswith(("/api/", "/engine-rest")):
            answer = self._as_program(who, rule, method, call)
        else:
            answer = self._as_person(who, method, call)
        if answer.status_code not in (401, 403, 404):
            self.open_to[rule.endpoint] = who
        if answer.status_code >= 500 and rule.endpoint not in UNFIT:
            self.failed.append(f"{answer.status_code} {who} {method} {rule.rule} {call}")

    def _as_program(
        self, who: str | None, rule: Rule, method: str, call: dict[str, Any]
    ) -> TestResponse:
        if method != "GET" and self.chance.random() < 0.7:
            call.pop("data", None)
            call.pop("content_type", None)
            call["json"] = self._object()
        return self.api.call(who, method, call.pop("path"), **call)

    def _as_person(self, who: str | None, method: str, call: dict[str, Any]) -> TestResponse:
        path = call.pop("path")
        if who is None:
            return self.office.app.test_client().open(path, method=method, **call)
        person = self.people.get(who)
        if person is None:
            person = self.people[who] = self.office.enter(who)
            person.get("/account")
        if isinstance(call.get("data"), dict):
            call["data"]["csrf_token"] = person.token
        else:
            call["headers"] = {"X-CSRFToken": person.token, **call.get("headers", {})}
        answer = person.client.open(path, method=method, **call)
        if answer.status_code == 401 or (answer.location or "").startswith("/login"):
            del self.people[who]  # signed out by an act of their own
        return answer

    def _call(self, rule: Rule, method: str) -> dict[str, Any]:
        names = sorted(Watched.read[rule.endpoint]) or ["x"]
        query = "&".join(
            f"{quote(self.chance.choice(names))}={self._quoted()}"
            for _ in range(self.chance.randint(0, 3))
        )
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: self._argument(rule, found[1]), rule.rule)
        call: dict[str, Any] = {"path": f"{path}?{query}" if query else path}
        if self.chance.random() < 0.3:
            call["headers"] = dict(self.chance.choice(HEADERS))
        if method in ("GET", "HEAD"):
            return call
        if self.chance.random() < 0.75:
            fields = names + self.chance.sample(sorted(self.fields), 6)
            call["data"] = {
                name: [self._text() for _ in range(self.chance.choice((1, 1, 1, 3)))]
                for name in fields
                if self.chance.random() < 0.7
            }
        else:
            call["data"] = self.chance.choice(CONTENTS)
            call["content_type"] = self.chance.choice(TYPES)
        return call

    def _argument(self, rule: Rule, name: str) -> str:
        """A value for a part of a path: mostly of a thing that is there."""
        known = sorted(self.ids[name])
        if known and self.chance.random() < 0.7:
            return quote(self.chance.choice(known), safe="")
        kind = type(rule._converters[name]).__name__
        if kind == "UUIDConverter":
            return str(self.chance.choice([uuid4(), *sorted(self.ids["id"])]))
        if kind == "IntegerConverter":
            return self.chance.choice(("0", "1999", "99999999999999999999"))
        return self._quoted().replace("/", "%2F") or "x"

    def _text(self) -> str:
        known = sorted({one for some in self.ids.values() for one in some})
        pools = (TEXTS, EDGES, known or ("x",))
        return self.chance.choice(self.chance.choices(pools, (5, 2, 2))[0])

    def _quoted(self) -> str:
        if self.chance.random() < 0.1:
            return quote(self.chance.choice(RAW), safe="%")
        return quote(self._text())

    def _object(self, depth: int = 0) -> Any:
        """A JSON value, often with members that are read."""
        values: tuple[Any, ...] = (
            None,
            True,
            -1,
            2**70,
            1.5e300,
            [],
            {},
            "x",
            self._text(),
            ["a", None],
        )
        if depth > 2 or (depth and self.chance.random() < 0.6):
            return self.chance.choice(values)
        if self.chance.random() < 0.1:
            return self.chance.choice(values)
        names = [*self.members, "value", "type", self._text()]
        return {name: self._object(depth + 1) for name in names if self.chance.random() < 0.4}


def _markup(response: TestResponse) -> str:
    """The markup of a page; of a document there is none to read."""
    return text(response) if response.mimetype == "text/html" else ""


def standing_of(office: Office, username: str) -> frozenset[str]:
    with office.service.reading() as connection:
        person = users.by_username(connection, username)
        assert person is not None
        return scope_of(connection, person.id).standing


@pytest.fixture
def walk(office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[Walk]:
    """The half of the walk that is done on SQLite."""
    yield from watched(office, monkeypatch)


def watched(office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[Walk]:
    """The office, watched; errors of ours are told with their trace."""
    office.app.request_class = WatchedRequest
    office.app.config["PROPAGATE_EXCEPTIONS"] = False
    found = Walk(office, SEED)
    climbing = timers.ladder_problems
    asked: list[tuple[Any, Any]] = []

    def known(table: Any) -> Any:
        """The same shipped table is checked with every draft: a fifth of a second each time."""
        for before, problems in asked:
            if before == table:
                return problems
        asked.append((table, climbing(table)))
        return asked[-1][1]

    monkeypatch.setattr(timers, "ladder_problems", known)

    class Told:
        def error(self, event: str, **facts: Any) -> None:
            error = facts["exc_info"]
            trace = traceback.format_exception(getattr(error, "original_exception", error))
            found.failed.append(f"{event} {facts['path']} {''.join(trace[-6:])}")

    monkeypatch.setattr(errors, "log", Told())
    yield found
    Watched.read.clear()


def routes(office: Office) -> list[tuple[Rule, str]]:
    return [
        (rule, method)
        for rule in sorted(office.app.url_map.iter_rules(), key=lambda one: one.rule)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


@pytest.mark.long
def test_no_request_of_anybody_makes_an_error_of_ours(walk: Walk) -> None:
    ask_everything(walk)


def ask_everything(walk: Walk) -> None:
    """Every route, by everybody; nothing of it makes an error of ours."""
    for name, start in (("coordinator", "/recommendations"), ("kemhan", "/inbox"),
                       ("owner", "/processes"), ("admin", "/users")):  # fmt: skip
        walk.learn(name, start, pages=25)
    for rule, method in routes(walk.office):
        walk.ask_all(rule, method)
    for rule, method in routes(walk.office):
        walk.ask_edges(rule, method)
    assert not walk.failed, "\n".join(walk.failed)


@pytest.mark.parametrize("next_url", ["/x\r\nSet-Cookie: a=b", "/a\nb", "/\t/evil", "//e"])
def test_an_address_to_come_back_to_is_one_of_ours_and_one_line(
    office: Office, next_url: str
) -> None:
    person = office.enter("kemhan")
    for answer in (
        person.post("/language", {"_chosen": "id", "next": next_url}),
        person.get("/login", query_string={"next": next_url}),
    ):
        assert (answer.status_code, answer.location) == (302, "/")


def test_odd_json_kept_from_a_form_is_no_form(demo_office: Office) -> None:
    for kept in ("[]", "null", "1", '{"a": 1}', '{"a": [1]}', '"x"', "[" * 100_000, '{"a": null}'):
        person = demo_office.stranger()
        answer = person.post("/login/as", {"username": "kemhan", "kept": kept})
        assert answer.status_code == 200, kept
