"""The connections of this process, as the system shows them: the server hands out no socket, so
they are found among the open files.

Owns what the server has no option for: clients that take nothing of an answer, and addresses that
open connection after connection.
"""

from __future__ import annotations

import os
import socket
import stat
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

import structlog

from processes.authentication.throttle import network_of

log = structlog.get_logger(__name__)

OPEN_FILES = Path("/dev/fd")
ALIVE_SECONDS = 20
"""A client that says nothing is asked so often whether it is still there."""
LOOK_SECONDS = 1.0
"""So long an address may have more connections than it is allowed."""


def cut_off_after(seconds: float) -> None:
    """From now on a connection is closed whose client takes nothing for so long, and one whose
    client is no more, though nothing is sent: who waits for work may be a machine that was cut off.
    Only where the system can do it (Linux); elsewhere such a connection stays until its client ends
    it. The listening sockets are told, each connection inherits the options."""
    option = getattr(socket, "TCP_USER_TIMEOUT", None)
    if option is None:
        return
    for file in _files():
        with _socket_of(file) as found:
            if found is not None and found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                found.setsockopt(socket.IPPROTO_TCP, option, round(seconds * 1000))
                found.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
                found.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, ALIVE_SECONDS)
                found.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, ALIVE_SECONDS)


class Doorkeeper(threading.Thread):
    """Looks each second whether one address has more than `most` connections to our port, and
    closes the newest of them. Whoever was there before is not disturbed. Costs one listing of a
    folder while all connections together are fewer; does nothing where the system has no such
    folder."""

    def __init__(self, port: int, most: int) -> None:
        super().__init__(name="doorkeeper", daemon=True)
        self._port, self._most = port, most
        self._came: dict[int, int] = {}
        """Inode of a connection -> a number that grows with each one that is seen first."""
        self._numbers = count(1)

    def run(self) -> None:
        while True:
            time.sleep(LOOK_SECONDS)
            self.look()

    def look(self) -> None:
        """Close what is too much now."""
        files = _files()
        found = list(self._connections(files)) if len(files) > self._most else []
        self._came = {inode: self._came.get(inode) or next(self._numbers) for inode, _, _ in found}
        crowds = defaultdict(list)
        for inode, file, address in found:
            crowds[address].append((self._came[inode], inode, file))
        for address, crowd in crowds.items():
            if newest := sorted(crowd)[self._most :]:
                for _, inode, file in newest:
                    _shut(file, inode)
                log.warning("connections_closed", address=address, number=len(newest))

    def _connections(self, files: list[int]) -> Iterator[tuple[int, int, str]]:
        """(inode, file, network of the peer) of each connection to our port."""
        for file in files:
            with _socket_of(file) as found, suppress(OSError):  # a listening one has no peer
                if found is not None and found.getsockname()[1] == self._port:
                    yield os.fstat(found.fileno()).st_ino, file, network_of(found.getpeername()[0])


def _files() -> list[int]:
    return [int(file.name) for file in OPEN_FILES.iterdir()] if OPEN_FILES.is_dir() else []


@contextmanager
def _socket_of(file: int) -> Iterator[socket.socket | None]:
    """The socket behind the file, by a number of its own: whoever owns the file may close it, and
    its number become another's. None for what is no socket of the internet, or closed.

    No other file is touched: closing any number of it would end all locks that this process holds
    on it (POSIX), and SQLite's database would be open to others as if nobody used it.
    """
    try:
        own = os.dup(file) if _is_socket(file) else None
    except OSError:
        own = None
    if own is None or not _is_socket(own):  # it became another's meanwhile: better open than closed
        yield None
        return
    with socket.socket(fileno=own) as found:
        yield found if found.family in (socket.AF_INET, socket.AF_INET6) else None


def _is_socket(file: int) -> bool:
    return stat.S_ISSOCK(os.fstat(file).st_mode)


def _shut(file: int, inode: int) -> None:
    """End the connection if it is still the one that was seen; its owner finds it ended."""
    with _socket_of(file) as found, suppress(OSError):
        if found is not None and os.fstat(found.fileno()).st_ino == inode:
            found.shutdown(socket.SHUT_RDWR)
