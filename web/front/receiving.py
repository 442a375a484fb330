"""Bodies of requests on their way in: waited for without a thread, kept on disk beyond 64 kB.

Owns how slowly a body may come and how much may lie here at once. A body that does not come in time
is given up; the bounds unless set are those of Apache (20 s, then 500 bytes/s).
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
"""So much of a body is held in memory; the rest goes to a file without a name."""

Receive = Callable[[], Awaitable[Any]]


class Gone(Exception):
    """The client went away; nobody is left to be answered."""


class TooLarge(Exception):
    """More came than is wanted."""


class TooSlow(Exception):
    """It did not come in time."""


class TooMany(Exception):
    """Too much is on its way already, in all or from this address."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """`seconds`: the longest pause, and what a body may take before its pace counts;
    `bytes_per_second`: the least pace from then on; `most_bytes`: of all bodies at one moment;
    `most_bodies`: on their way from one address."""

    seconds: float
    bytes_per_second: int
    most_bytes: int
    most_bodies: int


class Body:
    """A body that has come. `file` stands at its beginning; `close` gives its room back."""

    def __init__(self, reception: Reception) -> None:
        self.size = 0
        self.file: IO[bytes] = io.BytesIO()
        self._reception = reception

    def close(self) -> None:
        """Forget it."""
        self._reception.held -= self.size
        self.size = 0
        self.file.close()


class Reception:
    """All bodies of this process. Lives on the event loop; nothing here is asked by threads."""

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
            self._coming += Counter()  # forgets addresses that nothing comes from
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
    """In a thread: a busy disk must not hold the event loop."""
    if isinstance(body.file, io.BytesIO):
        body.file = tempfile.TemporaryFile()  # noqa: SIM115  (closed with the body)
    body.file.write(content)
