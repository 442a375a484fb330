"""Cron expressions: five fields as in crontab, six or seven (seconds first, years last) as in
Camunda. APScheduler computes the due times; this module writes the fields in APScheduler's form.

Days of the week need care: 1 is Monday for crontab, Sunday for Quartz, and Tuesday for APScheduler.
They are read by name or by the numbers of their own kind, and passed on by name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

from engine.language.errors import LanguageError
from engine.language.values import show
from engine.sentences.sentence import say

DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
FIELDS = ("second", "minute", "hour", "day", "month", "day_of_week", "year")
ANY = frozenset("*?")
NTH = {"1": "1st", "2": "2nd", "3": "3rd", "4": "4th", "5": "5th"}
WEEKDAY = re.compile(
    r"(?:(?P<any>[*?])|(?P<first>[0-7]|[A-Z]{3})(?:-(?P<last>[0-7]|[A-Z]{3}))?)(?:/(?P<step>[1-7]))?"
)
NTH_WEEKDAY = re.compile(r"(?P<day>[0-7]|[A-Z]{3})(?:#(?P<nth>[1-5])|(?P<last>L))")


@dataclass(frozen=True, slots=True)
class Cron:
    """A parsed cron expression; `fields` have APScheduler's names."""

    text: str
    fields: tuple[tuple[str, str], ...]

    def after(self, moment: datetime, zone: ZoneInfo) -> datetime | None:
        """The first time later than `moment`, by the clocks of `zone`; None if there is none."""
        later = moment.astimezone(zone).replace(microsecond=0) + timedelta(seconds=1)
        found: datetime | None = _trigger(self.fields, zone).get_next_fire_time(None, later)
        return found


@lru_cache(maxsize=256)
def _trigger(fields: tuple[tuple[str, str], ...], zone: ZoneInfo) -> CronTrigger:
    return CronTrigger(timezone=zone, **dict(fields))


@lru_cache(maxsize=256)
def parse_cron(text: str, zone: ZoneInfo) -> Cron:
    """Parse a cron expression. Raises LanguageError."""
    parts = text.split()
    from_sunday = 1 if len(parts) > 5 else 0
    given = dict(zip(FIELDS, ["0", *parts] if len(parts) == 5 else parts, strict=False))
    weekdays, day = given["day_of_week"], given["day"]
    try:
        if weekdays not in ANY and day not in ANY:
            raise ValueError("a day of the month and one of the week")
        if nth := NTH_WEEKDAY.fullmatch(weekdays):
            which = NTH[nth["nth"]] if nth["nth"] else "last"
            given |= {"day": f"{which} {_day(nth['day'], from_sunday)}", "day_of_week": "*"}
        else:
            given["day_of_week"] = _weekdays(weekdays, from_sunday)
            given["day"] = "last" if day == "L" else day
        fields = tuple((name, value.lower().replace("?", "*")) for name, value in given.items())
        _trigger(fields, zone)
    except (ValueError, KeyError) as error:
        raise LanguageError(
            say("{text} is not a cron expression.", text=show(text)),
            say("Write minute, hour, day, month and weekday, such as 0 9 * * MON-FRI."),
            1,
        ) from error
    return Cron(text, fields)


def _weekdays(text: str, from_sunday: int) -> str:
    """The days of the week by name, separated by commas. Raises ValueError."""
    found: list[str] = []
    for part in text.split(","):
        read = WEEKDAY.fullmatch(part)
        if read is None:
            raise ValueError(part)
        if read["any"]:
            first, last = 0, 6
        else:
            first = DAYS.index(_day(read["first"], from_sunday))
            last = DAYS.index(_day(read["last"], from_sunday)) if read["last"] else first
            if (read["step"] and not read["last"]) or part.startswith("0-7"):
                last = 6
        span = range(first, last + 1 if last >= first else last + 8)
        found += [DAYS[number % 7] for number in span[:: int(read["step"] or 1)]]
    return "*" if len(set(found)) == 7 else ",".join(dict.fromkeys(found))


def _day(text: str, from_sunday: int) -> str:
    """The name of a day of the week; numbers count from `from_sunday`. Raises ValueError."""
    if not text.isdigit():
        return DAYS[DAYS.index(text.lower())]
    number = int(text) - from_sunday
    if number < 0:
        raise ValueError(text)
    return DAYS[number % 7]
