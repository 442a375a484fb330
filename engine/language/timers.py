"""Times of timers: ISO 8601 dates, durations and repeating intervals, bare or as a value.

Owns reading them and the arithmetic of what is due when. Months and days follow the calendar of a
zone (ISO 8601-1:2019, 5.5.2), hours and below are exact. Knows no clock: moments come in as
parameters and are aware.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from engine.calendar import DEFAULT_ZONE
from engine.language.builtins import read_moment
from engine.language.cron import Cron, parse_cron
from engine.language.errors import LanguageError
from engine.language.expressions import Expression, compile_expression
from engine.language.juel import has_expression
from engine.language.spans import add_months
from engine.language.values import show
from engine.words import Sentence, say

TimerKind = Literal["date", "duration", "cycle"]

DURATION = re.compile(
    r"P(?!$)(?:(?P<years>\d{1,4})Y)?(?:(?P<months>\d{1,5})M)?(?:(?P<weeks>\d{1,5})W)?"
    r"(?:(?P<days>\d{1,6})D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d{1,7})H)?(?:(?P<minutes>\d{1,9})M)?"
    r"(?:(?P<seconds>\d{1,9}(?:[.,]\d{1,6})?)S)?)?"
)
REPEAT = re.compile(r"R(?P<repetitions>\d{0,6})")
CRON = re.compile(r"[\d*?/,\-]+( [\d*?/,\-A-Z#]+){4,6}")
# What a bare time begins with; anything else is an expression.
BARE = re.compile(r"[+-]?P\d|[+-]?PT|P$|R\d*/|R-\d+/|R\d*$|\d{4}-\d\d|\d{8}")
ADVICE: dict[TimerKind, Sentence] = {
    "date": say("Write a date such as 2026-12-01T09:00:00+07:00, or ${{case.deadline}}."),
    "duration": say("Write a duration such as P14D, PT2H or P1M."),
    "cycle": say("Write a cycle such as R3/PT10H, R/P1D or R/2026-12-01T09:00:00+07:00/P1D."),
}


@dataclass(frozen=True, slots=True)
class Duration:
    """A span of months, days and exact time, as written."""

    months: int = 0
    days: int = 0
    exact: timedelta = timedelta(0)

    def add_to(self, moment: datetime, zone: ZoneInfo = DEFAULT_ZONE, times: int = 1) -> datetime:
        """`moment` moved by `times` this span, in the zone of `moment`.

        Months and days are counted on the calendar of `zone`; a day that a month does not have is
        its last one (31 January + P1M = 28 February). Raises LanguageError beyond the year 9999.
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
        """Whether it moves nothing."""
        return not (self.months or self.days or self.exact)


@dataclass(frozen=True, slots=True)
class Cycle:
    """A repeating interval. `repetitions` None: without end; `start` None: from when it is armed.

    Occurrences are numbered from 0. With a start the first one is the start itself, otherwise one
    period after arming. Each is counted from the beginning, so that months do not drift.
    """

    repetitions: int | None
    start: datetime | None
    period: Duration

    def occurrence(
        self, number: int, armed_at: datetime, zone: ZoneInfo = DEFAULT_ZONE
    ) -> datetime | None:
        """When occurrence `number` is due; None after the last one."""
        if self.repetitions is not None and number >= self.repetitions:
            return None
        if self.start is not None:
            return self.period.add_to(self.start, zone, number)
        return self.period.add_to(armed_at, zone, number + 1)

    def first_after(
        self, moment: datetime, armed_at: datetime, zone: ZoneInfo = DEFAULT_ZONE
    ) -> int:
        """The number of the first occurrence later than `moment`, however many have gone by.

        The number may lie behind the last occurrence; `occurrence` then gives None.
        """

        def is_later(number: int) -> bool:
            due = self._due(number, armed_at, zone)
            return due is None or due > moment

        return _first_number(is_later)

    def _due(self, number: int, armed_at: datetime, zone: ZoneInfo) -> datetime | None:
        """As `occurrence`; what the calendar cannot hold any more is after every moment."""
        try:
            return self.occurrence(number, armed_at, zone)
        except LanguageError:
            return None

    def missed(
        self, fired: int, now: datetime, armed_at: datetime, zone: ZoneInfo = DEFAULT_ZONE
    ) -> int:
        """How many occurrences from number `fired` on are due at `now`: an overdue cycle fires once
        and skips the others."""
        return max(self.first_after(now, armed_at, zone) - fired, 0)


def _first_number(holds: Callable[[int], bool]) -> int:
    """The smallest number for which `holds`, which stays true once it is; about 2 log n calls."""
    high = 1
    while not holds(high - 1):
        high *= 2
    low = high // 2
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return low


