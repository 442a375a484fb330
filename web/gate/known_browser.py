"""The mark of a browser with which somebody has signed in; it outlives every session.

Owns the signed cookie: a number of the browser and the accounts that used it. It grants nothing.
Attempts at a password are counted for the browser in place of the account, so that guesses from
elsewhere do not delay the owner (`processes.authentication.throttle`).
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from flask import Response, current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer

LASTS: Final = timedelta(days=180)
"""Life of the mark since the last sign-in with it."""
MOST_ACCOUNTS: Final = 10
"""Number of accounts on a shared machine, the last ones."""


@dataclass(frozen=True, slots=True)
class KnownBrowser:
    """The content of a request's cookie. `mark` empty: there is none, or it is not ours."""

    mark: str = ""
    accounts: tuple[UUID, ...] = ()


def read() -> KnownBrowser:
    """The mark of the browser that asks."""
    try:
        mark, *accounts = _signer().loads(
            request.cookies.get(_name(), ""), max_age=int(LASTS.total_seconds())
        )
    except BadData:
        return KnownBrowser()
    return KnownBrowser(mark, tuple(map(UUID, accounts)))


def remember(response: Response, user_id: UUID) -> Response:
    """Add one account to the browser's mark; it keeps the last `MOST_ACCOUNTS`."""
    known = read()
    others = [one for one in known.accounts if one != user_id][: MOST_ACCOUNTS - 1]
    mark = [known.mark or secrets.token_urlsafe(16), str(user_id), *map(str, others)]
    response.set_cookie(
        _name(),
        _signed(mark),
        max_age=LASTS,
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        httponly=True,
        samesite="Lax",
        path="/",
    )
    return response


def _signed(mark: Sequence[str]) -> str:
    signed = _signer().dumps(mark)
    return signed if isinstance(signed, str) else signed.decode()


def _name() -> str:
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    return "__Host-tindak-browser" if secure else "tindak-browser"


def _signer() -> URLSafeTimedSerializer:
    config = current_app.config
    keys = [*reversed(config["SECRET_KEY_FALLBACKS"]), config["SECRET_KEY"]]
    return URLSafeTimedSerializer(keys, salt="known browser")
