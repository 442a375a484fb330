"""Working days come from the joint decree and belong to the institution."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from engine.face.act import Act
from engine.sentences.errors import BadInput, Forbidden, NotFound, Unavailable
from engine.storage.database.unit_of_work import Database
from processes.acts.acting import Acting
from processes.days import calendars
from processes.days.calendars import calendar_of, common_calendar
from processes.days.national_days import national_days
from processes.notices.about import calendar_for
from processes.people.seed import seed_institutions
from processes.rights.access import operator
from processes.storage.cases.case_heads import CaseHead
from processes.storage.days.calendars import NamedDay
from processes.storage.schema import metadata
from processes.work.calendar_changes import change_day
from tests.processes.conftest import Data, person, scope

ADMIN = operator("admin")
DECREE = "SKB Nomor 99 Tahun 2026"


def holiday(day: date) -> NamedDay:
    return NamedDay(day, "Cuti Bersama tambahan", "joint_leave", DECREE)


def working(day: date) -> NamedDay:
    return NamedDay(day, "Cuti bersama dibatalkan", "working", DECREE)


def test_three_working_days_from_17_march_2026_end_on_27_march(small: Data) -> None:
    with small.reading() as connection:
        assert common_calendar(connection).add(date(2026, 3, 17), 3) == date(2026, 3, 27)


def test_2026_has_17_national_holidays_and_8_days_of_joint_leave_under_its_decree() -> None:
    days = national_days([2026])

    assert [day.kind for day in days].count("holiday") == 17
    assert [day.kind for day in days].count("joint_leave") == 8
    assert {day.decree for day in days} == {
        "SKB Nomor 1497 Tahun 2025, Nomor 2 Tahun 2025, Nomor 5 Tahun 2025"
    }


def test_joint_leave_added_in_the_middle_of_a_year_cites_the_amending_decree() -> None:
    by_day = {day.day: day for day in national_days([2025])}

    assert "933 Tahun 2025" in by_day[date(2025, 8, 18)].decree
    assert "1017 Tahun 2024" in by_day[date(2025, 8, 17)].decree


def test_a_year_without_a_known_decree_says_so() -> None:
    assert all("belum dicatat" in day.decree for day in national_days([2031]))


def test_every_institution_counts_by_the_common_calendar_but_forces_and_police(data: Data) -> None:
    extra = date(2026, 9, 2)
    change_day(data, ADMIN, "common", holiday(extra))

    with data.reading() as connection:
        assert not calendar_of(connection, "kemhan").is_working(extra)
        assert not calendar_of(connection, "an-unknown-one").is_working(extra)
        assert calendar_of(connection, "tni").is_working(extra)
        assert calendar_of(connection, "polri").is_working(extra)


@pytest.mark.parametrize(
    ("institution", "works"), [("tni", True), ("kemhan", False), (None, False)]
)
def test_a_case_counts_by_the_calendar_of_its_institution(
    data: Data, institution: str | None, works: bool
) -> None:
    extra = date(2026, 9, 2)
    head = CaseHead(
        UUID(int=1), None, None, "Title", "ordinary", institution, None, None, "open", "issued", 1
    )
    change_day(data, ADMIN, "common", holiday(extra))

    with data.reading() as connection:
        assert calendar_for(connection, head).is_working(extra) is works


def test_a_changed_calendar_is_used_at_once_and_an_unchanged_one_is_not_built_again(
    data: Data,
) -> None:
    with data.reading() as connection:
        before = calendar_of(connection, "kemhan")
        assert calendar_of(connection, "kemenkeu") is before

    change_day(data, ADMIN, "common", holiday(date(2026, 9, 2)))

    with data.reading() as connection:
        assert calendar_of(connection, "kemhan") is not before


def test_a_change_that_was_rolled_back_is_not_remembered(data: Data) -> None:
    day = date(2026, 9, 2)

    def fail(engine: Act) -> None:
        change_day.within(Acting(data, engine, ADMIN), "common", holiday(day))
        assert not common_calendar(engine.connection).is_working(day)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        data.engine.act(fail)

    with data.reading() as connection:
        assert common_calendar(connection).is_working(day)


def test_joint_leave_taken_back_is_a_working_day_and_keeps_its_decree(data: Data) -> None:
    leave = date(2026, 3, 18)
    change_day(data, ADMIN, "common", working(leave))

    with data.reading() as connection:
        assert common_calendar(connection).is_working(leave)
        march = calendars.days(connection, ADMIN, "common", 2026)
    assert [(day.kind, day.decree) for day in march if day.day == leave] == [("working", DECREE)]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (NamedDay(date(2026, 9, 2), "Libur", "holiday", " \u200b"), "decree"),
        (NamedDay(date(2026, 9, 2), "", "holiday", DECREE), "name"),
        (NamedDay(date(2026, 9, 2), "Libur", "festival", DECREE), "kind"),
        (NamedDay(date(2026, 9, 5), "Sabtu kerja", "working", DECREE), "day"),
    ],
)
def test_a_change_without_decree_name_or_sense_is_refused_by_field(
    small: Data, change: NamedDay, field: str
) -> None:
    with pytest.raises(BadInput) as refused:
        change_day(small, ADMIN, "common", change)

    assert list(refused.value.fields) == [field]


def test_only_administrators_change_days_and_only_of_calendars_there_are(small: Data) -> None:
    owner = scope(small, person(small, "pemilik"))
    with pytest.raises(Forbidden):
        change_day(small, owner, "common", holiday(date(2026, 9, 2)))
    with pytest.raises(NotFound):
        change_day(small, ADMIN, "mars", holiday(date(2026, 9, 2)))


def test_filling_again_keeps_what_an_administrator_changed(small: Data) -> None:
    leave = date(2026, 3, 18)
    change_day(small, ADMIN, "common", working(leave))
    assert seed_institutions(small, operator()) == []

    with small.reading() as connection:
        assert common_calendar(connection).is_working(leave)


def test_a_register_that_nobody_filled_says_what_to_do() -> None:
    empty = Database("sqlite://")
    with empty.write() as connection:
        metadata.create_all(connection)
        with pytest.raises(Unavailable, match="tindak serve"):
            common_calendar(connection)
    empty.dispose()
