"""Files of models on their way in and out: uploads, downloads, archives, previews of forms.

Owns the HTTP side of a file of a model. The caller has found the files and checked the rights. A
file sent from here runs without anybody's rights.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from flask import Response, request

from engine.models.bundle import read_bundle
from engine.sentences.errors import NotFound
from engine.sentences.sentence import say
from web.forms.view import ConditionView, FieldView, Known, fields_of
from web.pages.files.sending import SANDBOX
from web.words.i18n import formats

XML = "application/xml; charset=utf-8"
TYPES = {".form": "application/json"}


def uploaded(field: str) -> dict[str, bytes]:
    """Name -> content of the files of this request's file field."""
    chosen = [one for one in request.files.getlist(field) if one.filename]
    return {str(one.filename): one.stream.read() for one in chosen}


def content_of(files: Mapping[str, bytes], name: str) -> bytes:
    """One of the files. Raises NotFound."""
    if name not in files:
        raise NotFound(say("There is no such file."))
    return files[name]


def attachment(name: str, content: bytes) -> Response:
    """A file of a model, for saving."""
    media_type = TYPES.get(PurePosixPath(name).suffix, "application/xml")
    return _saved(content, PurePosixPath(name).name, media_type)


def archive(name: str, files: Mapping[str, bytes]) -> Response:
    """All files as one zip. Names are data: entries have bare names, never folders."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for file, content in files.items():
            target.writestr(PurePosixPath(file).name, content)
    return _saved(packed.getvalue(), f"{name}.zip", "application/zip")


def model(content: bytes) -> Response:
    """The XML of a model, for the scripts that draw it."""
    response = Response(content, content_type=XML)
    response.headers["Content-Security-Policy"] = SANDBOX
    return response


def preview(file: str, content: bytes) -> tuple[FieldView, ...] | None:
    """A form in its later look, drawn by the renderer of tasks; None if it cannot be read. Fields
    that some answers hide are shown with their condition in words."""
    form = next(iter(read_bundle({file: content}).forms.values()), None)
    if form is None:
        return None
    return tuple(map(_always, fields_of(form, Known({}, formats()))))


def _always(field: FieldView) -> FieldView:
    condition = field.condition and ConditionView((), field.condition.words)
    rows = tuple(tuple(map(_always, row)) for row in field.rows)
    children = tuple(map(_always, field.children))
    return replace(field, condition=condition, rows=rows, children=children)


def _saved(content: bytes, name: str, media_type: str) -> Response:
    response = Response(content, mimetype=media_type)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cache-Control"] = "private, no-store"
    return response
