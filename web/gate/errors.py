"""The answers to errors, for people and programs.

Owns their shapes: the error page, the form drawn again and `application/problem+json` (RFC 9457).
Views hold no try/except. An answer never contains a trace or a class name, and 403/404 never reveal
whether a thing exists. `web.gate.failures` has the statuses and their words.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable

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

from engine.sentences.errors import (
    BadInput,
    Conflict,
    ModelError,
    TindakError,
    Unavailable,
)
from processes.authentication.throttle import TooManyAttempts
from web.gate import refusals
from web.gate.failures import GENERAL, Failure, SignInNeeded, status_of
from web.reading import meaning_of
from web.words.i18n import language, render
from web.words.people_names import with_names

log = structlog.get_logger(__name__)

Shape = Callable[[Failure, BaseException], ResponseReturnValue]
Redraw = Callable[[TindakError | None], str]

ONLY_DRAW = "only_draw"
"""The act of a form that was sent again to be drawn in another language."""


class OnlyDrawn(HTTPException):
    """The form is drawn, and nothing is done."""

    code = 200


SILENT = (403, 404)
"""Statuses whose own sentence is withheld, because it might reveal that a thing exists."""
TELLING = frozenset({"link"})
"""Pages that show it nevertheless: the holder of a used link must learn to ask for a new one."""


def failure_of(error: BaseException) -> Failure:
    """The content of the answer. An unforeseen error is logged with its trace under `log_id`."""
    status = status_of(error)
    log_id = g.setdefault("log_id", secrets.token_hex(6))
    if status >= 500 and not isinstance(error, TindakError):
        log.error("request_failed", log_id=log_id, path=request.path, exc_info=error)
    title, advice = GENERAL.get(status, GENERAL[400 if status < 500 else 500])
    if status == 413:
        advice = g.get("if_too_large", advice)  # by `web/gate/bodies.py`, which knows the route
    if isinstance(error, TindakError) and (status not in SILENT or request.blueprint in TELLING):
        title = error.sentence if is_program() else with_names(error)
    fields = error.fields if isinstance(error, BadInput) else {}
    return Failure(status, title, advice, log_id, fields)


def register(app: Flask) -> None:
    """Answer every error of this application here."""
    app.extensions["error_shapes"] = {"/api/": problem_json, "/engine-rest": problem_json}
    app.register_error_handler(Exception, answer)


def shape_errors(app: Flask, prefix: str, shape: Shape) -> None:
    """Use `shape` in place of the HTML page for errors below `prefix`."""
    app.extensions["error_shapes"][prefix] = shape


def redraw_on_error(redraw: Redraw) -> None:
    """For this request: answer BadInput, Conflict and ModelError by drawing the form again with its
    entries. `redraw` returns the page; the status is set here. Before any act begins, a form that
    is only to be drawn in another language ends here."""
    g.redraw = redraw
    g.draws_again = True
    if request.form.get("act") == ONLY_DRAW:
        raise OnlyDrawn


def draws_again() -> bool:
    """Whether the form of this request can be drawn again, for the switch of languages."""
    return bool(g.get("draws_again"))


def refusal(error: TindakError | None) -> list[str]:
    """The refusal and its advice, for the top of a form that is drawn again."""
    if error is None:
        return []
    more = error.fields.values() if isinstance(error, BadInput) else ()
    return [render(one) for one in (with_names(error), *more)]


def is_program() -> bool:
    """Whether the present address belongs to an API (its callers get no HTML, no redirect)."""
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
    """The answer to an error, in the shape of its address."""
    # A refused page is drawn again from data already read; any other error may come from the
    # database.
    if not isinstance(error, TindakError | HTTPException | SignInNeeded):
        error = meaning_of(error)
    if isinstance(error, SecurityError):  # a host that is not ours: no page can name its links
        refusals.record(400, error)
        return Response("Unknown host.\n", 400, mimetype="text/plain")
    redraw: Redraw | None = g.pop("redraw", None)
    if redraw and isinstance(error, OnlyDrawn):
        return redraw(None)
    if redraw and isinstance(error, BadInput | Conflict | ModelError):
        try:
            return redraw(error), status_of(error), _patience(error)
        except Exception as hidden:  # the page itself may not be read, is gone, or cannot be read
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
    """The time until a repetition, if the error names one."""
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
    """Whether a script of ours asks, and not a person who reads pages."""
    return request.accept_mimetypes.best == "application/json"


def message(failure: Failure, error: BaseException) -> Response:
    """The failure as `{"message": ...}`: sentences that a script of ours shows unchanged."""
    sentences = [failure.title, *(failure.fields.values() or [failure.advice])]
    words = " ".join(map(render, sentences))
    return Response(json.dumps({"message": words}), failure.status, mimetype="application/json")


def page(failure: Failure, error: BaseException) -> Response:
    """The failure as a page: what happened, what is kept, what to do, the number of the request."""
    kept = kept_entries() if isinstance(error, CSRFError) or failure.status >= 409 else []
    html = render_template("errors/error.html", failure=failure, kept=kept)
    return Response(html, failure.status)


def kept_entries() -> list[str]:
    """Longer texts of the refused request, so that the page can give them back. Without the names
    of their fields, and without what pages write into forms themselves: both mean nothing to
    readers."""
    written = [texts for name, texts in entries().items() if not name.startswith("_")]
    return [text for texts in written for text in texts if len(text) > 20]


def entries() -> dict[str, list[str]]:
    """The entries of the refused form, without secrets."""
    return {
        name: texts
        for name, texts in request.form.lists()
        if name != "csrf_token" and "password" not in name
    }
