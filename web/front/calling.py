"""Calling the WSGI application in a thread, which is free as soon as the application has answered.

Owns the way from an ASGI request to a WSGI environment, and from a WSGI answer to its pieces. A
large answer is fetched piece by piece, each by any free thread, so a client that reads slowly holds
no thread.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_to_bytes
from wsgiref.types import StartResponse, WSGIApplication

PIECE_BYTES = 256 * 1024
Environ = dict[str, Any]
PLAIN = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}


@dataclass(slots=True)
class Answer:
    """Status, headers and the first piece; `rest` fetches the others, None if there are none."""

    status: int
    headers: list[tuple[bytes, bytes]]
    piece: bytes
    rest: Rest | None


class Rest:
    """The part of an answer that is not fetched yet."""

    def __init__(self, chunks: Iterator[bytes], answer: Iterable[bytes]) -> None:
        self._chunks, self._answer = chunks, answer

    def piece(self) -> bytes:
        """The next piece; empty at the end."""
        found = bytearray()
        for chunk in self._chunks:
            found += chunk
            if len(found) >= PIECE_BYTES:
                break
        return bytes(found)

    def close(self) -> None:
        """Close the source of the answer."""
        with suppress(AttributeError):
            self._answer.close()  # type: ignore[attr-defined]  # optional in WSGI


def call(application: WSGIApplication, environ: Environ) -> Answer:
    """Call the application; return the answer with its first piece."""
    started: list[tuple[str, list[tuple[str, str]]]] = []

    def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        started[:] = [(status, headers)]

    begin: StartResponse = start
    answer = application(environ, begin)
    rest = Rest(iter(answer), answer)
    try:
        piece = rest.piece()
        (status, headers), whole = started[-1], len(piece) < PIECE_BYTES
    except BaseException:
        rest.close()
        raise
    if whole:
        rest.close()
    raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    return Answer(int(status.split(" ", 1)[0]), raw, piece, None if whole else rest)


def environ_of(scope: Any) -> Environ:
    """The WSGI environment of an ASGI request, still without its body."""
    server, client = scope.get("server") or ("", "0"), scope.get("client") or ("", "0")
    environ: Environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": client[0],
        "REMOTE_PORT": str(client[1]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        if "_" in name:
            continue  # it would count as the header that proxies set
        key = PLAIN.get(name) or f"HTTP_{name.upper().replace('-', '_')}"
        if key in environ:
            value = f"{environ[key]}{'; ' if name == 'cookie' else ','}{value}"
        environ[key] = value
    return environ
