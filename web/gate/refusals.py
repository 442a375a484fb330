"""The log of refusals: one line for each, with person, address and reason.

Owns the choice of logged refusals and the content of a line. It never contains the sent data, and
no secret of an address: a link that signs a user in is shortened.
"""

from __future__ import annotations

import re

import structlog
from flask import g, request
from werkzeug.exceptions import HTTPException

from engine.sentences.errors import TindakError

log = structlog.get_logger(__name__)

LOGGED = frozenset({400, 401, 403, 404, 405, 408, 413, 429})
"""Statuses of vain attempts; 409 and 422 are answers to honest work."""
NOISE = ("/static/", "/favicon.ico")
SECRET = re.compile(r"[\w-]{38,}")
"""A part of an address as long as a key; ids of things are shorter."""
LONGEST_PATH = 200


def record(status: int, error: BaseException) -> None:
    """Log the refusal of this request, if it is one."""
    if status not in LOGGED or (status == 404 and request.path.startswith(NOISE)):
        return
    log.warning(
        "refused",
        status=status,
        who=_who(),
        address=request.remote_addr or "-",
        method=request.method,
        path=SECRET.sub("...", request.path)[:LONGEST_PATH],
        reason=_reason(error),
    )


def _who() -> str:
    """The name of the known caller; a name that was only claimed may be a password."""
    visitor, caller = g.get("visitor"), g.get("api_scope")
    found = visitor.user.username if visitor else getattr(caller, "username", None)
    return found or "-"


def _reason(error: BaseException) -> str:
    """The reason without its facts, which the caller may not be allowed to know."""
    if isinstance(error, TindakError):
        return error.sentence.template
    if isinstance(error, HTTPException):
        return error.description or error.name
    return str(error.__doc__).split(":")[0].split(".")[0]
