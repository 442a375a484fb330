"""The form about one day of a working calendar.

Owns the entries, and turning them into a named day.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from engine.sentences.sentence import say
from processes.storage.days.calendars import NamedDay
from web.forms.own import OwnField, day, text
from web.forms.submission import Texts
from web.forms.values import day_first
from web.words.admin_labels import DAYS, choices
from web.words.i18n import language


def entries(calendars: Mapping[str, str]) -> tuple[OwnField, ...]:
    """`calendars`: code -> name."""
    return (
        OwnField("calendar", say("Calendar"), "radio", options=named(calendars)),
        OwnField("day", say("Day"), "date"),
        OwnField("kind", say("What the day is"), "radio", options=choices(DAYS)),
        OwnField("name", say("Name of the day"), max_length=160),
        OwnField(
            "decree",
            say("Decree"),
            hint=say("Number and year, for example SKB Nomor 1497 Tahun 2025."),
            max_length=200,
        ),
    )


def named(calendars: Mapping[str, str]) -> list[tuple[str, str]]:
    """(code, name in the reader's language)."""
    return [(code, language().model_text(name)) for code, name in calendars.items()]


def proposed(code: str, kind: str, found: NamedDay | None, day: date | None) -> Texts:
    """The first values of the fields; `found`: the present facts of the day."""
    return {
        "calendar": [code],
        "day": [day_first(day.isoformat()) if day else ""],
        "kind": [kind],
        "name": [found.name if found else ""],
    }


def change_of(texts: Texts) -> NamedDay:
    """The day from the entries. Raises BadInput for an entry that is no date."""
    return NamedDay(
        day(texts, "day"), text(texts, "name"), text(texts, "kind"), text(texts, "decree")
    )
