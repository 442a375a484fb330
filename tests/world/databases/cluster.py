"""PostgreSQL with failover: two servers under Patroni, with etcd to agree on the primary."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import psycopg

from benchmarks.chaos.databases import Rows
from benchmarks.chaos.faults import Breaker
from tests.e2e.product import free_port
from tests.world.servers import Server, folder_of, program, servant, settings_of

NODES = ("node1", "node2")
SETTINGS = """
scope: tindak
name: {name}
restapi: {{listen: "127.0.0.1:{rest}", connect_address: "127.0.0.1:{rest}"}}
etcd3: {{host: "127.0.0.1:{etcd}"}}
bootstrap:
  dcs:
    ttl: 20
    loop_wait: 2
    retry_timeout: 5
    synchronous_mode: true
    postgresql: {{use_pg_rewind: true}}
  initdb: [{{encoding: UTF8}}, data-checksums]
  pg_hba:
    - local all all trust
    - host all all 127.0.0.1/32 trust
    - host replication all 127.0.0.1/32 trust
postgresql:
  listen: "127.0.0.1:{port}"
  connect_address: "127.0.0.1:{port}"
  data_dir: {place}/{name}
  bin_dir: {programs}
  pgpass: {place}/{name}.pgpass
  authentication:
    superuser: {{username: postgres, password: of-the-tests-only}}
    replication: {{username: replica, password: of-the-tests-only}}
  parameters: {{unix_socket_directories: {place}, max_connections: 100}}
watchdog: {{mode: "off"}}
"""


class Cluster:
    """An empty database on two servers; a commit waits for both while both are there. `url` names
    both and asks for the one that may be written to."""

    name = "postgresql"

    def __init__(self) -> None:
        self._ports = {name: free_port() for name in NODES}
        self._rests = {name: free_port() for name in NODES}
        self._nodes: dict[str, Server] = {}
        self._stack = ExitStack()
        hosts = "&".join(f"host=127.0.0.1:{port}" for port in self._ports.values())
        self.url = f"postgresql+psycopg://postgres@/postgres?{hosts}&target_session_attrs=primary"
        try:
            self._start()
        except BaseException:
            self._stack.close()
            raise

    def _start(self) -> None:
        programs = program("pg_ctl").parent
        self._place = self._stack.enter_context(folder_of(servant()))
        etcd = self._start_etcd()
        for name in NODES:
            settings = SETTINGS.format(
                name=name, rest=self._rests[name], port=self._ports[name], etcd=etcd,
                place=self._place, programs=programs,
            )  # fmt: skip
            settings_of(self._place, f"{name}.yml", settings)
            self._start_node(name)
            self._nodes[name].wait(f"{name} does not serve", lambda name=name: bool(self._is(name)))
        self._nodes[NODES[1]].wait("no synchronous standby", self._is_safe)

    def _start_etcd(self) -> int:
        port, peers = free_port(), free_port()
        here, there = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{peers}"
        server = Server(
            [
                program("etcd"), "--data-dir", self._place / "etcd",
                "--listen-client-urls", here, "--advertise-client-urls", here,
                "--listen-peer-urls", there, "--initial-advertise-peer-urls", there,
                "--initial-cluster", f"default={there}",
            ],
            self._place / "etcd.log",
            servant(),
        )  # fmt: skip
        self._stack.callback(server.end)
        server.wait("etcd does not answer", lambda: _read(f"{here}/health") is not None)
        return port

    def _start_node(self, name: str) -> None:
        command = [program("patroni"), self._place / f"{name}.yml"]
        self._nodes[name] = Server(command, self._place / f"{name}.log", servant())
        self._stack.callback(self._nodes[name].end)

    def _is(self, name: str) -> str | None:
        """What a node is: primary, replica, or None while it does not serve."""
        found = _read(f"http://127.0.0.1:{self._rests[name]}/patroni") or {}
        role = {"master": "primary"}.get(found.get("role", ""), found.get("role"))
        return role if found.get("state") == "running" else None

    def _is_safe(self) -> bool:
        """Whether commits wait for a standby that all know of, which may therefore take over."""
        rests = self._rests.values()
        return any(_read(f"http://127.0.0.1:{rest}/synchronous") is not None for rest in rests)

    def primary(self) -> str | None:
        """The node that may be written to."""
        return next((name for name in NODES if self._is(name) == "primary"), None)

    def lose_primary(self) -> float:
        """SIGKILL to the first server and its keeper; seconds until the other has taken over."""
        self._nodes[NODES[0]].wait("no primary", lambda: self.primary() is not None)
        fallen = self.primary()
        assert fallen is not None
        other = next(name for name in NODES if name != fallen)
        self._nodes[other].wait("no synchronous standby", self._is_safe)
        begun = time.monotonic()
        self._nodes[fallen].end(signal.SIGKILL)
        self._nodes[other].wait("nobody takes over", lambda: self._is(other) == "primary")
        seconds = time.monotonic() - begun
        self._start_node(fallen)
        self._nodes[fallen].wait("it does not return", lambda: self._is(fallen) == "replica")
        return seconds

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """All rows of a query, from the primary."""
        with self.snapshot() as rows:
            return rows(statement)

    @contextmanager
    def snapshot(self) -> Iterator[Rows]:
        """Queries to the primary, all of which see the tables as they are at one moment."""
        ports = ",".join(str(port) for port in self._ports.values())
        where = f"host=127.0.0.1,127.0.0.1 port={ports} user=postgres dbname=postgres"
        with psycopg.connect(f"{where} target_session_attrs=read-write connect_timeout=5") as one:
            one.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            yield lambda statement: one.execute(statement.encode()).fetchall()

    def close(self) -> None:
        """Stop all."""
        self._stack.close()


def lose_primaries(breaker: Breaker, seconds: float, pause: Sequence[float]) -> None:
    """Load for a while, then the first server falls, and later the one that took its place."""
    cluster = breaker.store
    assert isinstance(cluster, Cluster)
    for _ in range(2):
        quiet = time.monotonic() + seconds / 3
        while time.monotonic() < quiet:
            time.sleep(breaker.chance.uniform(*pause))
            breaker.product.look_after()
        breaker.done["seconds without a primary"] += round(cluster.lose_primary())
        breaker.done["primary lost"] += 1


def _read(address: str) -> dict[str, Any] | None:
    try:
        with urlopen(address, timeout=5) as answer:
            found: dict[str, Any] = json.load(answer)
            return found
    except (URLError, OSError, ValueError):
        return None
