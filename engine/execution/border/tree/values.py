"""The values of variables: JSON, copied at every border.

Owns what a value may be. Values never change in place, so scopes may share them; values that come
in or go out are copied. Knows no token, no scope and no model.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TypeAlias

from engine.language import LanguageError
from engine.language.spans import TIMES, iso_text
from engine.language.values import measure
from engine.models.elements import MAX_NAME
from engine.models.reserved import refuse_reserved
from engine.sentences.errors import BadInput
from engine.sentences.sentence import Sentence, say

Data: TypeAlias = dict[str, object]
MAX_DEPTH = 100
MAX_INTEGER = 2**63


class NotStorable(Exception):
    """A value that JSON cannot hold, or that is `large`; `field` is its top-level name."""

    def __init__(self, field: str, *, large: bool = False) -> None:
        super().__init__(field)
        self.field = field
        self.large = large

    @property
    def advice(self) -> Sentence:
        """How to correct the value."""
        if self.large:
            return say("Give fewer entries and shorter texts; long texts belong into files.")
        return say("Give text, finite numbers, true or false, dates, lists or objects.")


def submitted(data: Mapping[str, object]) -> Data:
    """A deep copy of a caller's data. Raises BadInput naming the field that is no JSON, or whose
    name is reserved."""
    refuse_reserved(data)
    try:
        return _copied(data, dates=False)
    except NotStorable as error:
        sentence = say("The field {field} cannot be stored.", field=error.field)
        raise BadInput(sentence, {error.field: error.advice}) from error


def kept(data: Mapping[str, object]) -> Data:
    """A deep copy of the result of a script, decision or handler; dates become ISO text.

    Raises NotStorable for any other value that is no JSON.
    """
    return _copied(data, dates=True)


def deep_copy(data: Mapping[str, object]) -> Data:
    """A deep copy of variables for a caller."""
    return {key: _clone(value) for key, value in data.items()}


def _clone(value: object) -> object:
    if type(value) is dict:
        return {key: _clone(entry) for key, entry in value.items()}
    if type(value) is list:
        return [_clone(entry) for entry in value]
    return value


def _copied(data: Mapping[str, object], *, dates: bool) -> Data:
    size_of(data)
    copy: Data = {}
    for field, value in data.items():
        if type(field) is not str or not _is_text(field):
            raise NotStorable(str(field).encode(errors="replace").decode())
        try:
            copy[field] = _json(value, dates, 0)
        except (ValueError, TypeError) as error:
            raise NotStorable(field) from error
    return copy


def size_of(data: Mapping[str, object]) -> int:
    """The size of data with every alias written out. Raises NotStorable beyond the limits of the
    language, before anything is copied: no script could read such data."""
    for field, value in data.items():
        _measured(value, field)
    return _measured(data, next(iter(data), ""))


def _measured(value: object, field: str) -> int:
    try:
        return measure(value)
    except LanguageError as error:
        shown = str(field)[:MAX_NAME].encode(errors="replace").decode()
        raise NotStorable(shown, large=True) from error


def _json(value: object, dates: bool, depth: int) -> object:
    """`value` as JSON. Raises ValueError or TypeError for a value that JSON, or its 64-bit reader,
    cannot hold."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str) and _is_text(value):
        return str(value)
    if isinstance(value, int) and -MAX_INTEGER <= value < MAX_INTEGER:
        return int(value)
    if isinstance(value, float) and math.isfinite(value):
        return float(value)
    if dates and type(value) in TIMES:
        return iso_text(value)
    if depth > MAX_DEPTH:
        raise ValueError(depth)
    if isinstance(value, Mapping):
        return {_key(key): _json(entry, dates, depth + 1) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_json(entry, dates, depth + 1) for entry in value]
    raise TypeError(value)


def _key(key: object) -> str:
    if isinstance(key, str) and _is_text(key):
        return str(key)
    raise TypeError(key)


def _is_text(text: str) -> bool:
    """Whether the text can be written as UTF-8: half of a surrogate pair cannot."""
    return text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text)


def same(one: object, other: object) -> bool:
    """Whether two JSON values are the same; unlike `==`, true is not 1 and 1 is not 1.0."""
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return one == other
