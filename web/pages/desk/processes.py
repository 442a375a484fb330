"""Processes: the list, the positions of the cases, and every version with its files and forms."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from processes.acts.reading import Reading
from processes.desk import models
from processes.desk.models import Place, Released
from processes.programs import instance_list
from processes.rights.access import allows
from web.frame import paging
from web.gate.visitor import reading
from web.pages.desk import model_files
from web.words import people_names
from web.words.i18n import language

page = Blueprint("processes", __name__)


@page.get("/processes")
def listed() -> ResponseReturnValue:
    """All processes."""
    at = reading()
    may_deploy = allows(at.scope, "deploy")
    return render_template(
        "processes/list.html", listed=models.processes(at), may_deploy=may_deploy
    )


@page.get("/processes/<key>")
def show(key: str) -> ResponseReturnValue:
    """One process: its newest version, with the cases of all versions."""
    at = reading()
    listed, found = models.process(at, key)
    kept = instance_list.count(at, key)
    return _drawn("processes/process.html", at, found, listed=listed, kept=kept)


@page.get("/processes/<key>/versions/<int:number>")
def version(key: str, number: int) -> ResponseReturnValue:
    """One version with its own cases."""
    at = reading()
    return _drawn("processes/version.html", at, models.version(at, key, number))


@page.get("/processes/<key>/versions/<int:number>/model")
def model(key: str, number: int) -> ResponseReturnValue:
    """The drawing of a version."""
    files = models.files(reading(), key, number)
    return model_files.model(files[models.process_file(files, key)])


@page.get("/processes/<key>/versions/<int:number>/files.zip")
def archive(key: str, number: int) -> ResponseReturnValue:
    """All files of a version."""
    files = models.files(reading(), key, number)
    return model_files.archive(f"{key}-{number}", files)


@page.get("/processes/<key>/versions/<int:number>/files/<path:file>")
def download(key: str, number: int, file: str) -> ResponseReturnValue:
    """One file of a version."""
    files = models.files(reading(), key, number)
    return model_files.attachment(file, model_files.content_of(files, file))


@page.get("/processes/<key>/versions/<int:number>/forms/<path:file>")
def form(key: str, number: int, file: str) -> ResponseReturnValue:
    """A form of a version as its users see it."""
    found = models.version(reading(), key, number)
    content = model_files.content_of(found.files, file)
    fields = model_files.preview(file, content)
    title = next((one.title for one in found.forms if one.file == file), file)
    return render_template(
        "processes/form.html", version=found.version, file=file, title=title, fields=fields
    )


@page.get("/processes/<key>/at/<element_id>")
def at(key: str, element_id: str) -> ResponseReturnValue:
    """The tasks at an element, behind its number."""
    at = reading()
    newest = models.versions(at, key)[0]
    found = models.tasks_at(at.connection, at.scope, key, element_id, **paging.place())
    people_names.look_up(one.assignee for one in found.items if one.assignee)
    return render_template(
        "processes/at.html",
        version=newest,
        tasks=found.items,
        pages=paging.of(found),
    )


def _drawn(template: str, at: Reading, found: Released, **more: object) -> str:
    people_names.look_up(one.by for one in (found.version, *(n.version for n in found.versions)))
    return render_template(
        template,
        found=found,
        version=found.version,
        counts=_counts(found.version.key, found.places),
        may_edit=allows(at.scope, "edit_processes"),
        **more,
    )


def _counts(key: str, places: Sequence[Place]) -> dict[str, dict[str, object]]:
    """The numbers in the form for the diagram."""
    counts: dict[str, dict[str, object]] = {}
    for place in places:
        words = language().ngettext(
            "%(n)s open task waits here", "%(n)s open tasks wait here", place.number
        )
        counts[place.element_id] = {"number": place.number, "words": words % {"n": place.number}}
        if place.listed:
            href = url_for("processes.at", key=key, element_id=place.element_id)
            counts[place.element_id]["href"] = href
    return counts
