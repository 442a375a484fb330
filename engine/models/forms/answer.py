"""One submitted value -> the stored value, or a sentence that says what to write.

Owns the rules of each type of field (one small function each, in a table). The form checks later
for missing answers, because a hidden field may be empty.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal

import re2

from engine.models.forms.field import Field, Json, Options
from engine.models.forms.typed import GROUP, TwoReadings, parse_date, parse_number
from engine.sentences.invisible import is_blank
from engine.sentences.sentence import Sentence, say

EMPTY: Mapping[str, Json] = {
    "checkbox": False,
    "checklist": [],
    "taglist": [],
    "filepicker": [],
    "dynamiclist": [],
}
"""The value for no answer, by type; None for all others."""

MAX_TEXT: Mapping[str, int] = {"textfield": 1_000, "textarea": 100_000}
"""Number of characters, if the form itself sets no limit."""

MAX_CHOICES = 1_000
MAX_NUMBER = Decimal(10) ** 18
DIGITS = 15
"""So many digits of a number with decimals are always kept."""
FREE_CHOICE = 200
"""Number of characters of a choice that cannot be checked, because the choices are unknown here."""

CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""Characters that no keyboard writes; neither JSON columns nor XML accept all of them."""

UPLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
FORMATS = {
    "email": r"^[^@\s]+@[^@\s]+\.[^@\s]+$",
    "phone": r"^\+?[0-9][0-9 ()./-]{4,24}$",
}
TRUE = frozenset({"on", "true", "1", "yes"})

Reader = Callable[[Field, object, Options], Json | Sentence]


def read_answer(field: Field, raw: object, options: Options) -> Json | Sentence:
    """The value of `raw`, a form post's list of texts or a JSON value; a sentence if the field does
    not accept it. An empty one is None, [] or False (`EMPTY`)."""
    return READERS[field.type](field, raw, options)


def missing(field: Field) -> Sentence:
    """The sentence for a missing answer."""
    match field.type:
        case "datetime":
            return say("Write “{label}”, for example 31/12/2026.", label=field.label)
        case "select" | "radio" | "checklist" | "taglist":
            return say("Choose “{label}”.", label=field.label)
        case "checkbox":
            return say("Tick “{label}”.", label=field.label)
        case "filepicker":
            return say("Add a file for “{label}”.", label=field.label)
        case "dynamiclist":
            return say("Fill in at least one row of “{label}”.", label=field.label)
        case _:
            return say("Write “{label}”.", label=field.label)


def _single(raw: object) -> object:
    """A form post repeats a name; the last value counts (a hidden field stands before its box)."""
    if isinstance(raw, list):
        return raw[-1] if raw else None
    return raw


def _text(raw: object) -> str:
    value = _single(raw)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    if isinstance(value, int) and abs(value) >= MAX_NUMBER:
        return ""
    text = CONTROLS.sub("", str(value).replace("\r\n", "\n").replace("\r", "\n")).strip()
    return "" if is_blank(text) else text


def _read_text(field: Field, raw: object, _: Options) -> Json | Sentence:
    text = _text(raw)
    if not text:
        return None
    limit = field.max_length if field.max_length is not None else MAX_TEXT[field.type]
    if len(text) > limit:
        return say(
            "Write “{label}” in at most {limit} characters; there are {count}.",
            label=field.label,
            limit=limit,
            count=len(text),
        )
    if field.min_length is not None and len(text) < field.min_length:
        return say(
            "Write “{label}” in at least {limit} characters.",
            label=field.label,
            limit=field.min_length,
        )
    return _wrong_format(field, text) or text


def _wrong_format(field: Field, text: str) -> Sentence | None:
    if field.format == "email" and not re2.search(FORMATS["email"], text):
        return say(
            "Write “{label}” as an e-mail address, for example nama@instansi.go.id.",
            label=field.label,
        )
    if field.format == "phone" and not re2.search(FORMATS["phone"], text):
        return say(
            "Write “{label}” as a telephone number, for example +62 21 3521234.", label=field.label
        )
    if field.pattern is not None and not re2.search(field.pattern, text):
        return say("Write “{label}” in the form that is asked for.", label=field.label)
    return None


