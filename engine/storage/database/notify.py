"""PostgreSQL's LISTEN/NOTIFY: reports stored jobs, and work for workers, to other processes.

A report only saves time. The scheduler's heartbeat finds work whose report was lost, so this module
raises no error. Each side has one connection of its own, outside every transaction.
"""

from __future__ import annotations

import selectors
import socket
from collections.abc import Callable
from threading import Event, Lock, Thread

import psycopg
import structlog
from sqlalchemy import URL

log = structlog.get_logger(__name__)

DUE = "tindak_due"
"""Channel: the seconds until a job is due."""
WORK = "tindak_work"
"""Channel: the sender, and topics of external tasks that can be fetched, one on each line."""
LONGEST = 7_000
"""Bytes of one report; PostgreSQL accepts less than 8,000."""
RECONNECT_SECONDS = 1.0
ANSWER_SECONDS = 2
"""Time limit for the connection, because the caller has already committed and waits."""


def _connect(url: URL) -> psycopg.Connection[tuple[object, ...]]:
    _, parts = url.get_dialect()().create_connect_args(url)
    return psycopg.connect(
        **parts,
        autocommit=True,
        connect_timeout=ANSWER_SECONDS,
        keepalives_idle=10,
        options=f"-c statement_timeout={ANSWER_SECONDS * 1000}",
    )


class Bell:
    """Sends reports. Threads may share it."""

    def __init__(self, url: URL) -> None:
        self._url = url
        self._guard = Lock()
        self._connection: psycopg.Connection[tuple[object, ...]] | None = None

    def ring(self, channel: str, said: str) -> None:
        """Send a report to the listeners of the channel; a lost connection is opened again once. A
        report that is too long is sent without content."""
        if len(said.encode()) > LONGEST:
            said = ""
        with self._guard:
            if not self._told(channel, said):
                self._told(channel, said)

    def _told(self, channel: str, said: str) -> bool:
        try:
            if self._connection is None:
                self._connection = _connect(self._url)
            self._connection.execute("SELECT pg_notify(%s, %s)", (channel, said))
        except psycopg.Error as error:
            log.info("other processes were not told", channel=channel, why=str(error))
            self._drop()
            return False
        return True

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def close(self) -> None:
        """Close the connection."""
        with self._guard:
            self._drop()


class Ear:
    """Receives reports: `heard(said)` is called in a thread of its own; with an empty text if
    reports may have been lost."""

    def __init__(self, url: URL, channel: str, heard: Callable[[str], None]) -> None:
        self._url = url
        self._channel = channel
        self._heard = heard
        self._stopping = Event()
        self._nudge, self._nudged = socket.socketpair()
        self._thread = Thread(target=self._listen, name="ear", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening."""
        self._stopping.set()
        self._nudge.send(b"\0")
        self._thread.join(ANSWER_SECONDS)
        self._nudge.close()

    def _listen(self) -> None:
        while not self._stopping.is_set():
            try:
                with _connect(self._url) as connection:
                    connection.execute(f"LISTEN {self._channel}")
                    self._heard("")  # reports may have been sent before the connection existed
                    self._follow(connection)
            except psycopg.Error as error:
                log.info("what others store waits for the heartbeat", why=str(error))
                self._stopping.wait(RECONNECT_SECONDS)
        self._nudged.close()

    def _follow(self, connection: psycopg.Connection[tuple[object, ...]]) -> None:
        with selectors.DefaultSelector() as ready:
            ready.register(connection, selectors.EVENT_READ)
            ready.register(self._nudged, selectors.EVENT_READ)
            while not self._stopping.is_set():
                ready.select()
                for notice in connection.notifies(timeout=0):
                    self._heard(notice.payload)
