"""A rakor from its preparation to its signed minutes, and the ways that lead off the road."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.sentences.errors import BadInput, Conflict, NotFound
from processes.acts.reading import opened
from processes.meetings import meetings, sheet
from processes.rakor.fingerprint import fingerprint
from processes.storage.files import signed_scans
from processes.storage.meetings import meeting_rows, position_rows
from processes.storage.meetings.sheet_rows import Narrowed
from processes.work import tasks
from tests.processes.stories.rakor.meeting import (
    MINUTES,
    PREPARED,
    begun,
    invited,
    prepared,
    row,
    sign,
    state,
)
from tests.processes.stories.world import World

FIRST = "REK-2026-0001"


def refusal(world: World, who: str, element: str, meeting: Any, **answers: Any) -> BadInput:
    """What is said of answers that are not accepted."""
    task = world.task(meeting, element)
    with pytest.raises(BadInput) as found:
        tasks.complete(world.service, world.person(who), task.id, answers)
    return found.value


def subjects(world: World, who: str) -> list[str]:
    return [mail.subject for mail in world.mails(who)]


def test_a_rakor_goes_from_its_preparation_to_its_signed_minutes(world: World) -> None:
    meeting = invited(world, world.issued())
    assert (row(world, meeting).number, row(world, meeting).state) == ("RAK-2026-0001", "invited")
    assert world.waits_for(meeting) == ["position", "position"]
    state(world, "kemhan", meeting, "Peta jalan selesai.", FIRST)
    state(world, "kemenperin", meeting, "Sedang disusun.", FIRST)
    assert world.waits_for(meeting) == ["hold"]
    world.wait_until(world.at(date(2026, 1, 15)))
    world.do("coordinator", "hold", meeting, attendance="Semua hadir.")
    world.do("coordinator", "minutes", meeting, **MINUTES)
    sign(world, meeting)
    held = row(world, meeting)
    assert (held.state, held.signed_by, world.status(meeting)) == ("signed", "asdep", "completed")
    with world.services[0].reading() as connection:
        [scan] = signed_scans.of_document(connection, meeting)
    assert (scan.document, scan.fingerprint) == ("minutes", fingerprint(held))
    assert any("Minutes signed" in one for one in subjects(world, "kemhan"))
    assert world.service.engine.incidents() == []


def test_each_institution_gets_a_letter_of_its_own_and_is_told(small_world: World) -> None:
    world = small_world
    meeting = invited(world, world.issued())
    with world.services[0].reading() as connection:
        letters = [
            (one.institution, one.letter_number)
            for one in meeting_rows.invited(connection, meeting)
        ]
    assert letters == [("kemenperin", "UND-7/2026/kemenperin"), ("kemhan", "UND-7/2026/kemhan")]
    told = [mail.body for mail in world.mails("kemhan") if "Invitation" in mail.subject]
    assert len(told) == 1
    assert "Ruang Nakula" in told[0]


def test_positions_that_are_missing_on_the_day_hold_up_nothing(world: World) -> None:
    meeting = invited(world, world.issued())
    state(world, "kemhan", meeting, "Peta jalan selesai.", FIRST)
    world.wait_until(world.at(date(2026, 1, 14)))
    assert world.waits_for(meeting) == ["position"]
    world.wait_until(world.at(date(2026, 1, 15)))
    assert world.waits_for(meeting) == ["hold"]
    with world.services[0].reading() as connection:
        [said] = position_rows.positions(connection, meeting)
        answered = [
            one.institution
            for one in meeting_rows.invited(connection, meeting)
            if one.answered_at is not None
        ]
    assert (said.text, answered) == ("Peta jalan selesai.", ["kemhan"])
    reminders = [one for one in subjects(world, "kemenperin") if one.startswith("Reminder: RAK")]
    assert len(reminders) == 1, "a position is reminded of once"


def test_a_rakor_that_is_moved_takes_its_deadlines_along(world: World) -> None:
    meeting = invited(world, world.issued())
    moved = {"change": "moved", "held_on": "2026-01-22", "reason": "Pimpinan bertugas."}
    meetings.change(world.service, world.person("coordinator"), meeting, moved)
    world.run()
    assert row(world, meeting).held_on == date(2026, 1, 22)
    world.wait_until(world.at(date(2026, 1, 16)))
    assert world.waits_for(meeting) == ["position", "position"], "the old day starts nothing"
    world.wait_until(world.at(date(2026, 1, 22)))
    assert world.waits_for(meeting) == ["hold"]
    told = [mail for mail in world.mails("kemhan") if "Rakor moved" in mail.subject]
    assert len(told) == 1
    assert "Pimpinan bertugas." in told[0].body


def test_a_rakor_that_is_cancelled_ends_and_asks_nobody_any_more(world: World) -> None:
    meeting = invited(world, world.issued())
    cancelled = {"change": "cancelled", "reason": "Tidak kuorum."}
    meetings.change(world.service, world.person("asdep"), meeting, cancelled)
    world.run()
    assert (row(world, meeting).state, world.status(meeting)) == ("cancelled", "completed")
    assert world.waits_for(meeting) == []
    assert any("Rakor cancelled" in one for one in subjects(world, "kemenperin"))
    with pytest.raises(Conflict):
        meetings.change(world.service, world.person("asdep"), meeting, cancelled)


def test_an_invitation_that_is_not_approved_is_prepared_again(small_world: World) -> None:
    world = small_world
    meeting = prepared(world, world.issued())
    found = refusal(world, "asdep", "approve_invitation", meeting, invitation_approved="no")
    assert "notes" in found.fields
    world.do(
        "asdep", "approve_invitation", meeting, invitation_approved="no", notes="Tambah acara."
    )
    assert world.waits_for(meeting) == ["prepare"]
    world.do("coordinator", "prepare", meeting, **PREPARED)
    assert row(world, meeting).number == "RAK-2026-0001", "its number stays"


def test_minutes_that_are_not_signed_are_written_again(small_world: World) -> None:
    world = small_world
    meeting = held(world)
    world.do("coordinator", "minutes", meeting, **MINUTES)
    found = refusal(world, "asdep", "sign_minutes", meeting, minutes_signed="yes")
    assert "signed_scan" in found.fields
    world.do("asdep", "sign_minutes", meeting, minutes_signed="no", notes="Kurang lengkap.")
    assert (world.waits_for(meeting), row(world, meeting).state) == (["minutes"], "minutes")


def held(world: World) -> Any:
    """A rakor whose minutes wait."""
    meeting = invited(world, world.issued())
    world.wait_until(world.at(date(2026, 1, 15)))
    world.do("coordinator", "hold", meeting, attendance="Semua hadir.")
    return meeting


def test_a_rakor_that_was_held_is_not_moved(small_world: World) -> None:
    world = small_world
    meeting = held(world)
    moved = {"change": "moved", "held_on": "2026-02-02", "reason": "Salah."}
    with pytest.raises(Conflict):
        meetings.change(world.service, world.person("coordinator"), meeting, moved)


def test_a_rakor_is_not_held_before_its_day(small_world: World) -> None:
    world = small_world
    meeting = invited(world, world.issued())
    state(world, "kemhan", meeting, "Selesai.", FIRST)
    state(world, "kemenperin", meeting, "Selesai.", FIRST)
    found = refusal(world, "coordinator", "hold", meeting, attendance="Semua hadir.")
    assert "attendance" in found.fields


def test_an_institution_writes_a_row_for_each_of_its_open_follow_ups(small_world: World) -> None:
    world = small_world
    first, second = (
        world.issued(),
        world.issued(title="Perluas pasar", comment_deadline="2026-01-20"),
    )
    meeting = invited(world, first, second)
    task = next(one for one in world.open_tasks(meeting) if "kemhan" in str(one.candidate_groups))

    def refused(*rows: dict[str, str]) -> BadInput:
        with pytest.raises(BadInput) as found:
            tasks.complete(
                world.service, world.person("kemhan"), task.id, {"positions": list(rows)}
            )
        return found.value

    assert "REK-2026-0002" in str(refused({"number": FIRST, "text": "A"}).fields["positions"])
    both = {"number": FIRST, "text": "A"}, {"number": FIRST, "text": "B"}
    assert "positions[1].number" in refused(*both).fields
    assert "positions[0].number" in refused({"number": "REK-2026-0009", "text": "A"}).fields


def test_an_institution_that_has_finished_meanwhile_is_not_invited(small_world: World) -> None:
    world = small_world
    recommendation = world.issued()
    meeting = prepared(world, recommendation)
    world.finish("kemenperin", world.follow_up(recommendation, "kemenperin"))
    world.do("asdep", "approve_invitation", meeting, invitation_approved="yes", letter_number="U-1")
    assert len(world.open_tasks(meeting)) == 1
    with opened(world.service, world.person("coordinator")) as at:
        found = sheet.sheet(at, meeting)
    assert [one.institution for one in found.rows.items] == ["kemenperin", "kemhan"]
    assert (found.totals["all"], found.totals["open"]) == (2, 1), "what has ended stays on it"


def test_a_rakor_bears_the_highest_classification_and_shows_nobody_what_is_above_them(
    small_world: World,
) -> None:
    world = small_world
    secret = world.issued(title="Rahasia", classification="secret")
    world.lower_clearance("kemenperin", "ordinary")
    world.lower_clearance("coordinator", "top_secret")
    before = len(world.mails("kemenperin"))
    found = begun(world, secret)
    refused = refusal(world, "coordinator", "prepare", found, **PREPARED)
    assert "Kemenperin" in str(refused.fields["proceed_without_users"])
    world.do("coordinator", "prepare", found, **PREPARED, proceed_without_users=True)
    world.do("asdep", "approve_invitation", found, invitation_approved="yes", letter_number="U")
    assert row(world, found).classification == "secret"
    assert len(world.mails("kemenperin")) == before
    told = world.mails("kemhan")[-1]
    assert "RAK-2026-0001" in told.subject
    assert "Nakula" not in told.body, "mail servers are not cleared"
    with opened(world.service, world.person("kemenperin")) as at:
        assert meetings.page(at).items == []
        with pytest.raises(NotFound):
            meetings.detail(at, found)


def test_an_institution_sees_only_its_own_rows_and_only_once_it_is_invited(
    small_world: World,
) -> None:
    world = small_world
    meeting = prepared(world, world.issued())
    with opened(world.service, world.person("kemhan")) as at, pytest.raises(NotFound):
        meetings.detail(at, meeting)
    world.do("asdep", "approve_invitation", meeting, invitation_approved="yes", letter_number="U-1")
    with opened(world.service, world.person("kemhan")) as at:
        detail, found = meetings.detail(at, meeting), sheet.sheet(at, meeting)
    assert [one.institution for one in detail.invited] == ["kemhan"]
    assert [one.institution for one in found.rows.items] == ["kemhan"]
    assert found.totals["all"] == 1
    with opened(world.service, world.person("kemenkeu")) as at, pytest.raises(NotFound):
        meetings.detail(at, meeting)


def test_the_next_rakor_says_what_has_changed_since_the_last_one(small_world: World) -> None:
    world = small_world
    recommendation = world.issued()
    meeting = invited(world, recommendation)
    world.wait_until(world.at(date(2026, 1, 15)))
    world.do("coordinator", "hold", meeting, attendance="Semua hadir.")
    world.do("kemhan", "acknowledge", world.follow_up(recommendation, "kemhan"),
             response="accepted", contact="Rina")  # fmt: skip
    following = invited(world, recommendation, held_on="2026-02-16")
    with opened(world.service, world.person("coordinator")) as at:
        changed = sheet.sheet(at, following, Narrowed(only="changed"))
    assert row(world, following).previous_id == meeting
    assert [(one.institution, one.then, one.status) for one in changed.rows.items] == [
        ("kemhan", "acknowledge", "plan")
    ]
    assert changed.totals["changed"] == 1
