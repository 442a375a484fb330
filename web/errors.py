"""What people and programs are told when something goes wrong.

Owns the one table from error family to HTTP status, looked up along the class's MRO, the error
page and `application/problem+json` (RFC 9457). Views hold no try/except. An answer never carries
a trace or a class name, and 403/404 never tell whether a thing exists.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import structlog
from flask import (
    Flask,
    Response,
    current_app,
    g,
    json,
    render_template,
    request,
)
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError

from engine.errors import (
    BadInput,
    Conflict,
    Forbidden,
    ModelError,
    NotFound,
    TindakError,
    Unavailable,
)
from engine.words import Sentence, say
from processes.throttle import TooManyAttempts
from web import refusals
from web.i18n import language, render
from web.people_names import told

log = structlog.get_logger(__name__)

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
    """The route is not for strangers: 401, for people with the sign-in page (`pages/login.py`)."""


@dataclass(frozen=True, slots=True)
class Failure:
    """What is answered: `title` what happened, `advice` what to do; `log_id` names the request."""

    status: int
    title: Sentence
    advice: Sentence
    log_id: str
    fields: Mapping[str, Sentence] = field(default_factory=dict)


Shape = Callable[[Failure, BaseException], ResponseReturnValue]
Redraw = Callable[[TindakError], str]

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
SILENT = (403, 404)
"""Statuses whose own sentence is withheld: it might tell that a thing exists."""
TELLING = frozenset({"link"})
"""Pages that tell it all the same: whoever holds a used link must learn to ask for a new one."""


def status_of(error: BaseException) -> int:
    """HTTP status of an error: the table along the MRO, the HTTP layer's own, or 500."""
    for family in type(error).__mro__:
        if family in STATUS:
            return STATUS[family]
    if isinstance(error, SignInNeeded):
        return 401
    if isinstance(error, HTTPException) and error.code:
        return error.code
    return 500


def failure_of(error: BaseException) -> Failure:
    """The answer's content. An unforeseen error is logged with its trace under `log_id`."""
    status = status_of(error)
    log_id = g.setdefault("log_id", secrets.token_hex(6))
    if status >= 500 and not isinstance(error, TindakError):
        log.error("request_failed", log_id=log_id, path=request.path, exc_info=error)
    title, advice = GENERAL.get(status, GENERAL[400 if status < 500 else 500])
    if status == 413:
        advice = g.get("if_too_large", advice)  # by `web/bodies.py`, which knows the route
    if isinstance(error, TindakError) and (status not in SILENT or request.blueprint in TELLING):
        title = error.sentence if is_program() else told(error)
    fields = error.fields if isinstance(error, BadInput) else {}
    return Failure(status, title, advice, log_id, fields)


def register(app: Flask) -> None:
    """Answer every error of this application here."""
    app.extensions["error_shapes"] = {"/api/": problem_json, "/engine-rest": problem_json}
    app.register_error_handler(Exception, answer)


def shape_errors(app: Flask, prefix: str, shape: Shape) -> None:
    """Below `prefix`, errors are answered by `shape` instead of the HTML page."""
    app.extensions["error_shapes"][prefix] = shape


def redraw_on_error(redraw: Redraw) -> None:
    """For this request: BadInput, Conflict and ModelError are answered by drawing the form again,
    with what was typed. `redraw` returns the page; the status is set here."""
    g.redraw = redraw


def refusal(error: TindakError | None) -> list[str]:
    """What was refused and what to write instead, where a form is drawn again with it on top."""
    if error is None:
        return []
    more = error.fields.values() if isinstance(error, BadInput) else ()
    return [render(one) for one in (told(error), *more)]


def is_program() -> bool:
    """Whether the current address belongs to an API (its callers get no HTML, no redirect)."""
    return any(request.path.startswith(prefix) for prefix in current_app.extensions["error_shapes"])


def problem_json(failure: Failure, error: BaseException) -> Response:
    """The failure as RFC 9457 problem details; `errors` names the fields."""
    spoken = language()
    body: dict[str, object] = {
        "type": "about:blank",
        "title": spoken.render(failure.title),
        "status": failure.status,
        "detail": spoken.render(failure.advice),
        "instance": f"urn:request:{failure.log_id}",
    }
    if failure.fields:
        body["errors"] = {name: spoken.render(what) for name, what in failure.fields.items()}
    return Response(json.dumps(body), failure.status, mimetype="application/problem+json")


def answer(error: Exception) -> ResponseReturnValue:
    """The answer to an error, in the shape its address asks for."""
    if isinstance(error, SecurityError):  # a host that is not ours: no page can name its links
        refusals.record(400, error)
        return Response("Unknown host.\n", 400, mimetype="text/plain")
    redraw: Redraw | None = g.pop("redraw", None)
    if redraw and isinstance(error, BadInput | Conflict | ModelError):
        try:
            return redraw(error), status_of(error), _patience(error)
        except TindakError as hidden:  # the page itself may not be seen, or is gone
            return answer(hidden)
    if isinstance(error, HTTPException) and error.code and error.code < 400:
        return error.get_response()
    failure = failure_of(error)
    refusals.record(failure.status, error)
    response = _shape()(failure, error)
    flask_response = response if isinstance(response, Response) else Response(str(response))
    flask_response.headers.update(_patience(error))
    return flask_response


def _patience(error: BaseException) -> dict[str, str]:
    """When to come back, for whoever is told to."""
    if isinstance(error, Unavailable | TooManyAttempts):
        return {"Retry-After": str(error.retry_after_seconds)}
    return {}


def _shape() -> Shape:
    shapes: dict[str, Shape] = current_app.extensions["error_shapes"]
    matching = [prefix for prefix in shapes if request.path.startswith(prefix)]
    if matching:
        return shapes[max(matching, key=len)]
    return message if wants_json() else page


def wants_json() -> bool:
    """Whether a script of ours asks, and not somebody who reads pages."""
    return request.accept_mimetypes.best == "application/json"


def message(failure: Failure, error: BaseException) -> Response:
    """The failure as `{"message": ...}`: the sentences a script of ours shows as they are."""
    sentences = [failure.title, *(failure.fields.values() or [failure.advice])]
    words = " ".join(map(render, sentences))
    return Response(json.dumps({"message": words}), failure.status, mimetype="application/json")


def page(failure: Failure, error: BaseException) -> Response:
    """The failure as a page: what happened, what is kept, what to do, the request's number."""
    kept = kept_entries() if isinstance(error, CSRFError) or failure.status >= 409 else []
    html = render_template("errors/error.html", failure=failure, kept=kept)
    return Response(html, failure.status)


def kept_entries() -> list[tuple[str, str]]:
    """Longer texts of the refused request, so that the page can give them back."""
    return [(name, text) for name, texts in entries().items() for text in texts if len(text) > 20]


def entries() -> dict[str, list[str]]:
    """What the refused form held, without secrets."""
    return {
        name: texts
        for name, texts in request.form.lists()
        if name != "csrf_token" and "password" not in name
    }
