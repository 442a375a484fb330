"""The messages between the application and the front about a request that waits for work.

Owns `Wait`, which a view raises if it has nothing yet. The application answers it as if nobody
would wait. The front finds it in the WSGI environment, and keeps the answer for the end of the
time. Without a front it is simply the answer.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from flask import Flask, Response, request

from engine.sentences.errors import Unavailable
from engine.sentences.sentence import say

ASKING = "tindak.asking"
"""Key of the WSGI environment: the `Asking` of a front."""


class Wait(Exception):
    """A view raises it if it found no work. `topics`: the topics of the work it would take;
    `caller`: the account for which it waits; `seconds`: its longest wait, from its first call on;
    `empty`: the JSON answer if no work came."""

    def __init__(self, topics: Collection[str], caller: str, seconds: float, empty: bytes) -> None:
        super().__init__()
        self.topics, self.caller = frozenset(topics), caller
        self.seconds, self.empty = seconds, empty


@dataclass(slots=True)
class Asking:
    """One call of the application; `wait` is its answer if it has nothing yet."""

    wait: Wait | None = None


def crowded() -> Unavailable:
    """The answer if no more requests may wait."""
    return Unavailable(say("Too many workers wait here already."), retry_after_seconds=10)


def register(app: Flask) -> None:
    """Turn a `Wait` into the answer that the front keeps."""
    app.register_error_handler(Wait, _kept)


def _kept(wait: Wait) -> Response:
    asking: Asking | None = request.environ.get(ASKING)
    if asking is not None:
        asking.wait = wait
    return Response(wait.empty, mimetype="application/json")
