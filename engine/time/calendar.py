"""Working days: which days count, how far a deadline lies, when a day ends.

Owns the arithmetic of *hari kerja*. Pure: holidays are data (a registry or a library builds the
`Calendar`), the time is a parameter. Knows no database and no process.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from types import MappingProxyType
from typing import Literal
from zoneinfo import ZoneInfo

from engine.sentences.sentence import Sentence, say

DEFAULT_ZONE = ZoneInfo("Asia/Jakarta")
SATURDAY, SUNDAY = 5, 6
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class CountedDay:
    """One day of a count: its number, or why it does not count."""

    day: date
    number: int | None
    reason: Sentence | None


@dataclass(frozen=True, slots=True)
class Timing:
    """How a moment stands to a deadline. `overdue`: working days after it, negative before it.
    `when`: its side, which no number tells where only free days lie between the two."""

    overdue: int
    when: Literal["before", "today", "late"]

    @property
    def late(self) -> bool:
        """Whether the deadline has passed."""
        return self.when == "late"


@dataclass(frozen=True, slots=True)
class EndOfDay:
    """The end of a day, 24.00 in its zone: the form of a deadline. Its moment is 00.00 of the next
    day. It is no `datetime`, so that no code reads the date of the next day by mistake."""

    day: date
    zone: tzinfo

    def __post_init__(self) -> None:
        """Raises OverflowError for the last possible day, which has no next day."""
        _ = self.day + ONE_DAY

    @property
    def moment(self) -> datetime:
        """The moment of this end of day."""
        return datetime.combine(self.day + ONE_DAY, time.min, self.zone)

    def __str__(self) -> str:
        """The form of ISO 8601-1:2019/Amd 1:2022, 5.3.2: 2026-12-31T24:00:00+07:00."""
        return f"{self.day}T24:00:00{self.moment.isoformat()[19:]}"


@dataclass(frozen=True, slots=True)
class Calendar:
    """The working days of an institution. `holidays`: day -> its name; `weekend`: 0 = Monday.

    A deadline is a date. It is met until 24.00 of that date in `zone`; lateness counts from the
    next working day.
    """

    holidays: Mapping[date, str] = field(default_factory=dict)
    weekend: frozenset[int] | set[int] = frozenset({SATURDAY, SUNDAY})
    zone: ZoneInfo = DEFAULT_ZONE

    def __post_init__(self) -> None:
        """Raises ValueError for a week without a working day, because a count would never end."""
        if self.weekend >= set(range(7)):
            raise ValueError("a calendar needs at least one working day a week")
        object.__setattr__(self, "holidays", MappingProxyType(dict(self.holidays)))
        object.__setattr__(self, "weekend", frozenset(self.weekend))

    def is_working(self, day: date) -> bool:
        """Whether `day` is neither weekend nor holiday."""
        return day.weekday() not in self.weekend and day not in self.holidays

    def add(self, day: date, n: int) -> date:
        """The n-th working day after `day` (before it if negative); `day` itself for 0.

        Raises OverflowError beyond the year 9999.
        """
        step = ONE_DAY if n > 0 else -ONE_DAY
        left = abs(n)
        while left:
            day += step
            left -= self.is_working(day)
        return day

    def next_working(self, day: date) -> date:
        """The first working day after `day`."""
        return self.add(day, 1)

    def overdue(self, due: date, today: date) -> int:
        """Working days late: 0 on the due day, 1 on the first working day after, negative before.

        These are the numbered days of `counted_until`, and what is left before a deadline is what
        can still be worked. A free day counts as the working day before it, due or not: a deadline
        of Sunday leaves nothing on Friday, and one of Friday is not a working day late on Sunday.
        """
        if today >= due:
            return self._working_days(due, today)
        return -self._working_days(today, due)

    def day_of(self, due: date, overdue: int) -> date:
        """The working day that is so far from a deadline: `overdue(due, day_of(due, n)) == n`."""
        return self.add(self.working_by(due), overdue)

    def working_by(self, day: date) -> date:
        """`day` itself, or the last working day before a free one."""
        return day if self.is_working(day) else self.add(day, -1)

    def timing(self, due_at: datetime, now: datetime) -> Timing:
        """How `now` stands to a deadline: what every page, list, board, letter and program tells.
        Both are aware."""
        due, today = self.due_date_of(due_at), self.today(now)
        late, ahead = now >= due_at, today < due
        return Timing(self.overdue(due, today), "late" if late else "before" if ahead else "today")

    def _working_days(self, after: date, until: date) -> int:
        """The number of working days in (after, until]."""
        return sum(self.is_working(day) for day in _days(after, until))

    def today(self, now: datetime) -> date:
        """The date of `now` in the calendar's zone. Raises ValueError for a naive `now`."""
        if now.tzinfo is None:
            raise ValueError("a moment needs its zone")
        return now.astimezone(self.zone).date()

    def moment(self, day: date, at: time) -> datetime:
        """The aware moment of this clock time on `day`."""
        return datetime.combine(day, at, self.zone)

    def end_of(self, day: date) -> datetime:
        """24.00 of `day`: the first moment at which a deadline on `day` is missed."""
        return self.moment(day + ONE_DAY, time.min)

    def due_date_of(self, due_at: datetime) -> date:
        """The date of a deadline stored as a moment: the inverse of `end_of`."""
        return self.today(due_at - timedelta.resolution)

    def deadline(self, due_at: datetime) -> datetime | EndOfDay:
        """A deadline in the form that people use: 24.00 of its day, or a moment in the calendar's
        zone."""
        day = self.due_date_of(due_at)
        if self.end_of(day) == due_at:
            return EndOfDay(day, self.zone)
        return due_at.astimezone(self.zone)

    def counted(self, start: date, n: int) -> list[CountedDay]:
        """How `add(start, n)` came about, day by day from the day after `start`; n >= 0."""
        return self.counted_until(start, self.add(start, n))

    def counted_until(self, start: date, end: date) -> list[CountedDay]:
        """The days after `start` up to `end`, free ones too; none where it is earlier."""
        counted: list[CountedDay] = []
        number = 0
        for day in _days(start, end):
            reason = self.why_free(day)
            number += reason is None
            counted.append(CountedDay(day, None if reason else number, reason))
        return counted

    def why_free(self, day: date) -> Sentence | None:
        """Why `day` does not count; a holiday's name comes before the weekend it falls on."""
        if day in self.holidays:
            return Sentence("{name}", {"name": self.holidays[day]})
        return say("weekend") if day.weekday() in self.weekend else None


def _days(after: date, until: date) -> Iterator[date]:
    """The days of (after, until]."""
    while after < until:
        after += ONE_DAY
        yield after
