"""Refuses NUL in addresses and forms: PostgreSQL stores none in a text, and no page of ours sends
one.

The refusal comes before any query. The JSON of the APIs is checked member by member elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flask import Flask, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from web.gate.errors import is_program


def register_addresses(app: Flask) -> None:
    """Check addresses from now on; code that asks the database must be registered later."""
    app.before_request(lambda: _refuse([request.path, *_texts(request.args)], "An address"))


def register_forms(app: Flask) -> None:
    """Check forms from now on; code that receives them must be registered before."""
    app.before_request(_check_form)


def _check_form() -> None:
    if request.mimetype == "multipart/form-data" or not is_program():
        _refuse([*_texts(request.form), *_file_names()], "A form")


def _texts(given: MultiDict[str, str]) -> Iterator[str]:
    for name, value in given.items(multi=True):
        yield from (name, value)


def _file_names() -> Iterator[str]:
    for name, file in request.files.items(multi=True):
        yield from (name, file.filename or "")


def _refuse(texts: Iterable[str], holder: str) -> None:
    if any("\0" in text for text in texts):
        raise BadRequest(f"{holder} holds no NUL.")
