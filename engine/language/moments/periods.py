"""The spans and repetitions of timers: what is due when.

Months and days follow the calendar of a zone (ISO 8601-1:2019, 5.5.2); hours and below are exact.
Knows no text and no clock: moments are aware parameters.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from engine.language.errors import LanguageError
from engine.language.spans import add_months
from engine.sentences.sentence import say
from engine.time.calendar import DEFAULT_ZONE


@dataclass(frozen=True, slots=True)
class Duration:
    """A span of months, days and exact time, as written."""

    months: int = 0
    days: int = 0
    exact: timedelta = timedelta(0)

    def add_to(self, moment: datetime, zone: ZoneInfo = DEFAULT_ZONE, times: int = 1) -> datetime:
        """`moment` moved by `times` this span, in the zone of `moment`.

        Months and days are counted on the calendar of `zone`. If a month lacks the day, its last
        day is used (31 January + P1M = 28 February). Raises LanguageError beyond the year 9999.
        """
        try:
            local = moment.astimezone(zone)
            day = add_months(local.date(), self.months * times)
            day += timedelta(days=self.days * times)
            moved = datetime.combine(day, local.timetz()) if day != local.date() else local
            return (moved.astimezone(UTC) + self.exact * times).astimezone(moment.tzinfo)
        except (OverflowError, ValueError) as error:
            raise LanguageError(
                say("The time is out of range."), say("Write a shorter duration."), 1
            ) from error

    @property
    def is_zero(self) -> bool:
        """Whether the span has no length."""
        return not (self.months or self.days or self.exact)


@dataclass(frozen=True, slots=True)
class Cycle:
    """A repeating interval. `repetitions` None: without end; `start` None: from the time of arming.

    Occurrences are numbered from 0. With a start the first one is the start itself, otherwise one
    period after arming. Each is counted from the beginning, so that months do not drift.
    """

    repetitions: int | None
    start: datetime | None
    period: Duration

    def occurrence(
        self, number: int, armed_at: datetime, zone: ZoneInfo = DEFAULT_ZONE
    ) -> datetime | None:
        """The due time of occurrence `number`; None after the last one."""
        if self.repetitions is not None and number >= self.repetitions:
            return None
        if self.start is not None:
            return self.period.add_to(self.start, zone, number)
        return self.period.add_to(armed_at, zone, number + 1)

    def first_after(
        self, moment: datetime, armed_at: datetime, zone: ZoneInfo = DEFAULT_ZONE
    ) -> int:
        """The number of the first occurrence later than `moment`, however many have passed.

        The number may lie behind the last occurrence; `occurrence` then gives None.
        """

        def is_later(number: int) -> bool:
            due = self._due(number, armed_at, zone)
            return due is None or due > moment

        return _first_number(is_later)

    def _due(self, number: int, armed_at: datetime, zone: ZoneInfo) -> datetime | None:
        """As `occurrence`; a time beyond the calendar is later than every moment."""
        try:
            return self.occurrence(number, armed_at, zone)
        except LanguageError:
            return None

    def missed(
        self, fired: int, now: datetime, armed_at: datetime, zone: ZoneInfo = DEFAULT_ZONE
    ) -> int:
        """The number of occurrences from `fired` on that are due at `now`: an overdue cycle fires
        once and skips the others."""
        return max(self.first_after(now, armed_at, zone) - fired, 0)


def _first_number(holds: Callable[[int], bool]) -> int:
    """The smallest number for which `holds`, if it holds for all larger ones too; about 2 log n
    calls."""
    high = 1
    while not holds(high - 1):
        high *= 2
    low = high // 2
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return low
