"""The largest body of each route, and the moment from which it may be read.

Owns the limits by route. Checks that need no body (the person, the rights) come first; the front of
the process (`web/front`) receives a body only when `_take` asks for it.
"""

from __future__ import annotations

from flask import Flask, Request, g, request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import RequestEntityTooLarge, RequestTimeout

from engine.deployment import drafting
from engine.sentences.errors import Unavailable
from engine.sentences.sentence import Sentence, say
from processes.files.blobs import MEGABYTE
from web.configuration.settings import Settings
from web.gate.errors import is_program

ARRIVAL = "tindak.body"
"""Key of the WSGI environment: the state of the body, if it is not simply there. PENDING, or the
cause of the error with which it is refused."""
PENDING = "pending"
LARGE, LATE = RequestEntityTooLarge, RequestTimeout

FILES_PER_FORM = 8
"""Number of files of the largest size in one form."""
FORM_BYTES = 2 * 1024 * 1024
"""Bytes of all text in one form: a long report has about 100 kB, a checked model on its way 1.9
MB."""
FORM_PARTS = 2000
BODILESS = frozenset({"GET", "HEAD", "OPTIONS", "DELETE"})

EVIDENCE = frozenset(
    {"tasks.redraw", "tasks.save_draft", "tasks.check", "tasks.complete", "uploads.add"}
)
"""Forms with files of evidence."""
MODELS = frozenset(
    {"drafts.take_in", "drafts.replace", "deployments.check", "engine_rest.deployment.create"}
)
"""Forms with files of models."""
MODEL_FILE = "drafts.save"
"""Routes whose body is one file of a model."""


class BodyWanted(BaseException):
    """All checks without the body are done; `most`: the wanted bytes of it. It is no error: it
    passes all handlers and reaches the front."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most


class Arriving(Request):
    """A request whose form is empty until its body is there, and stays empty if the body cannot be
    read, because the answer to a refusal also reads the form."""

    def _load_form_data(self) -> None:
        try:
            if ARRIVAL not in self.environ:
                super()._load_form_data()
        finally:
            for name in ("form", "files"):
                self.__dict__.setdefault(name, ImmutableMultiDict())


def register(app: Flask, settings: Settings) -> None:
    """Receive the body after everything registered so far."""
    app.config.update(
        MAX_CONTENT_LENGTH=largest(settings),
        MAX_FORM_MEMORY_SIZE=FORM_BYTES,
        MAX_FORM_PARTS=FORM_PARTS,
    )
    app.request_class = Arriving
    app.before_request(lambda: _take(settings))


def largest(settings: Settings) -> int:
    """The largest body that any route takes."""
    return FORM_BYTES + FILES_PER_FORM * max(settings.upload_mb * MEGABYTE, drafting.MOST_BYTES)


def fetch(most: int = FORM_BYTES) -> bool:
    """Receive the body of a refused request too, if it has at most `most` bytes; return whether it
    is there."""
    if (request.content_length or 0) > most:
        return False
    if request.environ.get(ARRIVAL) == PENDING:
        raise BodyWanted(most)
    return ARRIVAL not in request.environ


def busy() -> Unavailable:
    """The answer if too many bodies are on their way."""
    return Unavailable(say("Too much is being sent at the moment."), retry_after_seconds=10)


BUSY = busy


def _take(settings: Settings) -> None:
    if request.endpoint is None or request.method in BODILESS:
        return
    most = request.max_content_length = _most(settings)
    g.if_too_large = _advice(most)
    if (request.content_length or 0) > most:
        request.environ[ARRIVAL] = LARGE
    arrival = request.environ.get(ARRIVAL)
    if arrival == PENDING:
        raise BodyWanted(most)
    if arrival is not None:
        raise arrival()


def _advice(most: int) -> Sentence:
    """The advice for a sender of a larger body."""
    if request.endpoint in EVIDENCE | MODELS and request.mimetype == "multipart/form-data":
        return say("Send fewer or smaller files; the limit stands beside the file field.")
    return say("Send at most {n} MB at once.", n=most // 10**6)


def _most(settings: Settings) -> int:
    if request.endpoint == MODEL_FILE:
        return drafting.MOST_BYTES
    if request.mimetype == "multipart/form-data":
        if request.endpoint in EVIDENCE:
            return FORM_BYTES + FILES_PER_FORM * settings.upload_mb * MEGABYTE
        if request.endpoint in MODELS:
            return FORM_BYTES + FILES_PER_FORM * drafting.MOST_BYTES
    return settings.max_json_mb * 10**6 if is_program() else FORM_BYTES
