"""The refusals of both APIs: texts for programs, and their headers.

Owns the sentences of refusals that must not reveal whether a thing exists, and the headers of a
status. Each API owns its bodies.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flask import Response
from werkzeug.exceptions import MethodNotAllowed

from engine.sentences.sentence import Sentence
from web.gate.failures import SignInNeeded

CHALLENGES = ('Basic realm="Tindak", charset="UTF-8"', 'Bearer realm="Tindak"')
WORDS: Mapping[int, tuple[Sentence, Sentence]] = MappingProxyType(
    {
        401: (
            Sentence("Credentials are missing or wrong."),
            Sentence(
                "Send HTTP Basic or a Bearer token; cookies do not count. After several wrong "
                "ones wait as long as the header Retry-After says."
            ),
        ),
        403: (
            Sentence("Your role does not include this."),
            Sentence("Ask an administrator, or use a token that may act."),
        ),
        404: (
            Sentence("There is no such thing, or it is not open to you."),
            Sentence("Check the address and the id in it."),
        ),
        408: (
            Sentence("The body did not arrive in time."),
            Sentence("Send it faster, or in smaller parts."),
        ),
        413: (
            Sentence("The body is larger than this call takes."),
            Sentence("JSON may have 2 MB, unless the operator set TINDAK_MAX_JSON_MB."),
        ),
        405: (
            Sentence("This address cannot be called in that way."),
            Sentence("The header Allow names the methods it takes."),
        ),
    }
)
"""HTTP status -> cause and advice. In English, for the author of the program."""


class TooManyAttempts(SignInNeeded):
    """Credentials are not checked for a while, because too many wrong ones came before."""

    def __init__(self, seconds: int) -> None:
        super().__init__()
        self.seconds = seconds


def with_headers(response: Response, error: BaseException) -> Response:
    """The answer with the headers that help: credentials, methods or waiting time."""
    if response.status_code == 401:
        for challenge in CHALLENGES:
            response.headers.add("WWW-Authenticate", challenge)
    if isinstance(error, TooManyAttempts):
        response.headers["Retry-After"] = str(error.seconds)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response
