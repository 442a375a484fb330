"""No address and no form holds NUL: PostgreSQL keeps none in a text, and no page of ours sends one.

Refused before anybody looks for what it names. JSON of the APIs says so itself, member by member.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flask import Flask, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from web.gate.errors import is_program


def register_addresses(app: Flask) -> None:
    """From now on addresses are looked at; register what asks the database afterwards."""
    app.before_request(lambda: _refuse([request.path, *_texts(request.args)], "An address"))


def register_forms(app: Flask) -> None:
    """From now on forms are; register what takes them in before."""
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
