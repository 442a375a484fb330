"""What is said under a field of what was typed into it, so that both mean the same.

Owns the echo of dates and numbers: a date in long form, a number in words, and of a date that lies
ahead on a free day the working days around it. Pages draw it and the address of `web.pages.echoes`
answers it while somebody types. Knows no form.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from engine.models.forms import parse_date, parse_number
from engine.sentences.sentence import Sentence, say
from engine.time.calendar import Calendar
from processes.days.calendars import FreeDay, free_day
from web.words.formatting import Formats, decimal_mark


@dataclass(frozen=True, slots=True)
class Days:
    """By which working days a date is judged, which day it is, and whose days they are: the code of
    an institution, empty for the common ones."""

    calendar: Calendar
    today: date
    institution: str = ""


@dataclass(frozen=True, slots=True)
class Echo:
    """The words under a field; `free`: the free day that was typed; `institution`: whose working
    days it was judged by."""

    words: str = ""
    free: FreeDay | None = None
    institution: str = ""


NO_ECHO = Echo()


def of_day(text: str, formats: Formats, days: Days | None) -> Echo:
    """The echo of a date; without `days` nothing is said of free ones."""
    day = parse_date(text.strip())
    if day is None:
        return NO_ECHO
    return Echo(formats.long_day(day), free_day(days.calendar, day, days.today) if days else None)


def of_number(text: str, formats: Formats, days: Days | None) -> Echo:
    """The echo of a number as a page of the reader's language reads it."""
    number = parse_number(text, decimal_mark(formats.language.code))
    return Echo(formats.number_words(number)) if isinstance(number, Decimal) else NO_ECHO


KINDS: Mapping[str, Callable[[str, Formats, Days | None], Echo]] = {
    "date": of_day,
    "number": of_number,
}
"""Kind of a field -> its echo."""


def echo_of(kind: str, text: str, formats: Formats, days: Days | None) -> Echo:
    """The echo of a field of this kind; of most there is none."""
    found = KINDS[kind](text, formats, days) if kind in KINDS else NO_ECHO
    return replace(found, institution=days.institution if days else "")


def free_words(free: FreeDay, formats: Formats) -> str:
    """What is told of a deadline on a free day."""
    return formats.language.render(free_sentence(free, formats))


def free_sentence(free: FreeDay, formats: Formats) -> Sentence:
    """The same before it is rendered."""
    return say(
        "That is no working day ({reason}). The working day before it is {before}, the one "
        "after it {after}.",
        reason=free.reason,
        before=formats.day(free.before),
        after=formats.day(free.after),
    )
