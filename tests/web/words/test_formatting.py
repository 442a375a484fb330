"""The written form of dates, times, numbers and deadlines."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from engine.sentences.sentence import say
from engine.time.calendar import Calendar, Timing
from tests.web.conftest import Office
from web.translations import language
from web.words.formatting import Formats, Mark
from web.words.i18n import render, use_locale

INDONESIAN = Formats(language("id"), ZoneInfo("Asia/Jakarta"))
ENGLISH = Formats(language("en"), ZoneInfo("Asia/Jakarta"))
HALF_PAST_TWO = datetime(2025, 12, 9, 7, 30, tzinfo=UTC)
TUESDAY = date(2025, 12, 9)


def told(due: date, today: date) -> Mark:
    """What an Indonesian reads in the morning of `today`, with weekends as the only free days."""
    calendar = Calendar()
    return INDONESIAN.time_mark(
        calendar.timing(calendar.end_of(due), calendar.moment(today, time(9)))
    )


def test_a_day_is_written_with_its_weekday() -> None:
    assert INDONESIAN.day(TUESDAY) == "Sel, 9 Des 2025"
    assert ENGLISH.day(TUESDAY) == "Tue, 9 Dec 2025"


def test_a_date_to_be_checked_is_written_in_full() -> None:
    assert INDONESIAN.long_day(TUESDAY) == "Selasa, 9 Desember 2025"


def test_a_time_always_names_its_zone() -> None:
    assert INDONESIAN.time(HALF_PAST_TWO) == "14.30 WIB"
    assert ENGLISH.time(HALF_PAST_TWO) == "14:30 WIB"
    assert Formats(language("id"), ZoneInfo("Asia/Jayapura")).time(HALF_PAST_TWO) == "16.30 WIT"


def test_a_moment_late_in_the_evening_of_utc_is_the_next_day_in_jakarta() -> None:
    assert INDONESIAN.day(datetime(2025, 12, 9, 20, 0, tzinfo=UTC)) == "Rab, 10 Des 2025"


def test_numbers_use_the_separators_of_the_language() -> None:
    assert INDONESIAN.number(1234.5) == "1.234,5"
    assert ENGLISH.number(1234.5) == "1,234.5"
    assert INDONESIAN.percent(60) == "60%"


def test_numbers_within_a_sentence_do_too(office: Office) -> None:
    sentence = say("Cases that are stuck: {count}; see incidents.", count=23683)
    for code, words in (("id", "macet: 23.683;"), ("en", "stuck: 23,683;")):
        with office.app.test_request_context():
            use_locale(code)
            assert words in render(sentence)


@pytest.mark.parametrize(
    ("size", "words"), [(999, "999 B"), (1_400_000, "1,3 MB"), (25 * 1024**2, "25 MB")]
)
def test_sizes_are_written_in_the_largest_fitting_unit(size: int, words: str) -> None:
    assert INDONESIAN.size(size) == words


@pytest.mark.parametrize(
    ("today", "role", "words"),
    [
        (date(2025, 12, 1), "neutral", "6 hari kerja lagi"),
        (date(2025, 12, 4), "soon", "3 hari kerja lagi"),
        (date(2025, 12, 9), "soon", "Jatuh tempo hari ini"),
        (date(2025, 12, 10), "late", "Lewat tenggat 1 hari kerja"),
        (date(2025, 12, 16), "late", "Lewat tenggat 5 hari kerja"),
    ],
)
def test_a_deadline_is_told_in_working_days(today: date, role: str, words: str) -> None:
    mark = told(TUESDAY, today)
    assert (mark.role, mark.words) == (role, words)


def test_a_deadline_of_friday_is_not_due_on_saturday() -> None:
    friday = date(2025, 12, 12)
    for weekend in (date(2025, 12, 13), date(2025, 12, 14)):
        mark = told(friday, weekend)
        assert (mark.role, mark.words) == ("late", "Lewat tenggat")
    assert told(friday, friday).words == "Jatuh tempo hari ini"


def test_on_friday_a_deadline_of_sunday_leaves_no_working_day_and_is_not_due_yet() -> None:
    sunday = date(2025, 12, 14)
    for before in (date(2025, 12, 12), date(2025, 12, 13)):
        mark = told(sunday, before)
        assert (mark.role, mark.words) == ("soon", "Tidak ada hari kerja lagi")
    assert told(sunday, sunday).words == "Jatuh tempo hari ini"
    assert told(sunday, date(2025, 12, 15)).words == "Lewat tenggat 1 hari kerja"


def test_english_distinguishes_one_day_from_several() -> None:
    assert ENGLISH.working_days_left(Timing(-1, "before")) == "1 working day left"
    assert ENGLISH.working_days_left(Timing(-2, "before")) == "2 working days left"


def test_a_duration_is_told_in_its_two_largest_units() -> None:
    told = [INDONESIAN.duration(seconds) for seconds in (30, 300, 6900, 183_600)]
    assert told == ["0 menit", "5 menit", "1 jam 55 menit", "2 hari 3 jam"]
