"""A client of a door without any server: its requests, and the answers it gets."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from web.front.door import Door
from web.front.receiving import Bounds
from web.front.watch import Watch

BOUNDS = Bounds(seconds=30, bytes_per_second=500, most_bytes=50_000_000, most_bodies=100)


def door_of(
    application: WSGIApplication,
    bounds: Bounds = BOUNDS,
    threads: int = 2,
    watch: Watch | None = None,
) -> Door:
    """A door of few threads."""
    return Door(application, threads=threads, bounds=bounds, send_seconds=30, watch=watch)


@dataclass
class Client:
    """`chunks` of the body come one by one, each when it is asked for; None: it never comes.
    `asked` counts how often a piece was asked for; with `left` set it goes away."""

    method: str = "POST"
    path: str = "/"
    headers: dict[str, str] = field(default_factory=dict)
    chunks: Iterable[bytes | None] = ()
    address: str = "192.0.2.1"
    asked: int = 0
    status: int = 0
    answered: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    def __post_init__(self) -> None:
        self._chunks: Iterator[bytes | None] = iter(self.chunks)
        self.ended = asyncio.Event()
        self.left = asyncio.Event()
        self.reads = asyncio.Event()
        self.reads.set()

    async def visit(self, door: Door) -> Client:
        """Be answered."""
        path, _, query = self.path.partition("?")
        scope = {
            "type": "http",
            "method": self.method,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "http_version": "1.1",
            "scheme": "http",
            "server": ("localhost", "80"),
            "client": (self.address, "40000"),
            "headers": [(k.lower().encode(), v.encode()) for k, v in self.headers.items()],
        }
        await door(scope, self.receive, self.send)
        self.ended.set()
        return self

    async def receive(self) -> dict[str, Any]:
        self.asked += 1
        for chunk in self._chunks:
            if chunk is None:
                await self.left.wait()
                return {"type": "http.disconnect"}
            return {"type": "http.request", "body": chunk, "more_body": True}
        self._chunks = iter([None])
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.answered = {k.decode(): v.decode() for k, v in message["headers"]}
            return
        self.body += message["body"]
        await self.reads.wait()


def echo(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
    """Answers with what was sent."""
    content = environ["wsgi.input"].read()
    start("200 OK", [("Content-Length", str(len(content)))])
    return [content]
