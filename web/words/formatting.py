"""Dates, times, numbers and deadlines for readers.

Owns the written form; pure: language, zone and calendar are parameters. `Sel, 9 Des 2025`, `14.30
WIB`, `1.234,5`; a deadline is always a date with the working days left or passed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.numbers import format_decimal, format_percent, get_decimal_symbol
from babel.units import format_unit

from engine.models.forms.typed import GROUP
from engine.sentences.sentence import say
from engine.time.calendar import Timing
from processes.cases.follow_up.follow_up_list import SOON_WORKING_DAYS
from web.translations import Language
from web.words.number_sentences import in_words

NO_WORKING_DAY = {
    "before": say("No working day left"),
    "today": say("Due today"),
    "late": say("Overdue"),
}
"""Where no working day lies between now and the deadline: what is said on each side of it."""

SIZES = ("B", "kB", "MB", "GB")


@dataclass(frozen=True, slots=True)
class Mark:
    """Word, shape and colour of one fact. `role` picks shape and colour (ui.md section 4):
    neutral, active, waiting, soon, late, done, danger, or level-1 ... level-5."""

    role: str
    words: str


@dataclass(frozen=True, slots=True)
class Formats:
    """The form of dates and numbers for one reader."""

    language: Language
    zone: ZoneInfo

    def day(self, value: date) -> str:
        """`Sel, 9 Des 2025`; for a moment, its day in the reader's zone."""
        return _written_day(self._day(value), "EEE, d MMM y", self.language.code)

    def long_day(self, value: date) -> str:
        """`Selasa, 9 Desember 2025`: for checking a date before it is sent."""
        return _written_day(self._day(value), "EEEE, d MMMM y", self.language.code)

    def short_day(self, value: date) -> str:
        """`9 Des`: below a stage, where the year stands beside it."""
        return _written_day(self._day(value), "d MMM", self.language.code)

    def month(self, value: date) -> str:
        """`Desember 2025`."""
        return _written_day(value, "MMMM y", self.language.code)

    def weekday(self, value: date) -> str:
        """`Selasa`."""
        return _written_day(value, "EEEE", self.language.code)

    def weekday_short(self, value: date) -> str:
        """`Sel`: head of a column of days."""
        return _written_day(value, "EEE", self.language.code)

    def time(self, value: datetime) -> str:
        """`14.30 WIB`: always with its zone, because readers are in three of them."""
        local = value.astimezone(self.zone)
        pattern = "HH.mm" if self.language.code == "id" else "HH:mm"
        hour = local.replace(minute=0, second=0, microsecond=0)
        return f"{local:%H}{pattern[2]}{local:%M} {_zone_word(hour, self.zone)}"

    def moment(self, value: datetime) -> str:
        """`Sel, 9 Des 2025 14.30 WIB`."""
        return f"{self.day(value)} {self.time(value)}"

    def number(self, value: Decimal | float) -> str:
        """`1.234,5`, with every digit there is."""
        if isinstance(value, int) and value in SMALL:
            return str(int(value))
        return format_decimal(value, locale=self.language.code, decimal_quantization=False)

    def field_number(self, value: Decimal | float) -> str:
        """The same as it stands in a field: so that it is read back as this number."""
        return field_number(value, self.language.code)

    def fact(self, fact: object) -> object:
        """A fact of a sentence; a number as it is typed, since a sentence that says what to write
        must not be refused itself."""
        if isinstance(fact, datetime):
            return self.moment(fact)
        if isinstance(fact, int | Decimal):
            return self.field_number(fact)
        return self.day(fact) if isinstance(fact, date) else fact

    def number_words(self, value: Decimal | float) -> str:
        """`dua ratus lima puluh ribu`."""
        return in_words(value, self.language.code)

    def percent(self, value: float) -> str:
        """`60%` for 60: the register stores per cent, not fractions."""
        return format_percent(value / 100, locale=self.language.code)

    def size(self, value: int) -> str:
        """`1,4 MB`; the unit is a power of 1,024, as Windows shows it."""
        amount, unit = float(value), 0
        while amount >= 1024 and unit < len(SIZES) - 1:
            amount, unit = amount / 1024, unit + 1
        digits = "#,##0.#" if amount < 10 and unit else "#,##0"
        return f"{format_decimal(amount, digits, locale=self.language.code)} {SIZES[unit]}"

    def duration(self, seconds: int) -> str:
        """`1 hari 3 jam`: the two largest units that are not zero, in whole minutes."""
        minutes = seconds // 60
        parts = [(minutes // 1440, "day"), (minutes // 60 % 24, "hour"), (minutes % 60, "minute")]
        told = [(n, unit) for n, unit in parts if n][:2] or [(0, "minute")]
        locale = self.language.code
        return " ".join(format_unit(n, f"duration-{unit}", locale=locale) for n, unit in told)

    def working_days_left(self, timing: Timing) -> str:
        """How something stands to its deadline, in words. On the Saturday after a Friday it is
        overdue by no working day; on the Friday before a Saturday no working day is left."""
        if timing.overdue == 0:
            return self.language.render(NO_WORKING_DAY[timing.when])
        n = abs(timing.overdue)
        if timing.overdue < 0:
            words = self.language.ngettext("%(n)s working day left", "%(n)s working days left", n)
        else:
            words = self.language.ngettext(
                "%(n)s working day overdue", "%(n)s working days overdue", n
            )
        return words % {"n": self.number(n)}

    def time_mark(self, timing: Timing) -> Mark:
        """How an open thing stands to its deadline."""
        return Mark(urgency(timing), self.working_days_left(timing))

    def _day(self, value: date) -> date:
        return value.astimezone(self.zone).date() if isinstance(value, datetime) else value


KEPT = 2_000
"""A page has some forty moments on it, mostly of days that the pages before had too."""
SMALL = range(1_000)
"""Whole numbers without a mark in them: the same in each language."""


@lru_cache(KEPT)
def _written_day(day: date, pattern: str, code: str) -> str:
    return format_date(day, pattern, locale=code)


@lru_cache(KEPT)
def _zone_word(hour: datetime, zone: ZoneInfo) -> str:
    # One moment is the same in two zones, so the zone is named besides.
    # Only the Indonesian locale knows WIB, WITA and WIT; English would print +0700.
    return format_time(hour, "z", zone, "id")


def decimal_mark(code: str) -> str:
    """What stands before decimals in a language."""
    return str(get_decimal_symbol(code))


def field_number(value: Decimal | float, code: str) -> str:
    """A number as it stands in a field. Three decimals get a fourth: 1,125 could be a thousand."""
    shown = str(format_decimal(value, locale=code, decimal_quantization=False))
    decimals = shown.rpartition(decimal_mark(code))[2]
    return f"{shown}0" if len(decimals) == GROUP and decimals != shown else shown


def urgency(timing: Timing) -> str:
    """The role of colour and shape for how something stands to its deadline."""
    if timing.late:
        return "late"
    return "soon" if timing.overdue >= -SOON_WORKING_DAYS else "neutral"
