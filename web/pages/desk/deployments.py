"""Deploying a new process: files chosen, checked, then deployed with a note.

Between the check and the button the page itself holds the files: nothing is stored before the last
button.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NoBase64
from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.sentences.errors import BadInput, ModelError, TindakError
from engine.sentences.sentence import say
from processes.desk import releases
from web.gate.errors import redraw_on_error, refusal
from web.gate.visitor import reading, scope, service
from web.pages.desk import model_files
from web.words import problem_sentences
from web.words.i18n import render

page = Blueprint("deployments", __name__)

MOST_BYTES = 1_400_000
"""Bytes of all files together: as text in a page they are a third larger, and a form holds 2
MiB."""


@page.get("/deployments/new")
def new() -> ResponseReturnValue:
    """The form for choosing the files."""
    return _chosen()


@page.post("/deployments/check")
def check() -> ResponseReturnValue:
    """The result of deploying the files, and their findings."""
    redraw_on_error(_chosen)
    files = model_files.uploaded("files")
    if sum(map(len, files.values())) > MOST_BYTES:
        advice = say("Send at most 1.4 MB together; larger ones through the command tindak deploy.")
        raise BadInput(say("These files are too large."), {"files": advice})
    return _checked(files)


@page.post("/deployments")
def deploy() -> ResponseReturnValue:
    """Deploy the files as checked."""
    files = releases.named(_carried())
    redraw_on_error(lambda error: _checked(files, error))
    versions, _ = releases.deploy(service(), scope(), files, request.form.get("note", ""))
    for version in versions:
        words = say("{name}: version {n} is released.", name=version.name, n=version.number)
        flash(render(words), "done")
    key = versions[0].key if len(versions) == 1 else None
    return redirect(url_for("processes.show", key=key) if key else url_for("processes.listed"))


def _carried() -> dict[str, bytes]:
    names, contents = request.form.getlist("name"), request.form.getlist("content")
    try:
        return dict(zip(names, map(urlsafe_b64decode, contents), strict=True))
    except (NoBase64, ValueError) as error:
        raise BadInput(say("This form was changed on its way. Choose the files again.")) from error


def _chosen(error: TindakError | None = None) -> str:
    return render_template("deployments/new.html", error=refusal(error))


def _checked(files: Mapping[str, bytes], error: TindakError | None = None) -> str:
    preview = releases.preview_upload(reading(), files)
    found = error.problems if isinstance(error, ModelError) else preview.problems
    return render_template(
        "deployments/check.html",
        preview=preview,
        findings=problem_sentences.findings(found, lambda file: None),
        carried=[(name, urlsafe_b64encode(one).decode()) for name, one in preview.files.items()],
        note=request.form.get("note", ""),
        error=refusal(error),
    )
