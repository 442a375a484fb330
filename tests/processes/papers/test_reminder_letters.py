"""The effects of the column `channel` in the escalation table, and its letter."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from engine.sentences.errors import BadInput, Conflict, Forbidden, NotFound
from processes.cases.follow_up import follow_ups
from processes.composition import shipped_files
from processes.papers import reminder_letters
from processes.storage.notices.reminder_letters import ReminderLetter
from processes.work import escalations
from tests.processes.stories.world import ACCEPTED, World

SHEET_OF_PLAN = ("Kementerian Pertahanan", "Susun rencana aksi", "REK-2026-0001", "R-1/2026")


def late_with_the_plan(world: World, until: date) -> UUID:
    """A case whose plan was due on Tuesday 20 January, looked at some days later."""
    case = world.follow_up(world.issued(supporting=[]), "kemhan")
    world.do("kemhan", "acknowledge", case, **ACCEPTED)
    world.wait_until(world.at(until))
    return case


def letters(world: World, case: UUID, who: str = "coordinator") -> list[ReminderLetter]:
    """The letters that somebody finds on the page of the case."""
    with world.service.reading() as connection:
        found = follow_ups.detail(connection, world.person(who), case, world.clock.now)
    return list(found.reminders)


def standing(world: World, case: UUID) -> ReminderLetter:
    """The one draft that has not been replaced."""
    (only,) = [one for one in letters(world, case) if one.replaced_at is None]
    return only


def timeline(world: World, case: UUID, who: str = "asdep") -> list[str]:
    with world.service.reading() as connection:
        found = follow_ups.detail(connection, world.person(who), case, world.clock.now)
    return [str(entry.sentence) for entry in found.timeline]


def channelled(world: World, channel: str) -> None:
    """The owner writes another channel into every row of the table that says "letter"."""
    for key in ("follow_up", "recommendation"):
        files = shipped_files(key)
        table = files["escalation.dmn"].decode()
        files["escalation.dmn"] = table.replace('"letter"', f'"{channel}"').encode()
        world.service.engine.deploy(files, "owner")


def test_an_escalation_by_letter_drafts_one_for_the_rank_that_signs(world: World) -> None:
    case = late_with_the_plan(world, date(2026, 1, 23))
    draft = standing(world, case)
    assert (draft.signatory, draft.overdue, draft.due) == ("asdep", 3, date(2026, 1, 20))
    with world.service.reading() as connection:
        found = reminder_letters.one(connection, world.person("asdep"), draft.id)
    text = " ".join([*found.sheet.addressee, *found.sheet.paragraphs])
    for fact in (*SHEET_OF_PLAN, "20 Januari 2026", "3 hari kerja"):
        assert fact in text
    assert "...." in found.sheet.number, "the registry numbers it"
    assert "Asdep: reminder letter drafted about Susun rencana aksi" in timeline(world, case)


def test_the_next_level_replaces_a_draft_that_was_not_sent(small_world: World) -> None:
    world = small_world
    case = late_with_the_plan(world, date(2026, 1, 29))
    assert [one.signatory for one in letters(world, case)] == ["asdep", "deputi"]
    assert standing(world, case).signatory == "deputi"


def test_a_letter_marked_as_sent_keeps_number_and_date_and_the_next_one_refers_to_it(
    world: World,
) -> None:
    case = late_with_the_plan(world, date(2026, 1, 23))
    draft = standing(world, case)
    sender = world.person("coordinator")
    assert not any("letter" in one for one in timeline(world, case, "kemhan")), "not sent yet"
    reminder_letters.mark_sent(
        world.service, sender, draft.id, number="B-7/2026", day=date(2026, 1, 23)
    )
    told = "Reminder letter B-7/2026 of 2026-01-23 sent"
    assert told in timeline(world, case)
    assert told in timeline(world, case, "kemhan"), "the institution has it"
    with pytest.raises(Conflict):
        reminder_letters.mark_sent(
            world.service, sender, draft.id, number="B-8/2026", day=date(2026, 1, 23)
        )
    world.wait_until(world.at(date(2026, 1, 29)))
    newest = letters(world, case)[-1]
    assert (newest.signatory, newest.sent_at) == ("deputi", None)
    with world.service.reading() as connection:
        found = reminder_letters.one(connection, sender, newest.id)
    assert "Nomor B-7/2026 tanggal 23 Januari 2026" in " ".join(found.sheet.paragraphs)


def test_number_and_a_date_that_has_come_are_needed_to_mark_a_letter_as_sent(
    small_world: World,
) -> None:
    world = small_world
    draft = standing(world, late_with_the_plan(world, date(2026, 1, 23)))
    for number, day, field in (
        (" \u200b", date(2026, 1, 23), "letter_number"),
        ("B-1", None, "letter_date"),
        ("B-1", date(2026, 1, 24), "letter_date"),
    ):
        with pytest.raises(BadInput) as refused:
            reminder_letters.mark_sent(
                world.service, world.person("asdep"), draft.id, number=number, day=day
            )
        assert set(refused.value.fields) == {field}


def test_only_those_who_oversee_the_case_read_a_letter(small_world: World) -> None:
    world = small_world
    draft = standing(world, late_with_the_plan(world, date(2026, 1, 23)))
    for who, refusal in (("kemhan", Forbidden), ("kemenperin", NotFound), ("admin", NotFound)):
        with world.service.reading() as connection, pytest.raises(refusal):
            reminder_letters.one(connection, world.person(who), draft.id)


def test_the_board_leads_to_the_letter_and_shows_it_to_nobody_of_the_institution(
    small_world: World,
) -> None:
    world = small_world
    case = late_with_the_plan(world, date(2026, 1, 23))
    draft = standing(world, case)
    for who, found in (("asdep", {draft.id}), ("kemhan-head", set())):
        with world.service.reading() as connection:
            board = escalations.page(connection, world.person(who), world.clock.now)
        assert {row.letter.id for row in board.items if row.letter} == found
        assert board.items


def newest_digest(world: World, reader: str) -> str:
    """What the last digest says."""
    shown = [mail for mail in world.mails(reader) if mail.kind == "digest" and mail.body]
    return shown[-1].body


@pytest.mark.parametrize(("sent", "words"), [(0, "signature: 2."), (1, "signature: 1."), (2, "")])
def test_the_digest_says_how_many_letters_await_signature(
    small_world: World, sent: int, words: str
) -> None:
    world = small_world
    other = world.follow_up(world.issued(supporting=[]), "kemhan")
    world.do("kemhan", "acknowledge", other, **ACCEPTED)
    cases = [late_with_the_plan(world, date(2026, 1, 23)), other]
    for case in cases[:sent]:
        letter = standing(world, case).id
        asdep, day = world.person("asdep"), date(2026, 1, 23)
        reminder_letters.mark_sent(world.service, asdep, letter, number="R-1", day=day)

    world.wait_until(world.at(date(2026, 1, 27)))

    told = newest_digest(world, "asdep")
    assert words in told
    assert ("awaiting signature" in told) == bool(words)
    assert "signature" not in newest_digest(world, "kemhan-head"), "it is a letter to them"


def test_no_mail_poses_as_a_letter_and_people_are_told_as_ever(small_world: World) -> None:
    world = small_world
    late_with_the_plan(world, date(2026, 1, 23))
    assert {mail.kind for mail in world.mails("asdep")} == {"digest"}
    assert {mail.kind for mail in world.mails("kemhan-head")} == {"digest"}
    assert not any("letter" in mail.subject.lower() for mail in world.mails())


def test_work_of_the_ministry_itself_is_never_reminded_by_letter(small_world: World) -> None:
    world = small_world
    case = world.follow_up(world.issued(), "kemhan")
    world.to_report("kemhan", case)
    world.hand_in("kemhan", case)
    world.wait_days(60)
    assert letters(world, case) == []


@pytest.mark.parametrize("channel", ["inbox", "digest", "none", "pigeon"])
def test_without_the_word_letter_in_the_table_there_is_no_letter(
    small_world: World, channel: str
) -> None:
    world = small_world
    channelled(world, channel)
    case = late_with_the_plan(world, date(2026, 1, 23))
    assert letters(world, case) == []
    overdue = [
        one for one in world.mails("kemhan") if one.kind == "notice" and "Overdue" in one.subject
    ]
    first_level, by_mail = 1, int(channel in ("inbox", "pigeon"))
    assert len(overdue) == first_level + by_mail
    # The digest of the approval, which was decided on its day, was dropped.
    standing = [one for one in world.mails("asdep") if one.state != "dropped"]
    assert len(standing) == int(channel != "none")
    assert any(one.kind == "digest" for one in world.mails("kemhan")) == (channel == "digest")
