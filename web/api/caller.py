"""The caller of an API: Basic or Bearer credentials of this one request, never a cookie.

Owns reading them in the one reading of the request, the language of the answer, and the first gate
of the policy table. `processes.authentication.basic` and `processes.authentication.tokens` find
their owner. Credentials use real time, even if the product's clock is virtual.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from typing import cast
from uuid import UUID

from flask import Flask, Response, current_app, g, request

from engine.sentences.errors import Unavailable
from processes.acts.reading import Reading
from processes.authentication import tokens
from processes.authentication.basic import BasicCheck
from processes.authentication.password_check import Refused, Visitor
from processes.authentication.throttle import seconds
from processes.authentication.tokens import Bearer
from processes.rights.access import Scope, scope_of
from processes.rights.scope import stranger
from web.api.refusals import TooManyAttempts
from web.gate import policy
from web.gate.errors import is_program
from web.gate.failures import SignInNeeded
from web.gate.visitor import real_now, service
from web.reading import begun
from web.words.i18n import use_locale
from web.words.spoken import spoken

LONGEST_KEY = 200


def register(app: Flask) -> None:
    """Identify the caller before every view of an API; a stranger learns of no address."""
    app.extensions["tindak_basic"] = BasicCheck()
    app.before_request(_recognise)
    app.after_request(_touch)


def scope() -> Scope:
    """The caller's scope: the first argument of every query."""
    return cast(Scope, g.api_scope)


def reading() -> Reading:
    """The reading for every question of this call: one transaction, the caller, the clock."""
    return begun().by(scope())


def request_id() -> str | None:
    """The id under which this command may be repeated, from the header `Idempotency-Key`. One key
    means one command of one user at one address."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key:
        return None
    parts = [str(scope().user_id), request.method, request.path, key[:LONGEST_KEY]]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _recognise() -> None:
    if not is_program():
        return
    use_locale(spoken(list(request.accept_languages), "en"))
    endpoint = request.endpoint
    if endpoint is not None and policy.POLICY.get(endpoint) == policy.OPEN:
        return
    g.api_scope = _scope()
    if endpoint is not None:
        policy.check(scope(), endpoint)


def _scope() -> Scope:
    given = request.authorization
    if given is not None and given.type == "bearer" and given.token:
        return _of_token(given.token)
    # PostgreSQL accepts no text with NUL in a search.
    if given and given.type == "basic" and "\0" not in (name := given.username or ""):
        return _of_password(name, given.password or "")
    raise SignInNeeded


def _of_token(key: str) -> Scope:
    bearer = tokens.verify(begun().connection, key)
    if bearer is None:
        raise SignInNeeded
    return _of_bearer(bearer)


def _of_password(username: str, password: str) -> Scope:
    known = _whose(username, password)
    if isinstance(known, Refused):
        if known.wait:
            raise TooManyAttempts(seconds(known.wait))
        raise SignInNeeded
    if isinstance(known, Bearer):
        return _of_bearer(known)
    return scope_of(begun().connection, known)


def _whose(username: str, password: str) -> UUID | Bearer | Refused:
    """The owner of the credentials. The full check of the password is slow, so it runs outside the
    reading of this request."""
    check = cast(BasicCheck, current_app.extensions["tindak_basic"])
    now = real_now()
    known = check.recalled(begun().connection, username, password, now)
    return known or check.user_of(service(), username, password, visitor=_origin(), now=now)


def _of_bearer(bearer: Bearer) -> Scope:
    g.bearer = bearer
    return tokens.scope_of(begun().connection, bearer)


def _touch(response: Response) -> Response:
    """Note that a token is in use; if that cannot be written now, the next call does it."""
    bearer = cast("Bearer | None", g.get("bearer"))
    if bearer is not None and bearer.needs_touch:
        with suppress(Unavailable):
            tokens.touch(service(), stranger(), bearer)
    return response


def _origin() -> Visitor:
    """The origin of the call. No cookie counts here, not even a browser's mark."""
    return Visitor(request.remote_addr or "", request.user_agent.string)
