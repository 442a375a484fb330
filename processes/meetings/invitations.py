"""The letter that invites one institution to a rakor, with what it is asked about.

Owns which rows stand in it: the institution's own on the inventory sheet. Changes nothing; the
letter is numbered when the invitation is approved (`processes.rakor.handlers`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from engine.sentences.errors import NotFound
from processes.acts.reading import Reading
from processes.days.calendars import common_calendar
from processes.meetings.meetings import NOT_THERE, own, readable
from processes.meetings.sheet import ALL_ROWS
from processes.rights.visibility import visible_follow_ups
from processes.storage.meetings import meeting_rows, sheet_rows
from processes.storage.meetings.meeting_rows import Invited, Meeting
from processes.storage.meetings.sheet_rows import Narrowed, SheetRow


@dataclass(frozen=True, slots=True)
class Letter:
    """The rakor, whom the letter invites, and the institution's follow-ups that it covers."""

    case: Meeting
    to: Invited
    rows: Sequence[SheetRow]


def letter(at: Reading, id: UUID, code: str) -> Letter:
    """The letter; before the approval its draft. Raises `NotFound`, for another institution's
    too."""
    case, _ = readable(at.connection, at.scope, id)
    invited = own(at.scope, meeting_rows.invited(at.connection, id))
    to = next((one for one in invited if one.institution == code), None)
    if to is None:
        raise NotFound(NOT_THERE)
    today = common_calendar(at.connection).today(at.now)
    rows = sheet_rows.page(
        at.connection, id, visible_follow_ups(at.scope), Narrowed(code), today, None, None, ALL_ROWS
    )
    return Letter(case, to, rows)