def _read_number(field: Field, raw: object, _: Options) -> Json | Sentence:
    given = _single(raw)
    if isinstance(given, str) and not given.strip():
        return None
    if given is None:
        return None
    value = _number(given)
    if isinstance(value, TwoReadings):
        return say(
            "“{label}” can be read in two ways: write {grouped} or {decimal}.",
            label=field.label,
            grouped=value.grouped,
            decimal=value.decimal,
        )
    if value is None or not value.is_finite() or abs(value) >= MAX_NUMBER:
        return say("Write “{label}” as a number, for example 1.234,5.", label=field.label)
    wrong = _wrong_number(field, value)
    if wrong is not None:
        return wrong
    if field.as_text:
        return _exactly(value)
    return int(value) if value == value.to_integral_value() else float(value)


def _exactly(value: Decimal) -> str:
    """The number as text, without the fourth decimal that only says that three are decimals."""
    text = f"{value:f}"
    return text[:-1] if len(text.partition(".")[2]) == GROUP + 1 and text.endswith("0") else text


def _number(given: object) -> Decimal | TwoReadings | None:
    if isinstance(given, bool):
        return None
    if isinstance(given, int):
        return Decimal(given)
    return Decimal(str(given)) if isinstance(given, float) else parse_number(_text(given))


def _wrong_number(field: Field, value: Decimal) -> Sentence | None:
    if field.minimum is not None and value < field.minimum:
        return say("Write “{label}” as {limit} or more.", label=field.label, limit=field.minimum)
    if field.maximum is not None and value > field.maximum:
        return say("Write “{label}” as {limit} or less.", label=field.label, limit=field.maximum)
    if field.decimals == 0 and value != value.to_integral_value():
        return say("Write “{label}” as a whole number.", label=field.label)
    if field.decimals is not None and value != round(value, field.decimals):
        return say(
            "Write “{label}” with at most {limit} decimals.",
            label=field.label,
            limit=field.decimals,
        )
    if not field.as_text and not _can_be_kept(value):
        return say("Write “{label}” with at most {limit} digits.", label=field.label, limit=DIGITS)
    return None


def _can_be_kept(value: Decimal) -> bool:
    """Whether the number stays the same as JSON has it: whole, or of a double's precision."""
    return value == value.to_integral_value() or Decimal(str(float(value))) == value


def _read_date(field: Field, raw: object, _: Options) -> Json | Sentence:
    text = _text(raw)
    if not text:
        return None
    found = parse_date(text)
    if found is None:
        return say("Write “{label}” as a date, for example 31/12/2026.", label=field.label)
    return found.isoformat()


def _read_checkbox(field: Field, raw: object, _: Options) -> Json | Sentence:
    value = _single(raw)
    return value is True or _text(value).lower() in TRUE


def _read_choice(field: Field, raw: object, options: Options) -> Json | Sentence:
    text = _text(raw)
    if not text:
        return None
    return text if _is_offered(field, text, options) else _choose_again(field)


def _read_choices(field: Field, raw: object, options: Options) -> Json | Sentence:
    chosen = list(dict.fromkeys(filter(None, map(_text, _list(raw)))))
    if len(chosen) > MAX_CHOICES or not all(_is_offered(field, c, options) for c in chosen):
        return _choose_again(field)
    return list[Json](chosen)


def _is_offered(field: Field, text: str, options: Options) -> bool:
    if field.options_key is not None and field.options_key not in options:
        return len(text) <= FREE_CHOICE
    return any(choice.value == text for choice in field.choices_with(options))


def _choose_again(field: Field) -> Sentence:
    return say("Choose “{label}” from the list.", label=field.label)


def _read_files(field: Field, raw: object, _: Options) -> Json | Sentence:
    uploads = list(dict.fromkeys(filter(None, map(_text, _list(raw)))))
    if len(uploads) > MAX_CHOICES or not all(map(UPLOAD.fullmatch, uploads)):
        return say("Choose the files of “{label}” again.", label=field.label)
    if len(uploads) > 1 and not field.multiple:
        return say("Choose one file only for “{label}”.", label=field.label)
    return list[Json](uploads)


def _list(raw: object) -> list[object]:
    if raw is None:
        return []
    return raw if isinstance(raw, list) else [raw]


READERS: Mapping[str, Reader] = {
    "textfield": _read_text,
    "textarea": _read_text,
    "number": _read_number,
    "datetime": _read_date,
    "checkbox": _read_checkbox,
    "select": _read_choice,
    "radio": _read_choice,
    "checklist": _read_choices,
    "taglist": _read_choices,
    "filepicker": _read_files,
}
