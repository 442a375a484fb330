"""Templates of documents: ours to begin with, the office's own, and which of them counts."""

from __future__ import annotations

from io import BytesIO
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.sentences.errors import BadInput, TindakError
from engine.sentences.sentence import say
from processes.documents import examples, office_templates, word
from processes.documents.office_templates import LARGEST, kind_of
from web import reading as open_reading
from web.documents.making import attached, made_with, ours
from web.documents.writer import of_reader
from web.gate.errors import redraw_on_error
from web.gate.visitor import reading, scope, service
from web.pages.files.sending import attachment
from web.pages.files.uploaded import folder
from web.translations import LOCALES
from web.words import people_names
from web.words.i18n import render

page = Blueprint("templates", __name__)


@page.get("/documents")
def listed() -> ResponseReturnValue:
    """Every kind of document in every language, and whose template counts."""
    at = reading()
    found = office_templates.listed(at.connection, at.scope)
    people_names.look_up(one.version.by for one in found if one.version)
    return render_template("templates/list.html", found=found, names=LOCALES)


@page.get("/documents/<key>/<language>")
def show(key: str, language: str) -> ResponseReturnValue:
    """The versions of one kind, and the form for a further one."""
    return _drawn(key, language)


@page.post("/documents/<key>/<language>")
def bring(key: str, language: str) -> ResponseReturnValue:
    """Store a template; it counts when it is chosen."""
    redraw_on_error(lambda error: _drawn(key, language, error))
    sent = request.files.get("template")
    if sent is None or not sent.filename:
        missing = say("Choose a file.")
        raise BadInput(missing, {"template": missing})
    kind_of(key, language)
    blob = folder(LARGEST).receive(sent.stream, sent.filename)
    office_templates.bring(service(), scope(), key, language, blob)
    flash(render(say("The template is stored. Look at its preview, then let it count.")), "done")
    return _back(key, language)


@page.post("/documents/versions/<uuid:version_id>/choose")
def choose(version_id: UUID) -> ResponseReturnValue:
    """Let a version count."""
    found = office_templates.choose(service(), scope(), version_id)
    flash(render(say("Documents are made with this template from now on.")), "done")
    return _back(found.kind, found.language)


@page.post("/documents/<key>/<language>/ours")
def give_up(key: str, language: str) -> ResponseReturnValue:
    """Let our template count again."""
    office_templates.return_to_ours(service(), scope(), key, language)
    flash(render(say("Documents are made with the shipped template again.")), "done")
    return _back(key, language)


@page.get("/documents/<key>/<language>/ours.docx")
def as_shipped(key: str, language: str) -> ResponseReturnValue:
    """Our template, to begin with."""
    kind_of(key, language)
    return attached(BytesIO(ours(key, language)), f"{key} {language}", "docx")


@page.get("/documents/versions/<uuid:version_id>/template.docx")
def download(version_id: UUID) -> ResponseReturnValue:
    """A version as it was brought."""
    at = reading()
    found = office_templates.version(at.connection, at.scope, version_id)
    return attachment(found.sha256, found.name, word.MEDIA_TYPE)


@page.get("/documents/versions/<uuid:version_id>/preview.docx")
def preview(version_id: UUID) -> ResponseReturnValue:
    """A version filled with the names of its fields."""
    at, write = reading(), of_reader()
    found = office_templates.version(at.connection, at.scope, version_id)
    kind = kind_of(found.kind, found.language)
    open_reading.end()
    with folder().open(found.sha256) as file:
        told = word.filled(file.read(), examples.of(kind.values), made_with(found, write))
    return attached(BytesIO(told), f"{found.kind} preview", "docx")


def _back(key: str, language: str) -> ResponseReturnValue:
    return redirect(url_for("templates.show", key=key, language=language))


def _drawn(key: str, language: str, error: TindakError | None = None) -> str:
    at = reading()
    found = office_templates.history(at.connection, at.scope, key, language)
    authors = [one.by for one in found.versions] + [one.by for one in found.choices]
    people_names.look_up(authors)
    return render_template(
        "templates/kind.html",
        found=found,
        language_name=LOCALES[language],
        files={one.id: one.name for one in found.versions},
        fields=examples.names(found.kind.values),
        title=render(error.sentence) if error else "",
        megabytes=LARGEST >> 20,
    )
