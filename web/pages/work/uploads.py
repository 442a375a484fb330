"""Files beside a form that is not sent yet: the user's own, until the form is completed."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from processes.files import uploads
from web.gate.visitor import reading
from web.pages.files.sending import attachment
from web.pages.work import task_page

page = Blueprint("uploads", __name__)


@page.post("/tasks/<uuid:task_id>/uploads/<name>")
def add(task_id: UUID, name: str) -> ResponseReturnValue:
    """Store files as soon as they are chosen; answer with the file field and its new list."""
    field = task_page.file_field(task_id, name)
    upload_url = request.path
    status = 422 if field.error else 200
    return render_template("forms/files.html", field=field, upload_url=upload_url), status


@page.get("/uploads/<uuid:upload_id>")
def download(upload_id: UUID) -> ResponseReturnValue:
    """One of the user's own files, to read it again."""
    at = reading()
    found = uploads.one(at.connection, at.scope, upload_id)
    return attachment(found.sha256, found.name, found.type)
