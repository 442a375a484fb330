"""External workers over HTTP: 16 workers fetch and complete tasks at 2 web processes; and the cost
of 200 idle workers in long polling."""

from __future__ import annotations

import os
import random
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from statistics import median

import orjson

from benchmarks.chaos.load import Caller
from benchmarks.chaos.product import WEB, Entrance, Product, furnish
from benchmarks.databases import Databases
from benchmarks.fetching import KEY, TOPICS, model
from benchmarks.http import Place
from benchmarks.measure import percentile
from benchmarks.report import Line
from engine import Engine

SECTION = "Programs outside over HTTP, PostgreSQL, 2 web processes"
WORKERS, IDLE, WEB_PROCESSES = 16, 200, 2
TASKS = 2_000
"""Seconds of each run."""
AT_ONCE = 10
"""Tasks of one fetch, as Camunda's clients ask for."""
LEASE_MS, ASK_AGAIN_SECONDS = 600_000, 60
PATIENCE_SECONDS = 60.0
BEGIN_SECONDS = 0.01
"""Seconds between the starts of two idle workers."""
LOOKS, WARM = 100, 10
TICKS = os.sysconf("SC_CLK_TCK")
BASE = "/engine-rest/external-task"


def measured(databases: Databases, runs: int, scale: float) -> list[Line]:
    """The section."""
    place = Place(databases.postgresql_url())
    entrance = furnish(place, databases.folder, TOPICS)
    tasks = max(4 * WORKERS, int(TASKS * scale))
    engine = Engine.open(place.url)
    engine.deploy({f"{KEY}.bpmn": model(TOPICS[0])}, "benchmark")
    for _ in range(tasks * (runs + 1)):
        engine.start(KEY, {"title": "x" * 120})
    engine.close()
    product = Product(place, databases.folder, web_processes=WEB_PROCESSES, workers=1)
    product.wait_until_ready()
    lines = [*_finished(product, entrance, tasks, runs), *_idle(product, entrance, runs, scale)]
    product.stop()
    return lines


def _finished(product: Product, entrance: Entrance, tasks: int, runs: int) -> Iterator[Line]:
    before = _cpu(product)
    command = [sys.executable, "-m", "benchmarks.outside", "finish", str(product.port)]
    given = subprocess.run([*command, entrance.worker_token], capture_output=True, check=True)
    told = orjson.loads(given.stdout)
    ends = sorted(told["ends"])
    assert len(ends) == tasks * (runs + 1), f"{len(ends)} finished"
    rates = [
        tasks / (ends[tasks * (run + 2) - 1] - ends[tasks * (run + 1) - 1]) for run in range(runs)
    ]
    cost = 1000 * (_cpu(product) - before) / len(ends)
    note = f"{cost:.2f} ms CPU of the web processes each; load generator {told['cpu']:.1f} s CPU"
    yield Line.of(
        SECTION, f"external tasks a second, {WORKERS} workers, {AT_ONCE} a fetch", rates, "/s",
        goal=">= 300 /s", note=note,
    )  # fmt: skip


def finish(port: int, token: str) -> dict[str, object]:
    """The load generator, in its own process: workers complete tasks until there are none; returns
    the time of each completion."""
    cpu = time.process_time()
    with ThreadPoolExecutor(WORKERS) as pool:
        ends = list(pool.map(_worker, range(WORKERS), [port] * WORKERS, [token] * WORKERS))
    return {"ends": [end for one in ends for end in one], "cpu": time.process_time() - cpu}


def _worker(number: int, port: int, token: str) -> list[float]:
    caller, name, ends = Caller(port, token, PATIENCE_SECONDS), f"worker-{number}", []
    while tasks := caller.ask("POST", f"{BASE}/fetchAndLock", _wanted(name)).body:
        for task in tasks:
            done = caller.ask("POST", f"{BASE}/{task['id']}/complete", {"workerId": name})
            assert done.status == 204, done
            ends.append(time.perf_counter())
    return ends


def _wanted(name: str, wait_seconds: float = 0) -> dict[str, object]:
    return {
        "workerId": name,
        "maxTasks": AT_ONCE,
        "asyncResponseTimeout": round(1000 * wait_seconds),
        "topics": [{"topicName": TOPICS[0], "lockDuration": LEASE_MS}],
    }