def parse_duration(text: str) -> Duration:
    """Reads `P1Y2M10DT2H30M`, `P2W`. Raises LanguageError."""
    found = DURATION.fullmatch(text.strip())
    if not found:
        raise _unreadable("duration", text)
    part = {name: value or "0" for name, value in found.groupdict().items()}
    return Duration(
        months=int(part["years"]) * 12 + int(part["months"]),
        days=int(part["weeks"]) * 7 + int(part["days"]),
        exact=timedelta(
            hours=int(part["hours"]),
            minutes=int(part["minutes"]),
            seconds=float(part["seconds"].replace(",", ".")),
        ),
    )


def parse_cycle(text: str) -> Cycle:
    """Reads `R3/PT10H`, `R/P1D`, `R5/2026-12-01T09:00:00+07:00/P1M`. Raises LanguageError."""
    repeat, *rest = text.strip().split("/")
    found = REPEAT.fullmatch(repeat)
    if not found or not 1 <= len(rest) <= 2:
        raise _unreadable("cycle", text)
    repetitions = int(found["repetitions"]) if found["repetitions"] else None
    if not DURATION.fullmatch(rest[-1]):
        raise _unreadable("cycle", text)
    period = parse_duration(rest[-1])
    if repetitions == 0 or period.is_zero:
        raise LanguageError(
            say("{text} never fires, or fires without end at once.", text=show(text)),
            ADVICE["cycle"],
            1,
        )
    begins = _in_range(read_moment(rest[0])) if len(rest) == 2 else None
    return Cycle(repetitions, begins, period)


def parse_date(text: str, zone: ZoneInfo = DEFAULT_ZONE) -> datetime:
    """Reads a date with time and offset, or a date: then 24.00 of it, as with every deadline."""
    try:
        return end_of(date.fromisoformat(text.strip()), zone)
    except ValueError:
        pass
    try:
        return _in_range(read_moment(text.strip()))
    except LanguageError as error:
        raise LanguageError(error.what, ADVICE["date"], 1) from error


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """24.00 of `day`. Raises LanguageError for the last days there are."""
    try:
        return _in_range(datetime.combine(day + timedelta(days=1), time.min, zone))
    except OverflowError as error:
        raise _out_of_range() from error


def _in_range(moment: datetime) -> datetime:
    """`moment`, unless some zone of the world would have no date for it."""
    try:
        for away in (-1, 1):
            moment.astimezone(UTC) + timedelta(days=away)
    except OverflowError as error:
        raise _out_of_range() from error
    return moment


def _out_of_range() -> LanguageError:
    return LanguageError(
        say("The date is out of range."), say("Use dates between the years 1 and 9999."), 1
    )


@lru_cache(maxsize=256)
def parse_timer_text(
    kind: TimerKind, text: str, zone: ZoneInfo = DEFAULT_ZONE
) -> datetime | Duration | Cycle | Cron:
    """Reads a bare ISO 8601 text of this kind, or the cron expression of a cycle. Raises
    LanguageError with what to write."""
    if kind == "cycle" and is_cron(text):
        return parse_cron(text.strip(), zone)
    if kind == "date":
        return parse_date(text, zone)
    return parse_duration(text) if kind == "duration" else parse_cycle(text)


def _unreadable(kind: TimerKind, text: str) -> LanguageError:
    what = {
        "date": say("{text} is not a date.", text=show(text)),
        "duration": say("{text} is not a duration.", text=show(text)),
        "cycle": say("{text} is not a cycle.", text=show(text)),
    }
    return LanguageError(what[kind], ADVICE[kind], 1)


def is_cron(text: str) -> bool:
    """Whether a bare timer is a cron expression."""
    return bool(CRON.fullmatch(text.strip()))


def is_bare(text: str) -> bool:
    """Whether a timer's text is meant as ISO 8601 (or cron) and not as an expression."""
    bare = text.strip()
    return not has_expression(text) and bool(BARE.match(bare) or is_cron(bare))


def compile_timer(kind: TimerKind, text: str) -> Expression:
    """A timer's text as an expression: bare ISO 8601 is checked now and is a constant.

    Raises LanguageError. A constant expression (`"P14D"` in quotes) is checked now as well.
    """
    if is_bare(text):
        parse_timer_text(kind, text)
        return Expression.constant(text.strip())
    try:
        expression = compile_expression(text)
    except LanguageError as error:
        advice = error.advice if has_expression(text) else ADVICE[kind]
        raise LanguageError(error.what, advice, error.line) from error
    if expression.is_constant:
        timer_value(kind, expression.evaluate({}))
    return expression


def timer_value(
    kind: TimerKind, value: object, zone: ZoneInfo = DEFAULT_ZONE
) -> datetime | Duration | Cycle | Cron | None:
    """What an evaluated timer means. None stays None: there is nothing to wait for.

    A date stands for 24.00 of it; a timer of any kind may be given a date-time. Raises
    LanguageError.
    """
    if value is None:
        return None
    if isinstance(value, datetime) and value.tzinfo is not None:
        return _in_range(value)
    if isinstance(value, str):
        return parse_timer_text(kind, value, zone)
    if isinstance(value, date) and not isinstance(value, datetime):
        return end_of(value, zone)
    raise _unreadable(kind, show(value))
