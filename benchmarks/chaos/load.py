"""Clients over HTTP: they complete, deliver and start, and repeat requests without an answer.

Several clients share the cases, so they also meet each other and the timers at the same task. A
client knows only its answers.
"""

from __future__ import annotations

import http.client
import json
import random
import time
from dataclasses import dataclass, field
from threading import Event, Lock, Thread
from typing import Any
from uuid import uuid4

from benchmarks.chaos.ledger import UNANSWERED, Act, Ledger
from benchmarks.chaos.model import KEY, MESSAGE

ANSWER_SECONDS = 10.0
COME_BACK = frozenset({502, 503, 504})
"""Answers that ask for a repetition of the same request."""
FINISH_CHANCE = 0.1
NO_ANSWER = (OSError, http.client.HTTPException, json.JSONDecodeError)


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and body; `tries`: the number of requests."""

    status: int
    body: Any
    tries: int


class Caller:
    """One client's connection to the product; it repeats a request until there is an answer, or
    gives up."""

    def __init__(self, port: int, token: str, patience_seconds: float) -> None:
        self._port, self._token, self._patience = port, token, patience_seconds
        self._connection: http.client.HTTPConnection | None = None

    def ask(self, method: str, path: str, body: Any = None, request: str = "") -> Answer:
        """The answer, after as many repetitions of the same request as needed."""
        give_up, tries = time.monotonic() + self._patience, 0
        while time.monotonic() < give_up:
            tries += 1
            try:
                status, found = self._once(method, path, body, request)
            except NO_ANSWER:
                self._connection = None
            else:
                if status not in COME_BACK:
                    return Answer(status, found, tries)
            time.sleep(min(0.05 * tries, 0.5))
        return Answer(UNANSWERED, None, tries)

    def _once(self, method: str, path: str, body: Any, request: str) -> tuple[int, Any]:
        if self._connection is None:
            self._connection = http.client.HTTPConnection(
                "127.0.0.1", self._port, timeout=ANSWER_SECONDS
            )
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        if request:
            headers["Idempotency-Key"] = request
        content = None if body is None else json.dumps(body)
        self._connection.request(method, path, content, headers)
        answer = self._connection.getresponse()
        text = answer.read()
        is_json = "json" in (answer.getheader("Content-Type") or "")
        return answer.status, json.loads(text) if text and is_json else None


@dataclass
class Cases:
    """Business key -> id of the cases on which all clients work."""

    known: dict[str, str] = field(default_factory=dict)
    guard: Lock = field(default_factory=Lock)

    def any(self, chance: random.Random) -> tuple[str, str]:
        """A random case."""
        with self.guard:
            return chance.choice(sorted(self.known.items()))

    def replace(self, old: str | None, key: str, id: str) -> None:
        """Put a new case in the place of an ended one."""
        with self.guard:
            if old is not None:
                self.known.pop(old, None)
            self.known[key] = id


class Client(Thread):
    """Acts on one case after the other until told to stop."""

    def __init__(
        self, caller: Caller, cases: Cases, ledger: Ledger, seed: int, stop: Event, pause: float
    ) -> None:
        super().__init__(daemon=True)
        self._caller, self._cases, self._ledger = caller, cases, ledger
        self._chance, self._halt, self._pause = random.Random(seed), stop, pause

    def run(self) -> None:
        """Act until told to stop."""
        while not self._halt.wait(self._pause):
            self._visit(*self._cases.any(self._chance))

    def _visit(self, key: str, id: str) -> None:
        tasks = self._caller.ask("GET", f"/engine-rest/task?processInstanceId={id}")
        if tasks.status == 200 and tasks.body:
            self._complete(tasks.body[0]["id"])
        elif self._deliver(key).refused and self._has_ended(id):
            self.start_case(key)

    def _has_ended(self, id: str) -> bool:
        return self._caller.ask("GET", f"/engine-rest/process-instance/{id}").status == 404

    def _complete(self, task: str) -> Act:
        finish = self._chance.random() < FINISH_CHANCE
        body = {"variables": {"finish": {"value": finish, "type": "Boolean"}}}
        return self._act("complete", f"/engine-rest/task/{task}/complete", task, body)[0]

    def _deliver(self, key: str) -> Act:
        body = {"messageName": MESSAGE, "businessKey": key}
        return self._act("message", "/engine-rest/message", key, body)[0]

    def start_case(self, old: str | None = None) -> None:
        """Start a new case for all clients."""
        key = uuid4().hex
        path = f"/engine-rest/process-definition/key/{KEY}/start"
        act, body = self._act("start", path, key, {"businessKey": key})
        if act.acknowledged:
            self._cases.replace(old, key, body["id"])

    def _act(self, kind: str, path: str, subject: str, body: Any) -> tuple[Act, Any]:
        act = Act(uuid4().hex, kind, path, subject)
        self._ledger.write(act)
        answer = self._caller.ask("POST", path, body, act.request)
        told = answer.body["id"] if kind == "start" and answer.status == 200 else ""
        return self._ledger.answered(act, answer.status, answer.tries, told), answer.body
