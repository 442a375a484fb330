"""Whether the time of an answer reveals which names exist. The page for a forgotten password and
the sign-in page are asked for an existing and for a missing name, in turn."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median

from flask.testing import FlaskClient

from benchmarks import ministry
from benchmarks.databases import Databases
from benchmarks.report import Line
from engine.scheduler import Scheduler
from processes.acts.service import Options, Service
from processes.authentication.credentials import hash_password
from processes.composition import open_service
from processes.storage.authentication import passwords
from processes.storage.people import users
from web.addresses import ADDRESSES
from web.app import create_app
from web.configuration.settings import read_settings

SECTION = "Names that an answer's time could tell"
TIMES = 1_000
WARM = 20
KNOWN, UNKNOWN = "coordinator", "koordinatir"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')

Ask = Callable[[str, str], int]


def measured(databases: Databases, runs: int, scale: float) -> list[Line]:
    """The section: both pages on both databases, with a scheduler in the same process."""
    lines = []
    for url in (databases.sqlite_url(), databases.postgresql_url()):
        service = _opened(url, databases.folder)
        worker = Scheduler(service.engine)
        worker.start()
        kind = "SQLite" if service.engine.database.is_sqlite else "PostgreSQL"
        asks = _asks(service)
        for what, ask in asks.items():
            lines.append(_compared(f"{what}, {kind}", ask, int(TIMES * scale)))
        worker.stop()
        service.close()
    return lines


def _opened(url: str, folder: Path) -> Service:
    """A ministry on real time with one person who has a password; no mail is sent."""
    ministry.found(url, folder / "files", 2).service.close()
    service = open_service(url, Options(folder / "files", "https://tindak.example", ADDRESSES))
    with service.transaction() as connection:
        user_id = users.id_of(connection, KNOWN)
        assert user_id is not None
        passwords.set_password_hash(connection, user_id, hash_password("kuda lumping di pasar"))
    return replace(service, options=replace(service.options, smtp_url="smtp://127.0.0.1:1"))


def _asks(service: Service) -> dict[str, Ask]:
    settings = read_settings({"TINDAK_DATA_DIR": str(service.options.data_dir)})
    client = create_app(service, settings).test_client()
    return {
        "forgotten password": _form(client, "/login/forgotten", {}),
        "wrong password": _form(client, "/login", {"password": "salah"}),
    }


def _form(client: FlaskClient, address: str, entries: dict[str, str]) -> Ask:
    found = TOKEN.search(client.get(address).get_data(as_text=True))
    assert found, "a form"

    def ask(username: str, peer: str) -> int:
        sent = {"csrf_token": found[1], "username": username, **entries}
        return client.post(address, data=sent, environ_base={"REMOTE_ADDR": peer}).status_code

    return ask


def _compared(what: str, ask: Ask, times: int) -> Line:
    """Each request from its own network, otherwise the network would have to wait."""
    taken: dict[str, list[float]] = {KNOWN: [], UNKNOWN: []}
    answers: dict[str, list[int]] = {KNOWN: [], UNKNOWN: []}
    for number in range(WARM + times):
        for name in (KNOWN, UNKNOWN) if number % 2 else (UNKNOWN, KNOWN):
            began = time.perf_counter()
            answers[name].append(ask(name, f"10.{number >> 8}.{number & 255}.1"))
            taken[name].append(1000 * (time.perf_counter() - began))
    assert set(answers[KNOWN]) == set(answers[UNKNOWN]), "the same answers"
    known, unknown = (median(taken[name][WARM:]) for name in (KNOWN, UNKNOWN))
    note = f"medians of {times:,}"
    return Line(SECTION, what, known, "ms", "(unknown name)", unknown, "0.9 to 1.1", note)
