"""The JSON of the form editor -> a Form, or a problem that the server could not check it.

Owns the limits, the file as a whole and the line of a component. `components.py` reads single
components.
"""

from __future__ import annotations

import orjson

from engine.models.forms.components import Desk, read_components
from engine.models.forms.english import english_of_form
from engine.models.forms.field import Field, walk
from engine.models.forms.form import Form
from engine.sentences.errors import ModelError
from engine.sentences.problems import errors_of
from engine.sentences.sentence import say

MAX_FORM_BYTES = 1024 * 1024


def read_form(content: bytes, file: str) -> Form:
    """The form of a `.form` file. Raises ModelError with every problem found in it."""
    desk = Desk(file, content.decode("utf-8", "replace"))
    root = _root(content, desk)
    form = Form(
        id=_text(root.get("id")),
        title=_text(root.get("title")) or _text(root.get("name")),
        fields=read_components(root.get("components"), desk),
        english=english_of_form(root),
    )
    if not form.id:
        desk.whole(
            say("The form has no id."), say("Give it the id that tasks name in camunda:formRef.")
        )
    _note_repeated_keys(form.fields, desk)
    _note_unknown_keys(form.fields, frozenset(), desk)
    if errors_of(desk.problems):
        raise ModelError(desk.problems)
    return form


def canonical_form(content: bytes) -> bytes:
    """The same JSON in one spelling, for digests. Unreadable content, and content nested too
    deeply, stays as it is."""
    try:
        return orjson.dumps(orjson.loads(content), option=orjson.OPT_SORT_KEYS)
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return content


def _root(content: bytes, desk: Desk) -> dict[str, object]:
    if len(content) > MAX_FORM_BYTES:
        raise desk.unreadable(
            say("The form is larger than 1 MB."), say("Split it into several forms.")
        )
    try:
        root = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise desk.unreadable(
            say("The file is not well-formed JSON."),
            say("Save the form again with the form editor, or repair the text at this line."),
            error.lineno,
        ) from error
    if not isinstance(root, dict) or not isinstance(root.get("components"), list):
        raise desk.unreadable(
            say("The file is not a form: it has no list of components."),
            say("Save it with the form editor (form-js)."),
        )
    return root


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _note_repeated_keys(fields: tuple[Field, ...], desk: Desk) -> None:
    seen: set[str] = set()
    for field in walk(fields):
        if field.key in seen:
            desk.error(
                field,
                say("Two fields have the key {key}.", key=field.key),
                say("Give each field a key of its own."),
            )
        seen |= {field.key} - {""}
        if field.type == "dynamiclist":
            _note_repeated_keys(field.children, desk)


def _note_unknown_keys(fields: tuple[Field, ...], outer: frozenset[str], desk: Desk) -> None:
    """A condition that reads a field which does not exist would hide, or show, a field for ever."""
    known = outer | {field.key for field in walk(fields)}
    for field in walk(fields):
        unknown = sorted(field.hide.keys - known) if field.hide else []
        if unknown:
            desk.error(
                field,
                say("The condition reads {key}, which is no field of the form.", key=unknown[0]),
                say("Use the key of a field of this form."),
            )
        if field.type == "dynamiclist":
            _note_unknown_keys(field.children, known, desk)
