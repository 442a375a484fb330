"""The form about one day of a working calendar.

Owns the entries and what was typed as a named day.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from engine.words import say
from processes.storage.calendars import NamedDay
from web.admin_words import DAYS, choices
from web.forms.own import Entry, day, text
from web.forms.submission import Texts
from web.forms.values import day_first


def entries(calendars: Mapping[str, str]) -> tuple[Entry, ...]:
    """`calendars`: code -> name."""
    return (
        Entry("calendar", say("Calendar"), "radio", options=list(calendars.items())),
        Entry("day", say("Day"), "date"),
        Entry("kind", say("What the day is"), "radio", options=choices(DAYS)),
        Entry("name", say("Name of the day"), max_length=160),
        Entry(
            "decree",
            say("Decree"),
            hint=say("Number and year, for example SKB Nomor 1497 Tahun 2025."),
            max_length=200,
        ),
    )


def proposed(code: str, kind: str, found: NamedDay | None, day: date | None) -> Texts:
    """What stands in the fields before anybody types; `found`: what is written about the day."""
    return {
        "calendar": [code],
        "day": [day_first(day.isoformat()) if day else ""],
        "kind": [kind],
        "name": [found.name if found else ""],
    }


def change_of(texts: Texts) -> NamedDay:
    """What was typed. Raises BadInput for what is no date."""
    return NamedDay(
        day(texts, "day"), text(texts, "name"), text(texts, "kind"), text(texts, "decree")
    )
