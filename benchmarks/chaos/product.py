"""The product as its operator runs it: `tindak serve`, and on PostgreSQL one more `tindak worker`.

The product restarts its own web processes and worker. This module restarts the others (the server
itself, the second worker), like a service manager.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from benchmarks.chaos import model
from benchmarks.chaos.databases import Store
from processes.acts.service import Options
from processes.authentication import tokens
from processes.composition import open_service
from processes.people import account_desk, accounts, service_accounts
from processes.people.accounts import NewUser
from processes.rights.scope import operator
from processes.storage.people.users import Grants
from web.addresses import ADDRESSES

READY_SECONDS = 90
GONE_SECONDS = 10
"""Time in which the children of a process that was killed must have ended."""
OWNER = "owner"
WEB, WORKER, OUTSIDE = "web process", "worker", "worker outside"


@dataclass(frozen=True, slots=True)
class Entrance:
    """The credentials of clients: the token of a process owner with the user id for its request
    ids, and the same for the workers' service account."""

    token: str
    user_id: str
    worker_token: str
    worker_id: str


def furnish(store: Store, folder: Path, topics: Collection[str] = (model.TOPIC,)) -> Entrance:
    """Fill the empty database: schema, the model, one account with a token that may act, and one
    with a token for workers on these topics."""
    service = open_service(store.url, Options(folder, "http://localhost", ADDRESSES))
    service.engine.deploy({model.FILE: model.file()}, OWNER)
    grants = Grants(roles={"process-owner": None}, memberships=frozenset())
    new = NewUser(OWNER, "Owner", "", "owner@example.go.id", "ordinary", grants, None)
    user_id, lasts = accounts.create(service, operator(), new), timedelta(days=1)
    token = tokens.create_for(service, operator(), OWNER, name="chaos", kind="act", lasts=lasts)
    program = service_accounts.create(service, operator(), username="worker", name="Worker")
    made = account_desk.make_service_token(
        service, operator(), program.id, name="chaos", topics=topics, case_topics=(), lasts=lasts
    )
    service.close()
    return Entrance(token, str(user_id), made.key, str(program.id))


class Product:
    """The running processes. Only these are ever killed, by their ids. `gave_up`: how often the
    server ended by itself, as it does if its web processes end again and again."""

    def __init__(self, store: Store, folder: Path, *, web_processes: int, workers: int) -> None:
        self.port = free_port()
        self._folder, self._log = folder, (folder / "product.log").open("ab")
        self._environment = _environment(store, folder, self.port, web_processes)
        self.gave_up = 0
        self._groups = set[int]()
        alone = workers - 1 if store.name == "postgresql" else 0
        self._server = self._start("serve")
        self._workers = [self._start("worker") for _ in range(alone)]
        self._outside: list[subprocess.Popen[bytes]] = []
        self._token = ""

    def _start(self, command: str) -> subprocess.Popen[bytes]:
        begun = subprocess.Popen(
            [sys.executable, "-m", "web.cli", command],
            env=self._environment,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
        )
        self._groups.add(begun.pid)
        return begun

    def hire(self, token: str, count: int) -> None:
        """Start so many external workers for its tasks."""
        self._token = token
        self._outside = [self._hire(number) for number in range(count)]

    def _hire(self, number: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "benchmarks.chaos.outside", str(self.port), self._token,
             str(self._folder / f"ledger-{number}.jsonl")],
            stdout=self._log, stderr=self._log, start_new_session=True,
        )  # fmt: skip

    def ledgers(self) -> list[Path]:
        """The ledgers of the external workers."""
        return sorted(self._folder.glob("ledger-*.jsonl"))

    def wait_until_ready(self) -> None:
        """Wait until it answers. Raises TimeoutError with its output."""
        give_up = time.monotonic() + READY_SECONDS
        while not self._answers():
            if time.monotonic() > give_up:
                raise TimeoutError((self._folder / "product.log").read_text()[-4000:])
            time.sleep(0.1)

    def _answers(self) -> bool:
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False

    def members(self, kind: str) -> list[int]:
        """Ids of the running processes of a kind."""
        found = [pid for pid in children(self._server.pid) if kind_of(pid) == kind]
        if kind == WORKER:
            found += [one.pid for one in self._workers]
        if kind == OUTSIDE:
            found = [one.pid for one in self._outside if one.poll() is None]
        return found

    def kill_server(self) -> None:
        """Lose a host: kill the server and all processes that it started, at once; then start
        another."""
        with suppress(ProcessLookupError):
            os.killpg(self._server.pid, signal.SIGKILL)
        self._server.wait()
        self._server = self._start("serve")

    def look_after(self) -> None:
        """Restart the ended processes that nobody else restarts."""
        self._workers = [
            one if one.poll() is None else self._start("worker") for one in self._workers
        ]
        self._outside = [
            one if one.poll() is None else self._hire(number)
            for number, one in enumerate(self._outside)
        ]
        if self._server.poll() is not None:
            self.gave_up += 1
            self._server = self._start("serve")

    def stop(self) -> None:
        """The last fault: all processes are killed at once, and everything promised must exist."""
        for one in (*self._workers, *self._outside, self._server):
            with suppress(ProcessLookupError):  # it had just ended by itself
                os.killpg(one.pid, signal.SIGKILL)
            one.wait()
        self._log.close()

    def left_behind(self) -> list[int]:
        """Ids of the processes that outlive everything that was started, some seconds later."""
        give_up = time.monotonic() + GONE_SECONDS
        while (left := members_of(self._groups)) and time.monotonic() < give_up:
            time.sleep(0.1)
        return left


def _environment(store: Store, folder: Path, port: int, web_processes: int) -> dict[str, str]:
    others = {key: value for key, value in os.environ.items() if not key.startswith("TINDAK_")}
    return {
        **others,
        "TINDAK_DATABASE_URL": store.url,
        "TINDAK_DATA_DIR": str(folder / "data"),
        "TINDAK_SECRET_KEY": "of the benchmark only",
        "TINDAK_PORT": str(port),
        "TINDAK_WORKERS": str(web_processes if store.name == "postgresql" else 1),
        "TINDAK_THREADS": "4",
        "TINDAK_LOG_LEVEL": "warning",
    }


def children(pid: int) -> list[int]:
    """Ids of the processes that a process started."""
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True)
    pairs = [line.split() for line in listed.stdout.splitlines()]
    return [int(child) for child, parent in pairs if int(parent) == pid]


def members_of(groups: Collection[int]) -> list[int]:
    """Ids of the running processes of these groups."""
    listed = subprocess.run(["ps", "-A", "-o", "pid=,pgid=,stat="], capture_output=True, text=True)
    rows = [line.split() for line in listed.stdout.splitlines()]
    return [int(pid) for pid, group, state in rows if int(group) in groups and state[0] != "Z"]


def kind_of(pid: int) -> str:
    """The kind of a process of the server; empty for helpers of Python's own."""
    shown = subprocess.run(["ps", "-p", str(pid), "-o", "args="], capture_output=True, text=True)
    words = shown.stdout.strip()
    if "web.cli worker" in words:
        return WORKER
    return "" if not words or "resource_tracker" in words or "defunct" in words else WEB


def free_port() -> int:
    """A free port of this machine."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
