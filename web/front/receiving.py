"""Bodies of requests on their way in: received without a thread, on disk beyond 64 kB.

Owns the slowest allowed speed of a body, and the total size of all bodies. A body that is too late
is given up; the default limits are those of Apache (20 s, then 500 bytes/s).
"""

from __future__ import annotations

import asyncio
import io
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import IO, Any

MEMORY_BYTES = 64 * 1024
"""Bytes of a body in memory; the rest goes to a file without a name."""

Receive = Callable[[], Awaitable[Any]]


class Gone(Exception):
    """The client went away; nobody waits for an answer."""


class TooLarge(Exception):
    """More bytes came than are wanted."""


class TooSlow(Exception):
    """The body did not come in time."""


class TooMany(Exception):
    """Too many bodies are on their way, in all or from this address."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """`seconds`: the longest pause, and the time before the speed of a body counts;
    `bytes_per_second`: the slowest speed from then on; `most_bytes`: of all bodies at one moment;
    `most_bodies`: on their way from one address."""

    seconds: float
    bytes_per_second: int
    most_bytes: int
    most_bodies: int


class Body:
    """A received body. `file` stands at its beginning; `close` frees its room."""

    def __init__(self, reception: Reception) -> None:
        self.size = 0
        self.file: IO[bytes] = io.BytesIO()
        self._reception = reception

    def close(self) -> None:
        """Delete the body."""
        self._reception.held -= self.size
        self.size = 0
        self.file.close()


class Reception:
    """All bodies of this process. Lives on the event loop; threads do not use it."""

    def __init__(self, bounds: Bounds) -> None:
        self.held = 0
        self._bounds = bounds
        self._coming: Counter[str] = Counter()

    async def take(self, receive: Receive, most: int, address: str) -> Body:
        """The whole body, of at most so many bytes. Raises TooLarge, TooSlow, TooMany, Gone."""
        if self._coming[address] >= self._bounds.most_bodies:
            raise TooMany
        self._coming[address] += 1
        body = Body(self)
        try:
            await self._fill(body, receive, most)
        except BaseException:
            body.close()
            raise
        finally:
            self._coming[address] -= 1
            self._coming += Counter()  # forgets addresses without bodies
        return body

    async def _fill(self, body: Body, receive: Receive, most: int) -> None:
        bounds, waiting, more = self._bounds, bytearray(), True
        now = asyncio.get_running_loop().time
        begun = now()
        while more:
            by_pace = begun + bounds.seconds + body.size / bounds.bytes_per_second
            try:
                async with asyncio.timeout_at(min(by_pace, now() + bounds.seconds)):
                    message = await receive()
            except TimeoutError:
                raise TooSlow from None
            if message["type"] != "http.request":
                raise Gone
            chunk, more = message.get("body", b""), message.get("more_body", False)
            body.size += len(chunk)
            self.held += len(chunk)
            if body.size > most:
                raise TooLarge
            if self.held > bounds.most_bytes:
                raise TooMany
            waiting += chunk
            if len(waiting) >= MEMORY_BYTES:
                await asyncio.to_thread(_write, body, bytes(waiting))
                waiting.clear()
        if body.size > len(waiting):
            await asyncio.to_thread(_write, body, bytes(waiting))
        else:
            body.file.write(waiting)
        body.file.seek(0)


def _write(body: Body, content: bytes) -> None:
    """Runs in a thread: a busy disk must not hold the event loop."""
    if isinstance(body.file, io.BytesIO):
        body.file = tempfile.TemporaryFile()  # noqa: SIM115  (closed with the body)
    body.file.write(content)
