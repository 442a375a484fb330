"""The one reading of a request: its visitor and its page are read in one transaction.

Owns the beginning and end of that transaction. It begins with the first question, and ends before
any act (`web.gate.visitor.service`), so that the page then shows the stored result, or with the
request.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, suppress
from datetime import datetime
from typing import cast

from flask import Flask, current_app, g
from sqlalchemy import Connection

from engine.face.questions import Questions
from engine.sentences.errors import Unavailable
from processes.acts.reading import Reading
from processes.acts.service import Service
from processes.rights.scope import Scope


class OpenReading:
    """A reading transaction under way, and the clock as first read in it."""

    def __init__(self, service: Service) -> None:
        self._context: AbstractContextManager[Connection] = service.reading()
        self.connection = self._context.__enter__()
        self.ask: Questions = service.engine.once(self.connection)

    @property
    def now(self) -> datetime:
        """The engine's time."""
        return self.ask.now()

    @property
    def real_now(self) -> datetime:
        """The database's time."""
        return self.ask.real_now()

    def by(self, scope: Scope) -> Reading:
        """The reading for every question of a page or answer."""
        return Reading(self.connection, scope, self.now, self.real_now, self.ask)

    def meaning_of(self, error: Exception) -> Exception:
        """The meaning of an error during the reading: `Unavailable` if the database is out of
        reach, else the error itself. The reading has ended with it."""
        try:
            self._context.__exit__(type(error), error, error.__traceback__)
        except Exception as meant:  # by the border to the database, or the error itself
            return meant
        return error

    def end(self) -> None:
        """End the transaction; if its connection is lost, there is nothing to end."""
        with suppress(Unavailable):
            self._context.__exit__(None, None, None)


def register(app: Flask) -> None:
    """End the readings that a request has left open."""
    app.teardown_request(lambda _: end())


def begun() -> OpenReading:
    """The reading of this request; it begins with the first question."""
    if "reading" not in g:
        g.reading = OpenReading(cast(Service, current_app.extensions["tindak_service"]))
    return cast(OpenReading, g.reading)


def end() -> None:
    """End the reading: before an act, and with the request."""
    under_way = _taken()
    if under_way is not None:
        under_way.end()


def meaning_of(error: Exception) -> Exception:
    """The meaning of the error that ends a request (`OpenReading.meaning_of`)."""
    under_way = _taken()
    return error if under_way is None else under_way.meaning_of(error)


def _taken() -> OpenReading | None:
    return cast("OpenReading | None", g.pop("reading", None))
