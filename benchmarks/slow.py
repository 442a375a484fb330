"""Slow clients of each kind, and a served product for them: for the benchmark of slow clients, and
for the tests of the front.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

STATIC = Path(__file__).parents[1] / "web" / "static"
PATIENCE_SECONDS = 50
"""Seconds for a page; slow clients are given up later than that."""
SLOW = {
    "TINDAK_IDLE_SECONDS": "60",
    "TINDAK_BODY_SECONDS": "600",
    "TINDAK_SEND_SECONDS": "600",
    "TINDAK_MAX_BODIES_PER_ADDRESS": "2000",
    "TINDAK_MAX_CONNECTIONS": "4000",
    "TINDAK_MAX_CONNECTIONS_PER_ADDRESS": "0",
}

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
    "a page, and the connection kept": b"GET /healthz HTTP/1.1\r\n" + HOST + b"\r\n",
}  # fmt: skip
"""The bytes that a slow client sends before it becomes silent."""


@dataclass
class Served:
    """The product as its operator runs it."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path

    def page(self) -> int:
        """Status of the answer to a page."""
        asking = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        asking.request("GET", "/login", headers={"Host": "localhost"})
        status = asking.getresponse().status
        asking.close()
        return status

    def clients(self, says: bytes, count: int) -> list[socket.socket]:
        """So many connections that begin with these bytes. Their windows are small, so little of an
        answer fits."""
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
        "TINDAK_SECRET_KEY": "of this run only",
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
