"""Answers in words: for the check before sending, and for sent answers.

Owns the written form of an answer by the type of its field. Hidden fields and fields without an
answer are left out: only sent answers are shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from engine.models.forms import Field, Form, Json, Options, walk
from processes.days.calendars import free_day
from web.forms.echoes import Days, free_words
from web.forms.view import Upload
from web.words.formatting import Formats


@dataclass(frozen=True, slots=True)
class AnswerWords:
    """One answer: its label, and either lines of text, or files, or rows of answers."""

    label: str
    text: str = ""
    files: tuple[Upload, ...] = ()
    rows: tuple[tuple[AnswerWords, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Context:
    """The language, files and choices for the words."""

    formats: Formats
    options: Options
    uploads: Mapping[str, Upload]
    days: Days | None = None


def words_of(form: Form, values: Mapping[str, Json], context: Context) -> list[AnswerWords]:
    """The answers of a form in the order of its fields."""
    return _words(form.visible(values), values, context)


def _words(
    fields: tuple[Field, ...], values: Mapping[str, Json], context: Context
) -> list[AnswerWords]:
    found = []
    for item in walk(fields):
        value = values.get(item.key) if item.holds_answer else None
        if value not in (None, "", []):
            found.append(_answer(item, value, context))
    return found


def _answer(item: Field, value: Json, context: Context) -> AnswerWords:
    label = context.formats.language.model_text(item.label)
    if item.type == "filepicker" and isinstance(value, list):
        known = [context.uploads[str(one)] for one in value if str(one) in context.uploads]
        return AnswerWords(label, "" if known else _kept(len(value), context), tuple(known))
    if item.type == "dynamiclist" and isinstance(value, list):
        rows = [row for row in value if isinstance(row, dict)]
        return AnswerWords(
            label, rows=tuple(tuple(_words(item.children, row, context)) for row in rows)
        )
    return AnswerWords(label, _text(item, value, context))


def _kept(n: int, context: Context) -> str:
    """Files that are no uploads any more: the case has them, as its evidence."""
    words = context.formats.language.ngettext(
        "%(n)s file, kept with the case", "%(n)s files, kept with the case", n
    )
    return words % {"n": context.formats.number(n)}


def _text(item: Field, value: Json, context: Context) -> str:
    spoken = context.formats.language
    if isinstance(value, bool):
        return spoken.gettext("Yes") if value else spoken.gettext("No")
    if isinstance(value, int | float):
        return _number(value, context.formats)
    if item.type == "datetime":
        return _day(date.fromisoformat(str(value)), context)
    labels = {c.value: spoken.model_text(c.label) for c in item.choices_with(context.options)}
    entries = value if isinstance(value, list) else [value]
    return "; ".join(labels.get(str(one), str(one)) for one in entries)


def _number(value: float, formats: Formats) -> str:
    words = formats.number_words(value)
    return f"{formats.number(value)} ({words})" if words else formats.number(value)


def _day(day: date, context: Context) -> str:
    """A date in long form; of a free one that lies ahead the working days around it."""
    formats, days = context.formats, context.days
    free = free_day(days.calendar, day, days.today) if days else None
    if free is None:
        return formats.long_day(day)
    return f"{formats.long_day(day)}. {free_words(free, formats)}"
