"""Dates, times, numbers and deadlines as people read them.

Owns the written form; pure: language, zone and calendar are passed in. `Sel, 9 Des 2025`,
`14.30 WIB`, `1.234,5`; a deadline is always a date with the working days left or passed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.numbers import format_decimal, format_percent
from babel.units import format_unit

from engine.time.calendar import Calendar
from web.translations import Language

SOON_WORKING_DAYS = 3
"""From so many working days before the deadline on, it is marked as near."""

SIZES = ("B", "kB", "MB", "GB")


@dataclass(frozen=True, slots=True)
class Mark:
    """Word, shape and colour of one fact. `role` picks shape and colour (ui.md section 4):
    neutral, active, waiting, soon, late, done, danger, or level-1 ... level-5."""

    role: str
    words: str


@dataclass(frozen=True, slots=True)
class Formats:
    """How one reader sees dates and numbers."""

    language: Language
    zone: ZoneInfo

    def day(self, value: date) -> str:
        """`Sel, 9 Des 2025`; of a moment, its day in the reader's zone."""
        return format_date(self._day(value), "EEE, d MMM y", locale=self.language.code)

    def long_day(self, value: date) -> str:
        """`Selasa, 9 Desember 2025`: for checking a date before it is sent."""
        return format_date(self._day(value), "EEEE, d MMMM y", locale=self.language.code)

    def short_day(self, value: date) -> str:
        """`9 Des`: below a stage, where the year stands elsewhere."""
        return format_date(self._day(value), "d MMM", locale=self.language.code)

    def month(self, value: date) -> str:
        """`Desember 2025`."""
        return format_date(value, "MMMM y", locale=self.language.code)

    def weekday(self, value: date) -> str:
        """`Selasa`."""
        return format_date(value, "EEEE", locale=self.language.code)

    def weekday_short(self, value: date) -> str:
        """`Sel`: head of a column of days."""
        return format_date(value, "EEE", locale=self.language.code)

    def time(self, value: datetime) -> str:
        """`14.30 WIB`: always with its zone, since readers sit in three of them."""
        local = value.astimezone(self.zone)
        pattern = "HH.mm" if self.language.code == "id" else "HH:mm"
        # The Indonesian locale alone knows WIB, WITA and WIT; English would print +0700.
        return f"{local:%H}{pattern[2]}{local:%M} {format_time(local, 'z', self.zone, 'id')}"

    def moment(self, value: datetime) -> str:
        """`Sel, 9 Des 2025 14.30 WIB`."""
        return f"{self.day(value)} {self.time(value)}"

    def number(self, value: float) -> str:
        """`1.234,5`."""
        return format_decimal(value, locale=self.language.code)

    def percent(self, value: float) -> str:
        """`60%` for 60: the register keeps per cent, not fractions."""
        return format_percent(value / 100, locale=self.language.code)

    def size(self, value: int) -> str:
        """`1,4 MB`; the unit is a power of 1,024, as Windows shows it."""
        amount, unit = float(value), 0
        while amount >= 1024 and unit < len(SIZES) - 1:
            amount, unit = amount / 1024, unit + 1
        digits = "#,##0.#" if amount < 10 and unit else "#,##0"
        return f"{format_decimal(amount, digits, locale=self.language.code)} {SIZES[unit]}"

    def duration(self, seconds: int) -> str:
        """`1 hari 3 jam`: the two largest units that say something, in whole minutes."""
        minutes = seconds // 60
        parts = [(minutes // 1440, "day"), (minutes // 60 % 24, "hour"), (minutes % 60, "minute")]
        told = [(n, unit) for n, unit in parts if n][:2] or [(0, "minute")]
        locale = self.language.code
        return " ".join(format_unit(n, f"duration-{unit}", locale=locale) for n, unit in told)

    def working_days_left(self, overdue: int, *, late: bool) -> str:
        """Working days after (negative: before) the deadline, in words. `late`: it has passed, as
        on the Saturday after a Friday, when no working day has."""
        if overdue == 0:
            return self.language.gettext("Overdue") if late else self.language.gettext("Due today")
        n = abs(overdue)
        if overdue < 0:
            words = self.language.ngettext("%(n)s working day left", "%(n)s working days left", n)
        else:
            words = self.language.ngettext(
                "%(n)s working day overdue", "%(n)s working days overdue", n
            )
        return words % {"n": self.number(n)}

    def time_mark(self, due: date, today: date, calendar: Calendar) -> Mark:
        """How an open thing stands to its deadline."""
        overdue = calendar.overdue(due, today)
        late = today > due
        return Mark(urgency(overdue, late=late), self.working_days_left(overdue, late=late))

    def _day(self, value: date) -> date:
        return value.astimezone(self.zone).date() if isinstance(value, datetime) else value


def urgency(overdue: int, *, late: bool) -> str:
    """The role of colour and shape for working days after the deadline; `late`: it has passed."""
    if late:
        return "late"
    return "soon" if overdue >= -SOON_WORKING_DAYS else "neutral"
