"""The meaning of an error for its receiver: its HTTP status, and the words of the status.

Owns the one table from error family to status, looked up along the class's MRO, and a sentence with
advice for each status. `web.gate.errors` owns the answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from werkzeug.exceptions import HTTPException

from engine.sentences.errors import (
    BadInput,
    Conflict,
    Forbidden,
    ModelError,
    NotFound,
    TindakError,
    Unavailable,
)
from engine.sentences.sentence import Sentence, say
from processes.authentication.throttle import TooManyAttempts

STATUS: Mapping[type[TindakError], int] = MappingProxyType(
    {
        BadInput: 422,
        TooManyAttempts: 429,
        NotFound: 404,
        Forbidden: 403,
        Conflict: 409,
        ModelError: 400,
        Unavailable: 503,
    }
)


class SignInNeeded(Exception):
    """The route needs a signed-in person: 401, for people with the sign-in page
    (`pages/login.py`)."""


@dataclass(frozen=True, slots=True)
class Failure:
    """The content of an answer: `title` says what happened, `advice` what to do; `log_id` names the
    request."""

    status: int
    title: Sentence
    advice: Sentence
    log_id: str
    fields: Mapping[str, Sentence] = field(default_factory=dict)


GENERAL: Mapping[int, tuple[Sentence, Sentence]] = MappingProxyType(
    {
        400: (
            say("This request could not be understood."),
            say("Go back, load the page again and repeat the last step."),
        ),
        401: (say("Please sign in."), say("Your session has ended or never began.")),
        403: (
            say("Your role does not include this."),
            say("Ask the administrator if you need it for your work."),
        ),
        404: (
            say("This page does not exist, or you may not see it."),
            say("Check the address, or start again from your first page."),
        ),
        405: (
            say("This page cannot be called in that way."),
            say("Go back and use the buttons of the page."),
        ),
        408: (
            say("What you sent did not arrive in time."),
            say("Check the connection and send it again; nothing was stored."),
        ),
        409: (
            say("Somebody else was faster."),
            say("Load the page again to see how it stands now."),
        ),
        413: (
            say("What you sent is too large."),
            say("Send less at once."),
        ),
        422: (
            say("Some entries need another look."),
            say("Correct them and send again; nothing was stored."),
        ),
        429: (
            say("Too many attempts."),
            say("Wait a while, then try again."),
        ),
        500: (
            say("An error on our side stopped this."),
            say("Nothing was stored. Try again; if it stays, report the number below."),
        ),
        503: (
            say("The system is busy at the moment."),
            say("Nothing was stored. Wait a few seconds and try again."),
        ),
    }
)


def status_of(error: BaseException) -> int:
    """HTTP status of an error: from the table along the MRO, from the HTTP layer, or 500."""
    for family in type(error).__mro__:
        if family in STATUS:
            return STATUS[family]
    if isinstance(error, SignInNeeded):
        return 401
    if isinstance(error, HTTPException) and error.code:
        return error.code
    return 500
