"""The served product beside many slow clients: pages do not wait for a single one of them."""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[3] / "web" / "static"
CLIENTS = 200
PATIENCE_SECONDS = 50
"""How long a page may take; the slow ones are given up later than that."""
SLOW = {
    "TINDAK_IDLE_SECONDS": "60",
    "TINDAK_BODY_SECONDS": "600",
    "TINDAK_SEND_SECONDS": "600",
    "TINDAK_MAX_BODIES_PER_ADDRESS": "2000",
}
HASTY = {"TINDAK_IDLE_SECONDS": "5", "TINDAK_BODY_SECONDS": "5", "TINDAK_SEND_SECONDS": "5"}

HOST = b"Host: localhost\r\n"
FORM = HOST + b"Content-Type: application/x-www-form-urlencoded\r\n"
LARGEST = max((STATIC / "dist").rglob("*.js"), key=lambda file: file.stat().st_size)
ASKED = b"GET /static/%s HTTP/1.1\r\n" % str(LARGEST.relative_to(STATIC)).encode() + HOST + b"\r\n"
KINDS = {
    "a connection and nothing more": b"",
    "half a head": b"GET /login HTTP/1.1\r\n" + HOST,
    "half a small form": b"POST /login HTTP/1.1\r\n" + FORM + b"Content-Length: 900\r\n\r\nuser",
    "half a large form": b"POST /login HTTP/1.1\r\n" + FORM + b"Content-Length: 90000\r\n\r\nuser",
    "a form in parts without end": b"POST /login HTTP/1.1\r\n" + FORM
    + b"Transfer-Encoding: chunked\r\n\r\n4\r\nuser\r\n",
    "half a call": b"POST /engine-rest/message HTTP/1.1\r\n" + HOST
    + b"Content-Type: application/json\r\nContent-Length: 900\r\n\r\n{",
    "half a file": b"POST /tasks/01a225ae-6105-700e-b3e9-3d3bd2ac92c6/uploads/file HTTP/1.1\r\n"
    + HOST + b"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 60000\r\n\r\n--x",
    "an answer that is not read": ASKED * 12,
}  # fmt: skip
"""What a slow client sends before it says nothing any more."""


@dataclass
class Served:
    """The product as its operator runs it."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path

    def page(self) -> int:
        """Status of a page."""
        asking = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        asking.request("GET", "/login", headers={"Host": "localhost"})
        status = asking.getresponse().status
        asking.close()
        return status

    def clients(self, says: bytes, count: int) -> list[socket.socket]:
        """So many connections that begin so. Their windows are small: little of an answer fits."""
        found = []
        for _ in range(count):
            one = socket.socket()
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            one.connect(("127.0.0.1", self.port))
            one.sendall(says)
            found.append(one)
        return found


def serve(folder: Path, settings: dict[str, str]) -> Served:
    """Start it and wait until it answers."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = int(one.getsockname()[1])
    others = {key: value for key, value in os.environ.items() if not key.startswith("TINDAK_")}
    environment = {
        **others,
        "TINDAK_DATA_DIR": str(folder / "data"),
        "TINDAK_SECRET_KEY": "of the tests only",
        "TINDAK_PORT": str(port),
        **settings,
    }
    log = folder / "log"
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "web.cli", "serve"],
            env=environment, stdout=stream, stderr=stream, start_new_session=True,
        )  # fmt: skip
    product = Served(port, process, log)
    give_up = time.monotonic() + 120
    while time.monotonic() < give_up and process.poll() is None:
        try:
            if product.page() == 200:
                return product
        except OSError:
            time.sleep(0.1)
    stop(product)
    raise AssertionError(log.read_text()[-3000:])


def stop(product: Served) -> None:
    product.process.send_signal(signal.SIGTERM)
    try:
        product.process.wait(60)
    except subprocess.TimeoutExpired:
        os.killpg(product.process.pid, signal.SIGKILL)
        raise


@pytest.fixture
def served(database_url: str, tmp_path: Path) -> Iterator[Served]:
    """The product, patient with the slow, on SQLite and with two processes on PostgreSQL."""
    workers = {"TINDAK_WORKERS": "2"} if database_url.startswith("postgresql") else {}
    product = serve(tmp_path, {"TINDAK_DATABASE_URL": database_url, **workers, **SLOW})
    yield product
    stop(product)


def test_a_page_answers_beside_many_slow_clients_of_each_kind(served: Served) -> None:
    slow: list[socket.socket] = []
    for kind, says in KINDS.items():
        slow += served.clients(says, CLIENTS)
        assert served.page() == 200, kind
        assert not has_ended(slow), kind
    for one in slow:
        one.close()


def has_ended(clients: list[socket.socket]) -> bool:
    """Whether one of those that are not answered at all was closed or answered."""
    looking = select.poll()
    for one in clients:
        looking.register(one, select.POLLIN)
    ready = {number for number, _ in looking.poll(0)}
    unread = {one.fileno() for one in clients if one.fileno() in ready}
    return any(not _still_open(one) for one in clients if one.fileno() in unread)


def _still_open(one: socket.socket) -> bool:
    """Ready to be read, since it was answered (and does not read it), and not closed."""
    return bool(one.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT))


def test_slow_clients_are_given_up_after_the_times_that_are_set(tmp_path: Path) -> None:
    product = serve(tmp_path, HASTY)
    clients = {kind: product.clients(says, 1)[0] for kind, says in KINDS.items()}
    give_up = time.monotonic() + 120
    for kind, one in clients.items():
        if kind != "an answer that is not read":
            one.settimeout(max(1.0, give_up - time.monotonic()))
            while one.recv(65536):
                pass
        one.close()
    stop(product)


def test_a_reader_that_takes_nothing_is_cut_off(tmp_path: Path) -> None:
    product = serve(tmp_path, HASTY)
    (reader,) = product.clients(ASKED * 12, 1)
    give_up = time.monotonic() + 120
    while is_held(product.port, reader.getsockname()[1]):
        assert time.monotonic() < give_up, "still connected"
        time.sleep(0.2)
    reader.close()
    stop(product)


def is_held(port: int, peer: int) -> bool:
    """Whether the product still has the connection of that port of ours; the system tells its
    end to nobody, since nothing can be sent."""
    wanted = (f":{port:04X}", f":{peer:04X}")
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()]
    return any((row[1][-5:], row[2][-5:]) == wanted for row in rows)


def test_the_product_stops_though_slow_clients_stay(tmp_path: Path) -> None:
    product = serve(tmp_path, SLOW)
    clients = [one for says in KINDS.values() for one in product.clients(says, 3)]
    assert product.page() == 200
    stop(product)
    for one in clients:
        one.close()


@pytest.mark.parametrize(
    ("settings", "warned"),
    [
        ({"TINDAK_HOST": "0.0.0.0"}, True),
        ({"TINDAK_HOST": "0.0.0.0", "TINDAK_TRUSTED_PROXIES": "1"}, False),
        ({}, False),
    ],
)
def test_a_start_that_strangers_reach_without_a_proxy_is_warned_of(
    tmp_path: Path, settings: dict[str, str], warned: bool
) -> None:
    product = serve(tmp_path, settings)
    stop(product)
    lines = product.log.read_text().splitlines()
    told = [line for line in lines if "no proxy is trusted" in line]
    assert [line.startswith("{") for line in sorted(told)] == ([False, True] if warned else [])
