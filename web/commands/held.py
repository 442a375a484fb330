"""The port and the embedded database that one server holds alone.

Web processes share their port (SO_REUSEPORT), so the system would let a second server in and deal
requests to both in turn. An embedded database has one scheduler and one queue for its writers, both
in one process.
"""

from __future__ import annotations

import fcntl
import os
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import click

from web.composition import database_file, prepare_folder
from web.configuration.settings import PREFIX, Settings

PATIENCE_SECONDS = 3.0
"""Time for a server that was just killed to let go of what it held."""
LOOK_SECONDS = 0.1


class Taken(click.ClickException):
    """Somebody else has it: the start must stop."""


@contextmanager
def port_and_database(settings: Settings) -> Iterator[None]:
    """Hold both while the block runs. Raises `Taken`, with the reason and what to do."""
    with port(settings.host, settings.port), embedded_database(settings):
        yield


@contextmanager
def port(host: str, number: int) -> Iterator[None]:
    """Hold a port of this machine. Raises `Taken`."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as mark:
        if sys.platform == "linux":
            # Of two servers that start at the same moment neither listens yet. The kernel forgets
            # this name together with its holder.
            _in_patience(lambda: mark.bind(f"\0tindak:{host}:{number}"), _port_taken(host, number))
        _in_patience(lambda: _try_port(host, number), _port_taken(host, number))
        yield


def _try_port(host: str, number: int) -> None:
    kind, _, _, _, address = socket.getaddrinfo(host, number, type=socket.SOCK_STREAM)[0]
    with socket.socket(kind, socket.SOCK_STREAM) as trial:
        # Connections that have ended are no reason, only somebody who listens.
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        trial.bind(address)


def _port_taken(host: str, number: int) -> str:
    return (
        f"Port {number} of {host} cannot be listened on: {{why}}. If another program has it, stop "
        f"that one, or set {PREFIX}PORT to a free port."
    )


@contextmanager
def embedded_database(settings: Settings) -> Iterator[None]:
    """Hold the embedded database, if there is one. Raises `Taken`."""
    database = database_file(settings)
    if database is None:
        yield
        return
    prepare_folder(settings)
    with Path(f"{database}.serving").open("a+") as file:
        _in_patience(lambda: fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB), _folder_taken(file))
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def _folder_taken(file: IO[str]) -> str:
    file.seek(0)
    return (
        f"{file.name.removesuffix('.serving')} is served by process {file.read() or 'of another'} "
        f"already. Stop that one, or set {PREFIX}DATA_DIR to another folder; several servers on "
        f"one database need PostgreSQL."
    )


def _in_patience(take: Callable[[], object], words: str) -> None:
    """Take what may still be held for a moment. Raises `Taken` with these words."""
    give_up = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            take()
        except OSError as error:
            if time.monotonic() > give_up:
                raise Taken(words.replace("{why}", error.strerror or str(error))) from error
            time.sleep(LOOK_SECONDS)
        else:
            return
