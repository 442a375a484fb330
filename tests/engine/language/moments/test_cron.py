"""Cron expressions: days of the week by the numbers of their own kind, times by the clocks of a
zone."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from engine.language import LanguageError
from engine.language.moments.cron import parse_cron

JAKARTA = ZoneInfo("Asia/Jakarta")
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=JAKARTA)


def following(text: str, count: int = 1, zone: ZoneInfo = JAKARTA) -> list[str]:
    """The next times after Monday, 2 March 2026, 9.00 in Jakarta: weekday, date and time."""
    cron, moment, found = parse_cron(text, zone), MONDAY, []
    for _ in range(count):
        due = cron.after(moment, zone)
        assert due is not None
        found.append(f"{due:%a %d.%m. %H:%M:%S}")
        moment = due
    return found


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("30 9 * * *", ["Mon 02.03. 09:30:00", "Tue 03.03. 09:30:00"]),
        ("0 9 * * *", ["Tue 03.03. 09:00:00", "Wed 04.03. 09:00:00"]),
        ("0 9 * * 1", ["Mon 09.03. 09:00:00", "Mon 16.03. 09:00:00"]),
        ("0 9 * * 0", ["Sun 08.03. 09:00:00", "Sun 15.03. 09:00:00"]),
        ("0 9 * * 7", ["Sun 08.03. 09:00:00", "Sun 15.03. 09:00:00"]),
        ("0 9 * * 5-7", ["Fri 06.03. 09:00:00", "Sat 07.03. 09:00:00", "Sun 08.03. 09:00:00"]),
        ("0 9 * * 0-7", ["Tue 03.03. 09:00:00", "Wed 04.03. 09:00:00"]),
        ("0 9 * * SAT-MON", ["Sat 07.03. 09:00:00", "Sun 08.03. 09:00:00", "Mon 09.03. 09:00:00"]),
        ("0 9 * * MON-FRI/2", ["Wed 04.03. 09:00:00", "Fri 06.03. 09:00:00"]),
        ("*/20 * * * *", ["Mon 02.03. 09:20:00", "Mon 02.03. 09:40:00", "Mon 02.03. 10:00:00"]),
        ("0 9 1,15 * *", ["Sun 15.03. 09:00:00", "Wed 01.04. 09:00:00"]),
        ("0 9 1 JAN *", ["Fri 01.01. 09:00:00"]),
    ],
)
def test_five_fields_are_those_of_crontab(text: str, times: list[str]) -> None:
    assert following(text, len(times)) == times


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("15 0 9 * * ?", ["Mon 02.03. 09:00:15", "Tue 03.03. 09:00:15"]),
        ("0 0 9 ? * 1", ["Sun 08.03. 09:00:00"]),
        ("0 0 9 ? * 7", ["Sat 07.03. 09:00:00"]),
        ("0 0 9 ? * 2-6", ["Tue 03.03. 09:00:00", "Wed 04.03. 09:00:00"]),
        ("0 0/30 * * * ?", ["Mon 02.03. 09:30:00", "Mon 02.03. 10:00:00"]),
        ("0 0 9 L * ?", ["Tue 31.03. 09:00:00", "Thu 30.04. 09:00:00"]),
        ("0 0 9 ? * FRI#2", ["Fri 13.03. 09:00:00", "Fri 10.04. 09:00:00"]),
        ("0 0 9 ? * 6L", ["Fri 27.03. 09:00:00", "Fri 24.04. 09:00:00"]),
        ("0 0 9 1 1 ? 2028", ["Sat 01.01. 09:00:00"]),
    ],
)
def test_six_or_seven_fields_are_those_of_camunda(text: str, times: list[str]) -> None:
    assert following(text, len(times)) == times


def test_a_time_is_that_of_the_clocks_of_its_zone() -> None:
    """Berlin goes over to summer time in the night of 29 March."""
    berlin = ZoneInfo("Europe/Berlin")
    cron, before = parse_cron("0 9 * * *", berlin), datetime(2026, 3, 28, 7, 0, tzinfo=UTC)
    first = cron.after(before, berlin)
    assert first is not None
    second = cron.after(first, berlin)
    assert second is not None
    assert [one.astimezone(UTC).hour for one in (first, second)] == [8, 7]


@pytest.mark.parametrize("text", ["0 0 9 1 1 ? 2020", "0 0 9 30 2 ?"])
def test_what_comes_never_again_has_no_next_time(text: str) -> None:
    assert parse_cron(text, JAKARTA).after(MONDAY, JAKARTA) is None


@pytest.mark.parametrize(
    "text",
    [
        "60 9 * * *", "0 9 * * 8", "0 0 9 ? * 0", "0 9 * * MOO", "0 9 * 13 *", "0 9 1 * MON",
        "0 0 9 15W * ?", "0 0 9 ? * 6#6", "0 0 9 ? * FRI,6L", "9 - * * *",
    ],
)  # fmt: skip
def test_what_is_none_is_told_what_to_write(text: str) -> None:
    with pytest.raises(LanguageError) as refused:
        parse_cron(text, JAKARTA)
    assert "MON-FRI" in str(refused.value.advice)
