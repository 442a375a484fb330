"""The time of pages beside slow clients: the sign-in page and an inbox, alone and with 200 silent
clients of each kind. Each request has its own connection."""

from __future__ import annotations

import time
from http.client import HTTPConnection
from pathlib import Path
from statistics import median

from benchmarks import ministry
from benchmarks.databases import Databases
from benchmarks.measure import percentile
from benchmarks.report import Line
from benchmarks.slow import KINDS, PATIENCE_SECONDS, SLOW, Served, serve, stop
from processes.authentication.password_check import Visitor
from processes.authentication.sign_in import Limits, open_session

SECTION = "Pages beside slow clients"
CLIENTS = 200
LOOKS, WARM = 300, 30
CASES = 5
GOAL = "<= 2,000 ms"


def measured(databases: Databases, _runs: int, scale: float) -> list[Line]:
    """The section: on SQLite with one web process, on PostgreSQL with two."""
    clients, looks = int(CLIENTS * scale), int(LOOKS * scale)
    lines = []
    for kind, url, workers in (
        ("SQLite", databases.sqlite_url(), "1"),
        ("PostgreSQL", databases.postgresql_url(), "2"),
    ):
        folder = databases.folder / kind
        folder.mkdir()
        pages = {"sign-in page": ("/login", ""), "inbox": ("/inbox", _session(url, folder))}
        product = serve(folder, {**SLOW, "TINDAK_DATABASE_URL": url, "TINDAK_WORKERS": workers})
        alone = {name: _taken(product, *page, looks) for name, page in pages.items()}
        slow = [one for says in KINDS.values() for one in product.clients(says, clients)]
        beside = {name: _taken(product, *page, looks) for name, page in pages.items()}
        lines += [
            line
            for name in pages
            for line in _lines(f"{name}, {kind}", alone[name], beside[name], len(slow))
        ]
        for one in slow:
            one.close()
        stop(product)
    return lines


def _session(url: str, folder: Path) -> str:
    """The session key of a person with a few tasks, in a browser."""
    place = ministry.found(url, folder / "data", 2)
    drafts = [place.register() for _ in range(CASES)]
    place.pass_days(ministry.COMMENT_DAYS + 1)
    for draft in drafts:
        place.send(draft)
    scope = place.scopes[place.codes[0]]
    with place.service.transaction() as connection:
        now = place.service.engine.on(connection).real_now()
        visitor = Visitor("127.0.0.1")
        key = open_session(connection, scope.user_id, visitor=visitor, now=now, limits=Limits())
    place.service.close()
    return key


def _taken(product: Served, path: str, key: str, looks: int) -> list[float]:
    """Milliseconds of each request, connecting included."""
    taken = []
    for _ in range(WARM + looks):
        began = time.perf_counter()
        asking = HTTPConnection("127.0.0.1", product.port, timeout=PATIENCE_SECONDS)
        asking.request("GET", path, headers={"Host": "localhost", "Cookie": f"tindak={key}"})
        answer = asking.getresponse()
        page = answer.read()
        asking.close()
        taken.append(1000 * (time.perf_counter() - began))
        assert answer.status == 200, answer.status
        assert not key or page.count(b"/tasks/") >= CASES
    return taken[WARM:]


def _lines(what: str, alone: list[float], beside: list[float], clients: int) -> list[Line]:
    what = f"{what}, {clients:,} slow clients"
    note = f"longest of {len(beside)}: {max(beside):.0f} ms, alone {max(alone):.0f} ms"
    return [
        Line(SECTION, f"{what}: median", median(beside), "ms", "(none)", median(alone), GOAL),
        Line(
            SECTION, f"{what}: p99", percentile(beside, 0.99), "ms", "(none)",
            percentile(alone, 0.99), GOAL, note,
        ),
    ]  # fmt: skip
