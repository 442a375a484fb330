"""The product over HTTP: 16 clients complete tasks at 2 web processes, and the frequent pages."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import orjson
from flask.testing import FlaskClient

from benchmarks import bare, ministry
from benchmarks.chaos.load import Caller
from benchmarks.chaos.product import Product, furnish
from benchmarks.databases import Databases
from benchmarks.fill import copy_instances
from benchmarks.measure import percentile, run
from benchmarks.ministry import Ministry
from benchmarks.model import DATA, KEY, lifecycle
from benchmarks.report import Line
from engine import Engine
from processes.authentication.password_check import Visitor
from processes.authentication.sign_in import Limits, open_session
from web.app import create_app
from web.configuration.settings import read_settings

SECTION = "HTTP on PostgreSQL"
CLIENTS, WEB_PROCESSES = 16, 2
TASKS = 4_000
CROWD = 100_000
OWN_CASES = 20
LOOKS = 60
PATIENCE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Place:
    """The place of the data of the product under load."""

    url: str
    name: str = "postgresql"

    def rows(self, statement: str) -> list[tuple[object, ...]]:
        raise AssertionError("nobody asks here")

    def close(self) -> None:
        """Nothing to stop: somebody else runs the server."""


def measured(databases: Databases, runs: int, scale: float) -> list[Line]:
    """The section."""
    count = max(CLIENTS, int(TASKS * scale))
    step = bare.on_postgresql("bare", databases.postgresql_url(""))
    floor = count / run(step, count).wall_seconds
    step.close()
    return [
        *_completing(databases.postgresql_url(), databases.folder, count, floor),
        *_pages(databases.postgresql_url(), databases.folder, int(CROWD * scale)),
    ]


def _completing(url: str, folder: Path, count: int, floor: float) -> list[Line]:
    place = Place(url)
    token = furnish(place, folder).token
    engine = Engine.open(url)
    engine.deploy({f"{KEY}.bpmn": lifecycle(quoted_timers=False)}, "benchmark")
    for _ in range(count + 4 * CLIENTS):
        engine.start(KEY, DATA)
    tasks = [str(task.id) for task in engine.tasks(limit=count + 4 * CLIENTS)]
    engine.close()
    product = Product(place, folder, web_processes=WEB_PROCESSES, workers=1)
    product.wait_until_ready()
    command = [sys.executable, "-m", "benchmarks.http", str(product.port), token]
    result = subprocess.run(
        command, input=orjson.dumps(tasks), capture_output=True, check=True
    ).stdout
    product.stop()
    told = orjson.loads(result)
    load = f"load generator: {told['cpu']:.1f} s CPU in {told['seconds']:.1f} s"
    what = f"completions a second, {CLIENTS} clients, {WEB_PROCESSES} web processes"
    return [
        Line(
            SECTION, what, told["rate"], "/s", "(bare steps, one client)", floor, ">= 200 /s", load
        ),
        Line(SECTION, "p99 of a completion", told["p99"], "ms", "(p50)", told["p50"], "<= 250 ms"),
    ]


def generate(port: int, token: str, tasks: list[str]) -> dict[str, float]:
    """The load generator, in its own process: each client completes its share of the tasks."""
    shares = [tasks[number::CLIENTS] for number in range(CLIENTS)]
    callers = [Caller(port, token, PATIENCE_SECONDS) for _ in shares]
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(_complete, callers, [share[:4] for share in shares]))  # not measured
        began, cpu = time.perf_counter(), time.process_time()
        taken = list(pool.map(_complete, callers, [share[4:] for share in shares]))
        seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    every = [one for share in taken for one in share]
    return {
        "rate": len(every) / seconds,
        "p50": percentile(every, 0.5),
        "p99": percentile(every, 0.99),
        "cpu": cpu,
        "seconds": seconds,
    }


def _complete(caller: Caller, tasks: list[str]) -> list[float]:
    """Milliseconds of each completion."""
    return list(_timed(caller, tasks))


def _timed(caller: Caller, tasks: list[str]) -> Iterator[float]:
    body = {"variables": {"send_back": {"value": True, "type": "Boolean"}}}
    for task in tasks:
        began = time.perf_counter()
        answer = caller.ask("POST", f"/engine-rest/task/{task}/complete", body)
        assert answer.status == 204, answer
        yield 1000 * (time.perf_counter() - began)


def _pages(url: str, folder: Path, crowd: int) -> list[Line]:
    """The pages that a contact of many cases opens every day, among very many cases of others."""
    place = ministry.found(url, folder / "files", 2)
    drafts = [place.register() for _ in range(OWN_CASES)]
    place.pass_days(ministry.COMMENT_DAYS + 1)
    for draft in drafts:
        place.send(draft)
    first, second = (place.follow_ups(draft)[place.codes[0]] for draft in drafts[:2])
    addresses = _addresses(place, first)
    few = _looked_at(place, addresses)
    copy_instances(place.service.engine, place.instance(second), crowd)
    many = _looked_at(place, addresses)
    place.service.close()
    return [
        Line(
            SECTION, f"{page} among {crowd:,} cases (p95)", many[page], "ms", "(among its own)",
            few[page], "<= 25 ms",
        )
        for page in addresses
    ]  # fmt: skip


def _addresses(place: Ministry, case: UUID) -> dict[str, tuple[str, str]]:
    """Page -> its address, and a link on it. The case has a written report that is not sent yet."""
    contact = place.codes[0]
    done = {**ministry.PROGRESS, "percent": 100, "done": "yes"}
    worked = {"acknowledge": ministry.ACCEPTED, "plan": ministry.PLAN, "implement": done}
    for element, answers in worked.items():
        place.do(contact, element, case, answers)
    task = place.task(case, "report")
    typed = {name: [value] for name, value in ministry.REPORT.items()}
    typed["evidence"] = [str(place.upload(contact, task))]
    place.service.engine.save_draft(task.id, contact, typed)
    return {
        f"inbox page of {OWN_CASES} tasks": ("/inbox", f"/tasks/{task.id}"),
        "page of a task": (f"/tasks/{task.id}", f"/tasks/{task.id}/draft"),
        "page that checks a report": (f"/tasks/{task.id}/check", f"/tasks/{task.id}/complete"),
        "page of a follow-up": (f"/follow-ups/{case}", f"/follow-ups/{case}/drawing"),
    }


def _looked_at(place: Ministry, addresses: Mapping[str, tuple[str, str]]) -> dict[str, float]:
    """Milliseconds in which each page is there, in 95 of 100 requests."""
    folder = {"TINDAK_DATA_DIR": str(place.service.options.data_dir)}
    client = create_app(place.service, read_settings(folder)).test_client()
    scope = place.scopes[place.codes[0]]
    with place.service.transaction() as connection:
        now = place.service.engine.on(connection).real_now()
        visitor = Visitor("127.0.0.1")
        key = open_session(connection, scope.user_id, visitor=visitor, now=now, limits=Limits())
    client.set_cookie("tindak", key)
    return {page: _p95(client, *found) for page, found in addresses.items()}


def _p95(client: FlaskClient, address: str, link: str) -> float:
    taken = []
    for _ in range(LOOKS):
        began = time.perf_counter()
        page = client.get(address)
        taken.append(1000 * (time.perf_counter() - began))
        assert page.status_code == 200, (address, page.status)
        assert link in page.get_data(as_text=True), address
    return percentile(taken[LOOKS // 10 :], 0.95)


if __name__ == "__main__":
    told = generate(int(sys.argv[1]), sys.argv[2], orjson.loads(sys.stdin.buffer.read()))
    sys.stdout.buffer.write(orjson.dumps(told))
