"""The operator's time zone decides the end and the date of a deadline."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from processes.composition import open_service
from processes.days.calendars import calendar_of, common_calendar
from processes.people import accounts
from processes.people.accounts import NewUser
from processes.storage.people import users
from tests.processes.stories.world import World, options

JAYAPURA = ZoneInfo("Asia/Jayapura")


def moved_east(world: World) -> World:
    """The same ministry, its product started with another zone; a second process, which is told
    nothing, reads it from the database."""
    url = f"sqlite:///{world.folder / 'tindak.db'}"
    east = replace(options(world.folder), zone=JAYAPURA)
    services = (open_service(url, east, world.clock), world.services[1])
    return World(services, world.clock, world.folder, world.scopes)


def test_in_jayapura_a_deadline_ends_two_hours_before_it_would_in_jakarta(
    small_world: World,
) -> None:
    world = moved_east(small_world)
    # 22.30 WIB of Monday is Tuesday 00.30 WIT: three working days later is Friday.
    world.clock.now = datetime(2026, 1, 5, 22, 30, tzinfo=ZoneInfo("Asia/Jakarta"))
    case = world.follow_up(world.issued(), "kemhan")
    due_at = world.task(case, "acknowledge").due_at
    assert due_at == datetime(2026, 1, 10, 0, 0, tzinfo=JAYAPURA)
    with small_world.services[1].reading() as connection:
        for calendar in (common_calendar(connection), calendar_of(connection, "tni")):
            assert calendar.zone == JAYAPURA
            assert calendar.due_date_of(due_at) == date(2026, 1, 9)
    world.services[0].close()


def test_a_new_account_reads_times_in_the_zone_of_the_product(small_world: World) -> None:
    world = moved_east(small_world)
    service = world.services[0]
    id = accounts.create(service, world.person("admin"), NewUser("rina", "Rina"))
    with service.reading() as connection:
        found = users.by_id(connection, id)
    assert found is not None
    assert found.zone == "Asia/Jayapura"
    service.close()
