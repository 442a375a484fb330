"""Clients that take nothing of an answer: the system closes their connections.

Owns the one option that does it. The server hands out no socket, so the listening ones are found
among the open files; each connection inherits the option.
"""

from __future__ import annotations

import os
import socket
import stat
from contextlib import suppress
from pathlib import Path

OPEN_FILES = Path("/dev/fd")


def cut_off_after(seconds: float) -> None:
    """From now on a connection is closed whose client takes nothing for so long. Only where the
    system can do it (Linux); elsewhere such a connection stays until its client ends it."""
    option = getattr(socket, "TCP_USER_TIMEOUT", None)
    if option is None or not OPEN_FILES.is_dir():
        return
    for entry in OPEN_FILES.iterdir():
        with suppress(OSError):  # a file that was closed meanwhile
            if stat.S_ISSOCK(entry.stat().st_mode):
                _guard(int(entry.name), option, round(seconds * 1000))


def _guard(file: int, option: int, milliseconds: int) -> None:
    with socket.socket(fileno=os.dup(file)) as found:
        if found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
            found.setsockopt(socket.IPPROTO_TCP, option, milliseconds)
