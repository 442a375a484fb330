"""The visitor: the signed-in person of this request, found once from the session cookie.

Owns the cookie and the access of a request (`visitor`, `scope`, `service`).
`processes.authentication.sign_in` has persons and sessions, `processes.rights.access` the rights.
Sessions use real time, even if the product's clock is virtual.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from flask import Flask, Response, current_app, g, request
from sqlalchemy import Connection

from engine.sentences.errors import Unavailable
from processes.acts.reading import Reading
from processes.acts.service import Options, Service
from processes.authentication import confirming, password_check, sign_in
from processes.authentication.sign_in import Limits
from processes.people import approvals
from processes.rights.access import allows
from processes.rights.scope import Scope, scope_of_user
from processes.storage.authentication.sessions import Session
from processes.storage.people import users
from processes.storage.people.users import User
from web import reading as open_reading
from web.configuration.settings import Settings
from web.gate import known_browser
from web.gate.errors import is_program
from web.gate.failures import SignInNeeded
from web.words import i18n


@dataclass(frozen=True, slots=True)
class Visitor:
    """The person behind a request."""

    user: User
    scope: Scope
    session: Session


def register(app: Flask, service: Service, settings: Settings) -> None:
    """Find the person before each request."""
    app.extensions["tindak_service"] = service
    app.config["TINDAK_COOKIE"] = "__Host-tindak" if settings.https else "tindak"
    app.config["TINDAK_SESSION_LIMITS"] = Limits(
        timedelta(minutes=settings.session_idle_minutes), timedelta(days=settings.session_days)
    )
    open_reading.register(app)
    app.before_request(_recognise)
    app.after_request(_touch)


def service() -> Service:
    """The service for acts. The reading of this request ends, so that later reads show the stored
    result."""
    open_reading.end()
    return cast(Service, current_app.extensions["tindak_service"])


def options() -> Options:
    """The options of this composition."""
    return cast(Service, current_app.extensions["tindak_service"]).options


def reading() -> Reading:
    """The reading for every question of this request's page: one transaction, the signed-in person,
    the clock. Raises SignInNeeded for a stranger."""
    return open_reading.begun().by(scope())


def visitor() -> Visitor | None:
    """The signed-in person; None for a stranger."""
    return cast("Visitor | None", g.get("visitor"))


def person() -> Visitor:
    """The signed-in person. Raises SignInNeeded for a stranger."""
    found = visitor()
    if found is None:
        raise SignInNeeded
    return found


def scope() -> Scope:
    """The scope of the signed-in person: the first argument of every query."""
    return person().scope


def confirmed() -> Scope:
    """The same for a person who gave the password again in the form of this request. Raises
    BadInput with the field `password`, TooManyAttempts."""
    password = request.form.get("password", "")
    return confirming.again(service(), scope(), password, origin())


def to_decide() -> int:
    """The number of requests that wait for this administrator's decision; 0 for all other users."""
    return cast(int, g.get("to_decide", 0))


def count_again(connection: Connection) -> None:
    """Count the waiting requests again: for each request, and for a page drawn after a decision."""
    if allows(scope(), "read_approvals"):
        g.to_decide = approvals.to_decide(connection, scope(), real_now())


def limits() -> Limits:
    """The limits of sessions."""
    return cast(Limits, current_app.config["TINDAK_SESSION_LIMITS"])


def origin() -> password_check.Visitor:
    """The origin of this request, for records and for counting passwords."""
    browser = known_browser.read()
    return password_check.Visitor(
        address=request.remote_addr or "",
        user_agent=request.user_agent.string,
        session_key=session_key() or "",
        mark=browser.mark,
        known_to=frozenset(browser.accounts),
    )


def real_now() -> datetime:
    """The moment of this request by the database's clock: for sessions, links, throttling and
    tokens, which no virtual clock may end. Read once."""
    if "real_now" not in g:
        g.real_now = open_reading.begun().real_now
    return cast(datetime, g.real_now)


def session_key() -> str | None:
    """The secret of the session cookie."""
    return request.cookies.get(current_app.config["TINDAK_COOKIE"])


def keep_session(response: Response, key: str) -> Response:
    """Give the browser its session; it ends with the browser or by the limits, whichever comes
    first."""
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    name = current_app.config["TINDAK_COOKIE"]
    response.set_cookie(name, key, secure=secure, httponly=True, samesite="Lax", path="/")
    return response


def forget_session(response: Response) -> Response:
    """Remove the cookie."""
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    response.delete_cookie(
        current_app.config["TINDAK_COOKIE"], secure=secure, httponly=True, samesite="Lax"
    )
    return response


def _recognise() -> None:
    key = session_key()
    if key is None or request.endpoint == "static" or is_program():
        return
    connection, now = open_reading.begun().connection, real_now()
    session = sign_in.find_session(connection, key, now, limits())
    user = users.by_id(connection, session.user_id) if session else None
    if session is None or user is None:
        return
    g.visitor = Visitor(user, scope_of_user(connection, user), session)
    count_again(connection)
    i18n.use_locale(user.locale, user.zone)


def _touch(response: Response) -> Response:
    """Note that a session is in use; if that cannot be written now, the next page does it."""
    found = visitor()
    if found is not None and sign_in.needs_touch(found.session, real_now()):
        with suppress(Unavailable):
            sign_in.touch_session(service(), found.scope, found.session, real_now())
    return response
