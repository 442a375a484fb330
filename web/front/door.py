"""The ASGI application of a web process: first the answer without a body, then the body.

Owns the order of a request. A request with a body larger than a few forms is first passed to the
application without it, so a sender without the right, or with too large a body, is refused before a
byte is read. Only if the application asks for the body, the front receives it and calls the
application again. Small bodies are received at once, without a thread. Waiting for work uses no
thread either.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any, TypeVar
from wsgiref.types import WSGIApplication

import structlog

from web.front.calling import Answer, Environ, Rest, call, environ_of
from web.front.receiving import Bounds, Gone, Receive, Reception, TooLarge, TooMany, TooSlow
from web.front.sockets import cut_off_after
from web.front.waiting import ASKING, Asking, crowded
from web.front.watch import Full, Watch
from web.gate.bodies import ARRIVAL, BUSY, LARGE, LATE, PENDING, BodyWanted

log = structlog.get_logger(__name__)

SMALL_BYTES = 64 * 1024
"""Bytes up to which a body is received without being asked for."""
REFUSED = {TooLarge: LARGE, TooSlow: LATE, TooMany: BUSY}

Result = TypeVar("Result")
Send = Callable[[dict[str, Any]], Awaitable[None]]


class Door:
    """Serves `application` with so many threads. `proxies`: the number of trusted proxies in front;
    `send_seconds`: the longest time for which a client may not take a piece of an answer; `watch`:
    for requests that wait for work, None: none wait."""

    def __init__(
        self,
        application: WSGIApplication,
        *,
        threads: int,
        bounds: Bounds,
        send_seconds: float,
        proxies: int = 0,
        watch: Watch | None = None,
    ) -> None:
        self._application, self._proxies, self._watch = application, proxies, watch
        self._reception, self._send_seconds = Reception(bounds), send_seconds
        self._guarded = False
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="page")

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        if not self._guarded:  # the server listens by now
            self._guarded = True
            cut_off_after(self._send_seconds)
        try:
            answer = await self._answer(environ_of(scope), receive)
        except Gone:
            return
        head = {"status": answer.status, "headers": answer.headers}
        await send({"type": "http.response.start", **head})
        body = {"type": "http.response.body", "body": answer.piece}
        await send({**body, "more_body": answer.rest is not None})
        if answer.rest is not None:
            await self._send_rest(answer.rest, receive, send)

    async def _answer(self, environ: Environ, receive: Receive) -> Answer:
        chunked = environ.pop("HTTP_TRANSFER_ENCODING", None)
        size = 0 if chunked else int(environ.get("CONTENT_LENGTH") or 0)
        if not chunked and not size:
            return await self._ask_until(environ, receive)
        most = SMALL_BYTES
        if chunked or size > SMALL_BYTES:
            try:
                return await self._ask(environ | {ARRIVAL: PENDING})
            except BodyWanted as wanted:
                most = wanted.most
        try:
            body = await self._reception.take(receive, most, self._address(environ))
        except (TooLarge, TooSlow, TooMany) as refused:
            return await self._ask(environ | {ARRIVAL: REFUSED[type(refused)]})
        with closing(body):
            arrived = {"wsgi.input": body.file, "CONTENT_LENGTH": str(body.size)}
            return await self._ask_until(environ | arrived, receive)

    async def _ask_until(self, environ: Environ, receive: Receive) -> Answer:
        """The answer. If the application has no work yet (`Wait`), it is called again at each turn
        of this request; the last answer is given when the time is over."""
        if self._watch is None:
            return await self._ask(environ)
        watch, asked, asking = self._watch, self._watch.news, Asking()
        answer = await self._ask(environ | {ASKING: asking})
        if (wait := asking.wait) is None:
            return answer
        until = asyncio.get_running_loop().time() + wait.seconds
        gone = asyncio.create_task(_gone(receive))
        try:
            with watch.waiting(wait.topics, wait.caller, asked) as place:
                while asking.wait and await watch.has_turn(place, gone, until):
                    place.asked, asking = watch.news, Asking()
                    answer = await self._ask(environ | {ASKING: asking})
                    watch.back(place, got=asking.wait is None)
        except Full:
            return await self._ask(environ | {ARRIVAL: crowded})
        finally:
            gone.cancel()
        if gone.done() and not gone.cancelled():
            raise Gone
        return answer

    async def _ask(self, environ: Environ) -> Answer:
        environ["wsgi.input"].seek(0)
        return await self._in_thread(call, self._application, dict(environ))

    async def _send_rest(self, rest: Rest, receive: Receive, send: Send) -> None:
        """Send the pieces as fast as the client reads."""
        gone = asyncio.create_task(_gone(receive))
        try:
            while (piece := await self._in_thread(rest.piece)) and not gone.done():
                async with asyncio.timeout(self._send_seconds):
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        except TimeoutError:
            log.info("answer_left_lying")  # without its end the connection is closed
        finally:
            gone.cancel()
            await self._in_thread(rest.close)

    async def _in_thread(self, what: Callable[..., Result], *given: Any) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._threads, what, *given)

    def _address(self, environ: Environ) -> str:
        """The client's address, by the last trusted proxy."""
        forwarded = str(environ.get("HTTP_X_FORWARDED_FOR", "")).split(",")
        if self._proxies and len(forwarded) >= self._proxies:
            return forwarded[-self._proxies].strip()
        return str(environ["REMOTE_ADDR"])


async def _gone(receive: Receive) -> None:
    """Wait until the client has gone away."""
    while (await receive())["type"] != "http.disconnect":
        pass
