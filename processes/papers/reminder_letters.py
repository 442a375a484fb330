"""Reminder letters for their readers: the sheet to sign, and the note that it was sent.

Owns these use cases. The product drafts and stores the letter (`processes.notices.channels`). The
registry signs, numbers and carries it, so a letter counts as sent when a user enters its number and
date.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Connection

from engine.sentences.errors import BadInput, Conflict, NotFound
from engine.sentences.invisible import is_blank
from engine.sentences.sentence import Sentence, say
from processes.acts.acting import Acting, act
from processes.cases.follow_up.follow_up_acts import locked
from processes.cases.follow_up.follow_ups import readable
from processes.days.calendars import common_calendar
from processes.papers.reminder_letter_text import Issued, Matter, Sheet, sheet
from processes.rights.access import Scope
from processes.storage.cases.follow_up_rows import FollowUp
from processes.storage.cases.recommendation_rows import Recommendation
from processes.storage.notices import reminder_letters
from processes.storage.notices.reminder_letters import ReminderLetter
from processes.storage.people import institutions


@dataclass(frozen=True, slots=True)
class Found:
    """A letter with its case and its text."""

    letter: ReminderLetter
    case: FollowUp
    recommendation: Recommendation
    sheet: Sheet


def one(connection: Connection, scope: Scope, id: UUID, act: str = "read_reminder_letter") -> Found:
    """A letter. Raises `NotFound`, `Forbidden`."""
    letter = reminder_letters.find(connection, id)
    if letter is None:
        raise NotFound(say("There is no such thing, or it is not open to you."))
    case, recommendation, _ = readable(connection, scope, letter.follow_up_id, act)
    return Found(letter, case, recommendation, _sheet(connection, letter, case, recommendation))


def _sheet(
    connection: Connection, letter: ReminderLetter, case: FollowUp, about: Recommendation
) -> Sheet:
    asked = institutions.by_code(connection, case.institution)
    letters = reminder_letters.of_follow_up(connection, case.id)
    matter = Matter(
        recommendation=about.number or "-",
        title=about.title,
        institution=asked.name if asked else case.institution,
        issued=_issued(about.letter_number, about.letter_date),
        task_name=letter.task_name,
        due=letter.due,
        overdue=letter.overdue,
        drafted_on=common_calendar(connection).today(letter.drafted_at),
        before=_sent_before(letter, letters),
    )
    return sheet(matter, letter.signatory, _issued(letter.letter_number, letter.letter_date))


def _sent_before(letter: ReminderLetter, letters: Sequence[ReminderLetter]) -> Issued | None:
    """The latest reminder about the same case that was sent before this one was drafted."""
    earlier = [one for one in letters if one.sent_at and one.sent_at <= letter.drafted_at]
    newest = max(earlier, key=lambda one: one.letter_date or date.min, default=None)
    return _issued(newest.letter_number, newest.letter_date) if newest else None


def _issued(number: str | None, day: date | None) -> Issued | None:
    return Issued(number, day) if number and day else None


@act
def mark_sent(act: Acting, id: UUID, *, number: str, day: date | None) -> None:
    """Note that a letter was signed and sent under this number and date.

    Raises `BadInput` with the fields `letter_number` and `letter_date`, `Conflict` for a letter
    that was sent already, `NotFound`, `Forbidden`.
    """
    letter = reminder_letters.find(act.connection, id)
    if letter is not None:
        locked(act, letter.follow_up_id)
    found = one(act.connection, act.scope, id, "send_reminder_letter")
    _check_sent(number, day, common_calendar(act.connection).today(act.now))
    if found.letter.sent_at is not None:
        raise Conflict(say("This letter is marked as sent already."))
    assert day is not None, "it was checked"
    reminder_letters.note_sent(
        act.connection,
        id,
        letter_number=number.strip(),
        letter_date=day,
        at=act.now,
        by=act.by,
    )
    told = {"letter": str(id), "number": number.strip()}
    act.engine.note(found.case.instance_id, "reminder_letter", act.by, told)


def _check_sent(number: str, day: date | None, today: date) -> None:
    wrong: dict[str, Sentence] = {}
    if is_blank(number):
        wrong["letter_number"] = say("Write the number that the registry gave.")
    if day is None:
        wrong["letter_date"] = say("Please write a date, for example 31/12/2026.")
    elif day > today:
        wrong["letter_date"] = say("This date lies in the future.")
    if wrong:
        raise BadInput(say("Please correct the marked fields."), wrong)
