"""Times of timers: ISO 8601 dates, durations and repeating intervals, bare or as a value.

Owns reading them; `periods` computes when they are due.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from engine.language.errors import LanguageError
from engine.language.expressions import Expression, compile_expression
from engine.language.juel import has_expression
from engine.language.moments.cron import Cron, parse_cron
from engine.language.moments.days import read_moment
from engine.language.moments.periods import Cycle, Duration
from engine.language.spans import Months
from engine.language.values import show
from engine.sentences.sentence import Sentence, say
from engine.time.calendar import DEFAULT_ZONE, EndOfDay

TimerKind = Literal["date", "duration", "cycle"]

DURATION = re.compile(
    r"P(?!$)(?:(?P<years>\d{1,4})Y)?(?:(?P<months>\d{1,5})M)?(?:(?P<weeks>\d{1,5})W)?"
    r"(?:(?P<days>\d{1,6})D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d{1,7})H)?(?:(?P<minutes>\d{1,9})M)?"
    r"(?:(?P<seconds>\d{1,9}(?:[.,]\d{1,6})?)S)?)?"
)
REPEAT = re.compile(r"R(?P<repetitions>\d{0,6})")
CRON = re.compile(r"[\d*?/,\-]+( [\d*?/,\-A-Z#]+){4,6}")
# The beginning of a bare time; any other text is an expression.
BARE = re.compile(r"[+-]?P\d|[+-]?PT|P$|R\d*/|R-\d+/|R\d*$|\d{4}-\d\d|\d{8}")
ADVICE: dict[TimerKind, Sentence] = {
    "date": say("Write a date such as 2026-12-01T09:00:00+07:00, or ${{case.deadline}}."),
    "duration": say("Write a duration such as P14D, PT2H or P1M."),
    "cycle": say("Write a cycle such as R3/PT10H, R/P1D or R/2026-12-01T09:00:00+07:00/P1D."),
}


def parse_duration(text: str) -> Duration:
    """Read `P1Y2M10DT2H30M`, `P2W`. Raises LanguageError."""
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
    """Read `R3/PT10H`, `R/P1D`, `R5/2026-12-01T09:00:00+07:00/P1M`. Raises LanguageError."""
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
    """Read a date with time (in `zone` if it has no offset), or a date, which means its 24.00 like
    every deadline."""
    try:
        return end_of(date.fromisoformat(text.strip()), zone)
    except ValueError:
        pass
    try:
        return _in_range(read_moment(text.strip(), zone))
    except LanguageError as error:
        raise LanguageError(error.what, ADVICE["date"], 1) from error


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """24.00 of `day`. Raises LanguageError for the last possible days."""
    try:
        return _in_range(datetime.combine(day + timedelta(days=1), time.min, zone))
    except OverflowError as error:
        raise _out_of_range() from error


def _in_range(found: datetime | EndOfDay) -> datetime:
    """The moment. Raises LanguageError if some zone of the world has no date for it."""
    moment = found.moment if isinstance(found, EndOfDay) else found
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
    """Read a bare ISO 8601 text of this kind, or the cron expression of a cycle. Raises
    LanguageError that says what to write."""
    if kind == "cycle" and is_cron(text):
        return parse_cron(text.strip(), zone)
    if kind == "cycle":
        return parse_cycle(text)
    # In place of a date a duration counts from now, as in Camunda 7.
    is_span = kind == "duration" or text.strip().startswith("P")
    return parse_duration(text) if is_span else parse_date(text, zone)


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
    """Whether a timer's text is ISO 8601 (or cron) and no expression."""
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
    """The meaning of an evaluated timer. None stays None: there is nothing to wait for.

    A date means its 24.00. A timer of any kind may get a date-time; a date timer may get a span
    from now (as in Camunda 7). Raises LanguageError.
    """
    if value is None:
        return None
    if isinstance(value, EndOfDay) or (isinstance(value, datetime) and value.tzinfo is not None):
        return _in_range(value)
    if kind == "duration" and isinstance(value, timedelta | Months):
        return _duration_of(value)
    if isinstance(value, str):
        return parse_timer_text(kind, value, zone)
    if isinstance(value, date) and not isinstance(value, datetime):
        return end_of(value, zone)
    raise _unreadable(kind, show(value))


def _duration_of(span: timedelta | Months) -> Duration:
    """A span as the text of a timer: days on the calendar, smaller parts exactly."""
    if isinstance(span, Months):
        found = Duration(months=span.count)
    else:
        found = Duration(days=span.days, exact=span - timedelta(days=span.days))
    if found.months < 0 or found.days < 0:
        raise _unreadable("duration", show(span))
    return found


def deadline_value(value: object, zone: ZoneInfo = DEFAULT_ZONE) -> datetime | Duration | None:
    """The meaning of an evaluated deadline: a date, a moment, or a span from the opening of the
    task.

    Raises LanguageError.
    """
    text = value if isinstance(value, str) else ""
    is_span = isinstance(value, timedelta | Months) or text.strip().startswith("P")
    found = timer_value("duration" if is_span else "date", value, zone)
    assert not isinstance(found, Cycle | Cron), "neither of the two kinds repeats"
    return found
