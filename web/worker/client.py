"""The HTTP calls of a worker: one connection for each thread, three kinds of errors.

Owns credentials, TLS, time limits and the meaning of an answer; knows nothing of tasks.
"""

from __future__ import annotations

import json
import random
import socket
import ssl
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from email.utils import mktime_tz, parsedate_tz
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

API = "/engine-rest"
IDLE_SECONDS = 5.0
"""Seconds after which an unused connection is replaced: servers close idle ones, and after a call
on a closed one nobody knows whether the server received it."""
LONGEST_WAIT_SECONDS = 600.0


class Refused(Exception):
    """The credentials or rights do not suffice (401, 403): a repetition does not help."""


class Rejected(Exception):
    """The call itself is wrong (400, 404, 409 and the like). The text is the server's."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status


class Unavailable(Exception):
    """No answer, or a request to come back (429, 5xx). `after`: the seconds that the server
    named."""

    def __init__(self, words: str, after: float | None = None) -> None:
        super().__init__(words)
        self.after = after


class Client:
    """Calls of one server. Raises ValueError for an unusable address: unless `allow_http`, a token
    goes unencrypted only to this machine."""

    def __init__(
        self,
        url: str,
        token: str,
        *,
        ca_file: str | None = None,
        allow_http: bool = False,
        timeout: float = 20.0,
    ) -> None:
        address = urlsplit(url.rstrip("/").removesuffix(API))
        if address.scheme not in ("http", "https") or not address.hostname:
            raise ValueError(f"{url} is no address; write https://tindak.example.go.id")
        if address.scheme == "http" and not allow_http and not _is_here(address.hostname):
            raise ValueError(
                f"{url} would send the token unencrypted; write https://, or allow_http=True"
            )
        self._host, self._port = address.hostname, address.port
        self._path = address.path + API
        encrypted = address.scheme == "https"
        self._tls = ssl.create_default_context(cafile=ca_file) if encrypted else None
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._timeout = timeout
        self._threads = threading.local()
        self._open: HTTPConnection | None = None
        self._cut = False

    def post(self, path: str, body: object, *, timeout: float | None = None, once: str = "") -> Any:
        """The JSON of the answer, None for an empty one. `timeout`: seconds without data after
        which the server counts as gone; `once`: the same value when a call is repeated. Raises
        Refused, Rejected, Unavailable."""
        connection = self._connection()
        headers = {**self._headers, "Idempotency-Key": once} if once else self._headers
        try:
            if not connection.sock:
                connection.connect()
            connection.sock.settimeout(timeout or self._timeout)
            if self._cut:
                raise ConnectionAbortedError("the worker ends")
            connection.request("POST", self._path + path, json.dumps(body), headers)
            answer = connection.getresponse()
            content = answer.read()
            self._threads.used_at = time.monotonic()
            status, after = answer.status, answer.headers.get("Retry-After")
            return _read(status, content, after)
        except (OSError, HTTPException) as error:
            connection.close()
            raise Unavailable(f"{self._host} gives no answer: {_words(error)}") from error

    def cut(self) -> None:
        """Make no more calls; a call of another thread that waits raises Unavailable."""
        self._cut = True
        current = self._open and self._open.sock
        if current:
            with suppress(OSError):  # The connection may have ended by itself.
                socket.socket.shutdown(current, socket.SHUT_RDWR)

    def _connection(self) -> HTTPConnection:
        found: HTTPConnection | None = getattr(self._threads, "connection", None)
        if found is None:
            found = (
                HTTPSConnection(self._host, self._port, timeout=self._timeout, context=self._tls)
                if self._tls
                else HTTPConnection(self._host, self._port, timeout=self._timeout)
            )
            self._threads.connection, self._threads.used_at = found, 0.0
        if time.monotonic() - self._threads.used_at > IDLE_SECONDS:
            found.close()
        self._open = found
        return found


def _read(status: int, content: bytes, retry_after: str | None) -> Any:
    if status in (401, 403):
        raise Refused(f"{_message(content) or 'the server gives no reason'} ({status})")
    if status == 429 or status >= 500:
        raise Unavailable(f"the server asks to come back ({status})", _seconds(retry_after))
    if status >= 300:
        raise Rejected(status, _message(content) or f"the server answers with status {status}")
    try:
        return json.loads(content) if content else None
    except ValueError:
        raise Unavailable("the answer is no JSON") from None


def _message(content: bytes) -> str:
    try:
        found = json.loads(content)
    except ValueError:
        return ""
    words = found.get("message") or found.get("detail") if isinstance(found, dict) else ""
    return words if isinstance(words, str) else ""


def _words(error: Exception) -> str:
    return str(error) or type(error).__name__


def _seconds(retry_after: str | None) -> float | None:
    """RFC 9110, 10.2.3: a number of seconds, or a date."""
    if not retry_after:
        return None
    date = parsedate_tz(retry_after)
    if not retry_after.isdecimal() and not date:
        return None
    seconds = mktime_tz(date) - time.time() if date else float(retry_after)
    return min(max(seconds, 0.0), LONGEST_WAIT_SECONDS)


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(slots=True)
class BackOff:
    """Growing pauses, each shortened by chance, so that many workers do not return at the same
    time."""

    first: float
    longest: float
    failures: int = 0

    def seconds(self, after: float | None = None) -> float:
        """The next pause; `after`: its minimum in seconds."""
        self.failures += 1
        grown = min(self.longest, self.first * 2.0 ** min(self.failures - 1, 30))
        return (after or 0.0) + grown * random.uniform(0.5, 1.0)

    def reset(self) -> None:
        """Begin with the shortest pause again, after a success."""
        self.failures = 0
