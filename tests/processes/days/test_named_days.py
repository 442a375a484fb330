"""Named days: which of them a reader gets, what makes a calendar another one, and what hangs on
it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, update

from engine.sentences.errors import Unavailable
from engine.storage import tables
from engine.time.calendar import Calendar
from processes.days import calendars
from processes.days.calendars import COMMON, free_day, working_calendar
from processes.days.national_days import national_days
from processes.rights.access import operator
from processes.storage.days import calendars as rows
from processes.storage.days.calendars import NamedDay
from processes.storage.days.open_deadlines import OpenDeadline, open_deadlines
from processes.storage.tables.people import institution
from tests.processes.conftest import NOW, Data, person, scope
from tests.processes.made_cases import a_case, a_recommendation, a_task

ADMIN = operator("admin")
DECREE = "SKB Nomor 99 Tahun 2026"
WEDNESDAY = date(2026, 9, 2)


def holiday(day: date, name: str = "Cuti Bersama tambahan") -> NamedDay:
    return NamedDay(day, name, "joint_leave", DECREE)


def hour(number: int) -> datetime:
    return NOW + timedelta(hours=number)


# --- what a calendar says -----------------------------------------------------------------------


def test_the_days_of_one_year_are_read_in_order_from_its_first_to_its_last(data: Data) -> None:
    edges = [date(2030, 12, 31), date(2031, 1, 1), date(2031, 12, 31), date(2032, 1, 1)]
    with data.transaction() as connection:
        for day in reversed(edges):
            rows.put_day(connection, "tni", holiday(day), "adi", NOW)
        found = calendars.days(connection, ADMIN, "tni", 2031)
        assert [one.day for one in found] == edges[1:3]
        assert calendars.days(connection, ADMIN, "tni", 2033) == []
        assert calendars.days(connection, ADMIN, "mars", 2031) == []


def test_every_account_reads_the_calendars_and_their_days(small: Data) -> None:
    nobody = scope(small, person(small, "tamu"))
    with small.reading() as connection:
        assert set(calendars.calendars(connection, nobody)) == {"common", "polri", "tni"}
        march = calendars.days(connection, nobody, COMMON, 2026)
    assert date(2026, 3, 18) in {one.day for one in march}


def test_a_day_taken_back_counts_as_any_other_day() -> None:
    back = NamedDay(WEDNESDAY, "Dibatalkan", "working", DECREE)
    found = working_calendar([back, holiday(WEDNESDAY + timedelta(1))])
    assert (found.is_working(WEDNESDAY), found.is_working(WEDNESDAY + timedelta(1))) == (
        True,
        False,
    )


def test_a_holiday_that_is_joint_leave_too_is_named_once_as_a_holiday() -> None:
    found = national_days(range(2023, 2027))
    days = [one.day for one in found]
    assert days == sorted(set(days))
    assert {one.kind for one in found} == {"holiday", "joint_leave"}
    assert national_days([]) == []


# --- a free day as a deadline -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "before", "after"),
    [
        (date(2026, 9, 5), date(2026, 9, 4), date(2026, 9, 7)),
        (date(2026, 9, 6), date(2026, 9, 4), date(2026, 9, 7)),
        (date(2026, 9, 9), date(2026, 9, 8), date(2026, 9, 10)),
    ],
)
def test_for_a_free_day_the_working_days_around_it_are_offered(
    day: date, before: date, after: date
) -> None:
    found = free_day(Calendar({date(2026, 9, 9): "Hari Contoh"}), day, WEDNESDAY)
    assert found is not None
    assert (found.before, found.after) == (before, after)


def test_a_free_day_says_what_it_is() -> None:
    calendar = Calendar({date(2026, 9, 9): "Hari Contoh"})
    named = free_day(calendar, date(2026, 9, 9), WEDNESDAY)
    weekend = free_day(calendar, date(2026, 9, 5), WEDNESDAY)
    assert named is not None and weekend is not None
    assert "Hari Contoh" in str(named.reason)
    assert str(named.reason) != str(weekend.reason)


@pytest.mark.parametrize("today", [date(2026, 9, 5), date(2026, 9, 6), date(2027, 1, 1)])
def test_a_free_day_that_has_come_is_no_deadline_any_more(today: date) -> None:
    assert free_day(Calendar(), date(2026, 9, 5), today) is None


def test_a_working_day_is_no_free_day() -> None:
    assert free_day(Calendar(), WEDNESDAY + timedelta(1), WEDNESDAY) is None


# --- editions -----------------------------------------------------------------------------------


def test_a_calendar_is_another_one_with_each_change_and_others_stay(data: Data) -> None:
    with data.transaction() as connection:
        common, tni = (rows.edition_of(connection, code) for code in (COMMON, "tni"))
        rows.put_day(connection, COMMON, holiday(WEDNESDAY), "adi", NOW)
        changed = rows.edition_of(connection, COMMON)
        assert changed != common
        assert rows.locked_edition(connection, COMMON) == changed
        assert rows.edition_of(connection, "tni") == tni
        rows.put_day(connection, COMMON, holiday(WEDNESDAY, "Lain"), "adi", NOW)
        assert rows.edition_of(connection, COMMON) not in (common, changed)
        assert [one.name for one in rows.days_of(connection, COMMON, WEDNESDAY, WEDNESDAY)] == [
            "Lain"
        ]


def test_filling_in_names_only_days_without_a_name_and_changes_nothing_without_any(
    data: Data,
) -> None:
    other = WEDNESDAY + timedelta(1)
    with data.transaction() as connection:
        rows.put_day(connection, "tni", holiday(WEDNESDAY, "Milik TNI"), "adi", NOW)
        wanted = [holiday(WEDNESDAY), holiday(other)]
        assert rows.add_days(connection, "tni", wanted, "adi", NOW) == 1
        edition = rows.edition_of(connection, "tni")
        assert rows.add_days(connection, "tni", wanted, "adi", NOW) == 0
        assert rows.edition_of(connection, "tni") == edition
        named = rows.days_of(connection, "tni", WEDNESDAY, other)
    assert [one.name for one in named] == ["Milik TNI", "Cuti Bersama tambahan"]


def test_another_zone_makes_every_calendar_another_one(data: Data) -> None:
    with data.transaction() as connection:
        codes = sorted(rows.calendars(connection))
        before = [rows.edition_of(connection, code) for code in codes]
        rows.renew_editions(connection)
        after = [rows.edition_of(connection, code) for code in codes]
    assert len({*before, *after}) == 2 * len(codes)


def test_a_calendar_that_is_there_is_not_made_again(data: Data) -> None:
    with data.transaction() as connection:
        edition = rows.edition_of(connection, "tni")
        assert not rows.insert_calendar(connection, "tni", "Kalender lain")
        assert rows.insert_calendar(connection, "baru", "Kalender baru")
        assert rows.calendars(connection)["tni"] == "Kalender TNI"
        assert rows.edition_of(connection, "tni") == edition
        assert rows.days_of(connection, "baru") == []


def test_the_calendars_of_several_institutions_are_read_together_with_that_of_nobody(
    data: Data,
) -> None:
    with data.transaction() as connection:
        rows.put_day(connection, "tni", holiday(WEDNESDAY), "adi", NOW)
        found = calendars.calendars_of(connection, ["kemhan", "tni", "atlantis", None])
        assert set(found) == {"kemhan", "tni", "atlantis", None}
        free = {code for code, one in found.items() if not one.is_working(WEDNESDAY)}
        assert free == {"tni"}
        assert found["kemhan"] is found["atlantis"] is found[None]
        assert set(calendars.calendars_of(connection, [])) == {None}


def test_without_the_common_calendar_nothing_is_counted(small: Data) -> None:
    with small.transaction() as connection:
        for table in (institution, rows.calendar_day, rows.calendar):
            connection.execute(delete(table))
        with pytest.raises(Unavailable):
            calendars.calendars_of(connection, ["tni"])
        with pytest.raises(Unavailable):
            calendars.common_calendar(connection)


# --- what counts by it --------------------------------------------------------------------------


def deadlines(data: Data, code: str, *, nobody: bool = False) -> list[OpenDeadline]:
    with data.reading() as connection:
        return open_deadlines(connection, code, also_of_nobody=nobody, after=NOW)


def test_open_deadlines_count_by_the_calendar_of_their_institution_nearest_first(
    data: Data,
) -> None:
    with data.transaction() as connection:
        tni, kemhan, brin = (a_case(connection, code)[1] for code in ("tni", "kemhan", "brin"))
        of_tni = a_task(connection, tni, due_at=hour(2))
        of_kemhan = a_task(connection, kemhan, due_at=hour(3))
        of_brin = a_task(connection, brin, due_at=hour(1))
    assert [one.task_id for one in deadlines(data, "tni")] == [of_tni]
    common = deadlines(data, COMMON)
    assert [one.task_id for one in common] == [of_brin, of_kemhan]
    assert [one.institution_code for one in common] == ["brin", "kemhan"]
    assert deadlines(data, "polri") == []


def test_tasks_of_no_institution_are_told_where_they_are_asked_for(data: Data) -> None:
    with data.transaction() as connection:
        _, whole = a_recommendation(connection, {"tni": "lead"})
        of_whole = a_task(connection, whole, process_key="recommendation", due_at=hour(1))
        own = a_task(connection, UUID(int=7), process_key="review", due_at=hour(2))
        _, tni = a_case(connection, "tni")
        of_tni = a_task(connection, tni, due_at=hour(3))
    found = deadlines(data, COMMON, nobody=True)
    assert [(one.task_id, one.institution_code) for one in found] == [(of_whole, None), (own, None)]
    assert deadlines(data, COMMON) == []
    assert [one.task_id for one in deadlines(data, "tni")] == [of_tni]


def test_what_is_done_or_late_or_has_no_deadline_moves_with_no_calendar(small: Data) -> None:
    with small.transaction() as connection:
        _, kemhan = a_case(connection, "kemhan")
        done = a_task(connection, kemhan, due_at=hour(1))
        ended = update(tables.task).where(tables.task.c.id == done)
        connection.execute(ended.values(status="completed", ended_at=NOW))
        a_task(connection, kemhan)
        a_task(connection, kemhan, due_at=NOW)
        a_task(connection, kemhan, due_at=hour(-1))
        just = a_task(connection, kemhan, due_at=NOW + timedelta(seconds=1))
    assert [one.task_id for one in deadlines(small, COMMON, nobody=True)] == [just]
