"""What the application and the front tell each other of a request that waits for work.

Owns `Wait`, by which a view says that it has nothing yet. It is answered as if nobody would wait;
the front finds it noted in the WSGI environment, and keeps the answer for the end of the time.
Without a front it is simply the answer.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from flask import Flask, Response, request

from engine.sentences.errors import Unavailable
from engine.sentences.sentence import say

ASKING = "tindak.asking"
"""Key of the WSGI environment: the `Asking`, where a front asks."""


class Wait(Exception):
    """Raised by a view that found no work. `topics` it would take work of, `caller` the account on
    whose behalf it waits, `seconds` it may wait from its first asking on, `empty` the JSON it
    answers when none has come by then."""

    def __init__(self, topics: Collection[str], caller: str, seconds: float, empty: bytes) -> None:
        super().__init__()
        self.topics, self.caller = frozenset(topics), caller
        self.seconds, self.empty = seconds, empty


@dataclass(slots=True)
class Asking:
    """One asking of the application; `wait` is what it said if it has nothing yet."""

    wait: Wait | None = None


def crowded() -> Unavailable:
    """The answer where no more may wait."""
    return Unavailable(say("Too many workers wait here already."), retry_after_seconds=10)


def register(app: Flask) -> None:
    """Turn a `Wait` into the answer that is kept."""
    app.register_error_handler(Wait, _kept)


def _kept(wait: Wait) -> Response:
    asking: Asking | None = request.environ.get(ASKING)
    if asking is not None:
        asking.wait = wait
    return Response(wait.empty, mimetype="application/json")
