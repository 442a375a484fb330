"""The functions of process owners: now, today, days, working_days, period_end, next_look.

Owns their meaning; each step passes the clock and the calendar as values. Results are dates, except
for `now()`. A `from` may be a date, an aware date-time or the ISO text of one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

from engine.language.budget import MAX_DAYS, Function
from engine.language.errors import LanguageError
from engine.language.moments.days import day_of
from engine.language.values import show
from engine.sentences.sentence import say
from engine.time.calendar import Calendar

MONTHS_OF_CYCLE: Mapping[str, int] = {"month": 1, "quarter": 3, "semester": 6, "year": 12}
FUNCTION_NAMES = frozenset(
    {"date", "days", "next_look", "now", "period_end", "today", "working_days"}
)
NextLook = Callable[[str], datetime | None]


def owner_functions(
    now: datetime, calendar: Calendar, next_look: NextLook | None
) -> Mapping[str, Function]:
    """The functions of one step that began at `now` (aware).

    `next_look` None: there is no late task, and calling `next_look` is an error.
    """
    return {
        "date": lambda value: day_of(value, calendar),
        "days": lambda n, start: days(n, day_of(start, calendar)),
        "next_look": next_look or _no_ladder,
        "now": lambda: now.astimezone(calendar.zone),
        "period_end": lambda cycle, start: period_end(cycle, day_of(start, calendar)),
        "today": lambda: calendar.today(now),
        "working_days": lambda n, start: working_days(n, day_of(start, calendar), calendar),
    }


def days(n: object, start: date) -> date:
    """The date `n` calendar days after `start`; negative: before."""
    return _within_range(lambda: start + timedelta(days=_count(n)))


def working_days(n: object, start: date, calendar: Calendar) -> date:
    """The `n`-th working day after `start`; negative: before; `start` itself for 0."""
    return _within_range(lambda: calendar.add(start, _count(n)))


def period_end(cycle: object, start: date) -> date:
    """The last day of the reporting period, always after `start`.

    A cycle is month, quarter, semester, year (of the calendar year) or a number of days. A report
    that begins on the last day of a period ends with the next one, so it is never late at its
    start.
    """
    if isinstance(cycle, str) and cycle in MONTHS_OF_CYCLE:
        months = MONTHS_OF_CYCLE[cycle]
        return _within_range(lambda: _last_day(start + timedelta(days=1), months))
    number = int(cycle) if isinstance(cycle, str) and cycle.isdecimal() else cycle
    if isinstance(number, int) and 1 <= number <= MAX_DAYS:
        return days(number, start)
    raise LanguageError(
        say("{cycle} is not a cycle.", cycle=show(cycle)),
        say('Write "month", "quarter", "semester", "year" or a number of days.'),
    )


def _last_day(day: date, months: int) -> date:
    """The last day of the period of `months` months that contains `day`."""
    following = (day.month - 1) // months * months + months
    years, month = divmod(following, 12)
    return date(day.year + years, month + 1, 1) - timedelta(days=1)


def _count(n: object) -> int:
    if isinstance(n, int) and not isinstance(n, bool) and abs(n) <= MAX_DAYS:
        return n
    raise LanguageError(
        say("{n} is not a number of days.", n=show(n)),
        say("Write a whole number up to {limit}.", limit=MAX_DAYS),
    )


def _within_range(compute: Callable[[], date]) -> date:
    try:
        return compute()
    except (OverflowError, ValueError) as error:
        raise LanguageError(
            say("The date is out of range."), say("Use dates between the years 1 and 9999.")
        ) from error


def _no_ladder(table: object) -> None:
    raise LanguageError(
        say("next_look({table}) has nothing to look at here.", table=show(table)),
        say("Use next_look only in the timer on a human task."),
    )
