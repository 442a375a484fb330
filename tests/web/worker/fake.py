"""A server that offers tasks like `/engine-rest/external-task`, with faults on demand.

It checks no lease; `tests/world/test_own_worker.py` tests a worker with the served product.
"""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar
from urllib.error import HTTPError
from urllib.request import Request, urlopen
from uuid import uuid4

PATIENCE_SECONDS = 30
LOOK_SECONDS = 0.01
HANDED_ON = ("authorization", "content-type", "idempotency-key")

Found = TypeVar("Found")


def wait(what: str, look: Callable[[], Found | None]) -> Found:
    """What `look` finds as soon as it finds something."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        if found := look():
            return found
        time.sleep(LOOK_SECONDS)
    raise AssertionError(f"no {what} after {PATIENCE_SECONDS} s")


@dataclass(frozen=True)
class Fault:
    """What becomes of the next call of an act: a status with headers, or (0) a connection that
    is cut after the call was heard, as when an answer is lost."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    message: str = ""


@dataclass(frozen=True)
class Call:
    """A call that was heard. `act`: the last part of its path."""

    act: str
    task: str
    body: dict[str, Any]
    headers: dict[str, str]
    at: float


class Fake(ThreadingHTTPServer):
    """The server. `offer` makes a task; `calls` are those heard so far; `faults[act]` are dealt
    to the next calls of this act, one each."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.calls: list[Call] = []
        self.faults: dict[str, list[Fault]] = {}
        self.waits = True
        """Whether it waits for tasks as long as it is asked to."""
        self.offered: list[dict[str, Any]] = []
        self.changed = threading.Condition()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def offer(self, topic: str, /, retries: int | None = None, **variables: Any) -> str:
        """A task with plain or typed variables; its id."""
        row = self.row(topic, retries, **variables)
        self.put(row)
        return str(row["id"])

    def row(self, topic: str, /, retries: int | None = None, **variables: Any) -> dict[str, Any]:
        """A task as it is fetched."""
        return {
            "id": str(uuid4()), "topicName": topic, "processInstanceId": str(uuid4()),
            "processDefinitionKey": "key", "processDefinitionId": "key:1:x", "retries": retries,
            "priority": 0, "businessKey": "A-1", "extensionProperties": {"colour": "red"},
            "variables": {name: as_sent(value) for name, value in variables.items()},
            "activityId": "work",
        }  # fmt: skip

    def put(self, row: dict[str, Any]) -> None:
        """Let it be fetched."""
        with self.changed:
            self.offered.append(row)
            self.changed.notify_all()

    def of(self, act: str) -> list[Call]:
        """The calls of an act, in their order."""
        return [call for call in self.calls if call.act == act]

    def first(self, act: str) -> Call:
        """The first call of an act, once it has come."""
        return self.first_ones(act, 1)[0]

    def first_ones(self, act: str, most: int) -> list[Call]:
        """So many calls of an act, once they have come."""
        return wait(
            f"{most} calls of {act}", lambda: self.of(act)[:most][most - 1 :] and self.of(act)
        )

    def answer(self, call: Call) -> tuple[int, Any]:
        """Status and body of what a call is answered without a fault."""
        return (200, self.take(call.body)) if call.act == "fetchAndLock" else (204, None)

    def lose(self, call: Call) -> None:
        """What becomes of a call whose answer is lost."""

    def take(self, body: dict[str, Any]) -> list[dict[str, Any]]:
        """Tasks of the topics asked for, waited for as asked."""
        seconds = body["asyncResponseTimeout"] / 1000 if self.waits else 0
        names = {topic["topicName"] for topic in body["topics"]}
        with self.changed:
            self.changed.wait_for(lambda: self._fitting(names), seconds)
            taken = self._fitting(names)[: body["maxTasks"]]
            self.offered = [row for row in self.offered if row not in taken]
        return taken

    def _fitting(self, names: set[str]) -> list[dict[str, Any]]:
        return [row for row in self.offered if row["topicName"] in names]

    def handle_error(self, *_: object) -> None:
        """A client may go away."""


class Between(Fake):
    """Hands each call on to a real server, and the answer back, unless a fault loses it."""

    def __init__(self, behind: str) -> None:
        super().__init__()
        self._behind = behind

    def answer(self, call: Call) -> tuple[int, Any]:
        path = f"{call.task}/{call.act}" if call.task != call.act else call.act
        request = Request(
            f"{self._behind}/engine-rest/external-task/{path}",
            json.dumps(call.body).encode(),
            {name: call.headers[name] for name in HANDED_ON if name in call.headers},
        )
        try:
            with urlopen(request, timeout=PATIENCE_SECONDS) as answer:
                content = answer.read()
        except HTTPError as refusal:
            return refusal.code, json.loads(refusal.read())
        return answer.status, json.loads(content) if content else None

    def lose(self, call: Call) -> None:
        self.answer(call)


def as_sent(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {"value": value}


class _Answering(BaseHTTPRequestHandler):
    server: Fake
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        _, _, _, *rest = self.path.split("/")
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        act, task = rest[-1], rest[0]
        headers = {name.lower(): value for name, value in self.headers.items()}
        call = Call(act, task, body, headers, time.monotonic())
        with self.server.changed:
            self.server.calls.append(call)
            waiting = self.server.faults.get(act)
            fault = waiting.pop(0) if waiting else None
        if fault and not fault.status:
            self.server.lose(call)
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
        elif fault:
            self._answer(fault.status, {"message": fault.message}, fault.headers)
        else:
            status, answer = self.server.answer(call)
            self._answer(status, answer, {})

    def _answer(self, status: int, body: Any, headers: dict[str, str]) -> None:
        content = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Tests look at `calls`."""


@contextmanager
def serving(server: ThreadingHTTPServer) -> Iterator[None]:
    """Answer from a thread until the end."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
