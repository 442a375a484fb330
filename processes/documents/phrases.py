"""Texts on their way into a document: the words of a layout, and what people wrote.

Owns what no file can hold: control characters are taken out of texts, nothing else is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final, TypeAlias

from processes.documents.layout import Phrase
from processes.documents.values import Sheet

Say: TypeAlias = Callable[[Phrase], str]
"""The words of a layout in the language of the document."""

UNWRITABLE: Final = re.compile(r"[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 (section 2.2, Char) has no place for, and the carriage return."""


def clean(text: str) -> str:
    """A text without characters that no document can hold."""
    return UNWRITABLE.sub("", text)


def texts_of(values: Sheet) -> dict[str, Any]:
    """The values by the names of the template: texts and lists, without any object behind them, so
    that a template reaches nothing else."""
    found = {name: _cleaned(value) for name, value in asdict(values).items()}
    return found


def _cleaned(value: object) -> object:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return {name: _cleaned(one) for name, one in value.items()}
    if isinstance(value, Sequence):
        return [_cleaned(one) for one in value]
    raise TypeError(f"documents show texts, not {type(value).__name__}")
