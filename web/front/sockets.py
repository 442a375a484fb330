"""The connections of this process, from the system: the server gives access to no socket, so they
are found among the open files.

Owns two limits that the server lacks: for clients that take nothing of an answer, and for addresses
that open connection after connection.
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
"""Number of probes to a silent client before it counts as gone."""
LOOK_SECONDS = 1.0
"""Time for which an address may have more connections than allowed."""


def cut_off_after(seconds: float) -> None:
    """From now on close a connection whose client takes nothing for `seconds`, and one whose client
    is gone although nothing is sent: a waiting worker may be on a machine that was cut off. Works
    only on Linux; elsewhere such a connection stays until its client ends it. The options are set
    on the listening sockets; each connection inherits them."""
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
    """Checks each second whether one address has more than `most` connections to our port, and
    closes the newest of them. Earlier connections are not disturbed. While all connections
    together are fewer, it costs one listing of a folder; it does nothing on a system without such
    a folder."""

    def __init__(self, port: int, most: int) -> None:
        super().__init__(name="doorkeeper", daemon=True)
        self._port, self._most = port, most
        self._came: dict[int, int] = {}
        """Inode of a connection -> a number that grows with each new connection."""
        self._numbers = count(1)

    def run(self) -> None:
        while True:
            time.sleep(LOOK_SECONDS)
            self.look()

    def look(self) -> None:
        """Close the connections above the limit."""
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
            with _socket_of(file) as found, suppress(OSError):  # a listening socket has no peer
                if found is not None and found.getsockname()[1] == self._port:
                    yield os.fstat(found.fileno()).st_ino, file, network_of(found.getpeername()[0])


def _files() -> list[int]:
    return [int(file.name) for file in OPEN_FILES.iterdir()] if OPEN_FILES.is_dir() else []


@contextmanager
def _socket_of(file: int) -> Iterator[socket.socket | None]:
    """The socket of the file, under a new number: its owner may close the old one, and that number
    may be used again. None for a file that is no internet socket, or is closed.

    No other file is touched: closing any number of a file would end all locks that this process
    holds on it (POSIX), and SQLite's database would then look unused to others.
    """
    try:
        own = os.dup(file) if _is_socket(file) else None
    except OSError:
        own = None
    if own is None or not _is_socket(own):  # the number was reused meanwhile: better leave it open
        yield None
        return
    with socket.socket(fileno=own) as found:
        yield found if found.family in (socket.AF_INET, socket.AF_INET6) else None


def _is_socket(file: int) -> bool:
    return stat.S_ISSOCK(os.fstat(file).st_mode)


def _shut(file: int, inode: int) -> None:
    """End the connection, if it is still the same one; its owner finds it ended."""
    with _socket_of(file) as found, suppress(OSError):
        if found is not None and os.fstat(found.fileno()).st_ino == inode:
            found.shutdown(socket.SHUT_RDWR)