def _idle(product: Product, entrance: Entrance, runs: int, scale: float) -> Iterator[Line]:
    """Measure with and without the idle workers, in turn."""
    count, seconds = int(IDLE * scale), ASK_AGAIN_SECONDS * scale
    cpu: dict[bool, list[float]] = {False: [], True: []}
    pages: dict[bool, list[float]] = {False: [], True: []}
    for _ in range(runs):
        for waiting in (False, True):
            crowd = _crowd(product, entrance, count) if waiting else None
            before, began = _cpu(product), time.perf_counter()
            time.sleep(seconds)
            spent = (_cpu(product) - before) / (time.perf_counter() - began)
            cpu[waiting].append(100 * spent)
            pages[waiting] += _pages(product)
            if crowd is not None:
                crowd.terminate()
                crowd.wait()
    what = f"{count} workers in long polling of {ASK_AGAIN_SECONDS} s"
    more = [one - two for one, two in zip(cpu[True], cpu[False], strict=True)]
    yield Line.of(
        SECTION, f"{what}: CPU of the web processes", more, "% of a core",
        reference="(none waiting)", beside=median(cpu[False]), goal="< 2 %",
    )  # fmt: skip
    for name, share in (("median", 0.5), ("p95", 0.95)):
        yield Line(
            SECTION, f"{what}: sign-in page, {name}", percentile(pages[True], share), "ms",
            "(none waiting)", percentile(pages[False], share), "<= 1.1x",
        )  # fmt: skip


def _crowd(product: Product, entrance: Entrance, count: int) -> subprocess.Popen[bytes]:
    """A process of idle workers, all of them waiting."""
    crowd = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.outside", "wait", str(product.port),
         entrance.worker_token, str(count)],
        stdout=subprocess.PIPE,
    )  # fmt: skip
    assert crowd.stdout is not None
    assert crowd.stdout.readline() == b"waiting\n"
    return crowd


def wait(port: int, token: str, count: int) -> None:
    """Run idle workers until the process is ended: each asks again when its time is over. They do
    not begin together, so each first waits for a part of the time."""
    ready = selectors.DefaultSelector()
    for number in range(count):
        one = socket.create_connection(("127.0.0.1", port))
        part = random.uniform(0.2, 1) * ASK_AGAIN_SECONDS
        one.sendall(_request(token, f"idle-{number}", part))
        time.sleep(BEGIN_SECONDS)  # more at one moment than the front accepts from one address
        ready.register(one, selectors.EVENT_READ, f"idle-{number}")
    time.sleep(2)
    sys.stdout.write("waiting\n")
    sys.stdout.flush()
    while True:
        for key, _ in ready.select():
            asked = key.fileobj
            assert isinstance(asked, socket.socket)
            answer = asked.recv(65536)
            assert answer.startswith(b"HTTP/1.1 200"), answer
            asked.sendall(_request(token, key.data, ASK_AGAIN_SECONDS))


def _request(token: str, name: str, seconds: float) -> bytes:
    body = orjson.dumps(_wanted(name, seconds))
    head = (
        f"POST {BASE}/fetchAndLock HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _pages(product: Product) -> list[float]:
    """Milliseconds of each request for the sign-in page."""
    taken = []
    asking = HTTPConnection("127.0.0.1", product.port, timeout=PATIENCE_SECONDS)
    for _ in range(WARM + LOOKS):
        began = time.perf_counter()
        asking.request("GET", "/login", headers={"Host": "localhost"})
        answer = asking.getresponse()
        answer.read()
        taken.append(1000 * (time.perf_counter() - began))
        assert answer.status == 200, answer.status
    asking.close()
    return taken[WARM:]


def _cpu(product: Product) -> float:
    """Seconds of CPU of the web processes so far."""
    found = 0.0
    for pid in product.members(WEB):
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        found += (int(fields[11]) + int(fields[12])) / TICKS
    return found


if __name__ == "__main__":
    act, port, token = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    if act == "wait":
        wait(port, token, int(sys.argv[4]))
    sys.stdout.buffer.write(orjson.dumps(finish(port, token)))
