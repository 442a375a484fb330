"""How large a body each route takes in, and the moment from which it may be read.

Owns the limits by route. What is decided without the body (who asks, whether the route is theirs)
is decided before; the front of the process (`web/front`) waits for a body only once `_take` asks
for it.
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
"""Key of the WSGI environment: how the body stands, if it is not simply there. PENDING, or what
makes the error it is refused with."""
PENDING = "pending"
LARGE, LATE = RequestEntityTooLarge, RequestTimeout

FILES_PER_FORM = 8
"""So many files of the largest size may come with one form."""
FORM_BYTES = 2 * 1024 * 1024
"""All text of one form: a long report has about 100 kB, a checked model on its way 1.9 MB."""
FORM_PARTS = 2000
BODILESS = frozenset({"GET", "HEAD", "OPTIONS", "DELETE"})

EVIDENCE = frozenset(
    {"tasks.redraw", "tasks.save_draft", "tasks.check", "tasks.complete", "uploads.add"}
)
"""Forms that files of evidence come with."""
MODELS = frozenset(
    {"drafts.take_in", "drafts.replace", "deployments.check", "engine_rest.deployment.create"}
)
"""Forms that files of models come with."""
MODEL_FILE = "drafts.save"
"""The body is one file of a model."""


class BodyWanted(BaseException):
    """Everything is decided that needs no body; `most`: so many bytes of it are wanted. No error:
    it goes past all handlers, to the front."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most


class Arriving(Request):
    """A request whose form is empty until its body is there, and stays so if it cannot be read:
    what answers a refusal looks at the form, too."""

    def _load_form_data(self) -> None:
        try:
            if ARRIVAL not in self.environ:
                super()._load_form_data()
        finally:
            for name in ("form", "files"):
                self.__dict__.setdefault(name, ImmutableMultiDict())


def register(app: Flask, settings: Settings) -> None:
    """Take the body in after everything registered so far."""
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
    """Have the body of a request that is refused all the same, if it has at most so many bytes;
    whether it is there."""
    if (request.content_length or 0) > most:
        return False
    if request.environ.get(ARRIVAL) == PENDING:
        raise BodyWanted(most)
    return ARRIVAL not in request.environ


def busy() -> Unavailable:
    """The answer where too much is on its way at once."""
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
    """What whoever sends more is to do."""
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
