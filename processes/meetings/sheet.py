"""The inventory sheet of a rakor, and the first words of its forms that come from it.

Owns its shape: a page of rows, narrowed, with the numbers of the whole. Each reader gets the rows
they may read as follow-ups.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from engine.sentences.errors import BadInput, Conflict
from engine.sentences.sentence import Sentence, say
from processes.acts.reading import Reading
from processes.days.calendars import common_calendar
from processes.ground.paging import Cursor, Page, cut
from processes.ground.paging import cursor as cursor_of
from processes.meetings.meetings import previous, readable
from processes.register.states import ENDED
from processes.rights.visibility import (
    visible_agreements,
    visible_follow_ups,
    visible_recommendations,
)
from processes.storage.meetings import (
    agreement_lists,
    covered_rows,
    meeting_rows,
    session_rows,
    sheet_rows,
)
from processes.storage.meetings.agreement_lists import ListedAgreement
from processes.storage.meetings.meeting_rows import Invited, Meeting
from processes.storage.meetings.session_rows import Said
from processes.storage.meetings.sheet_rows import ONLY, Counted, Narrowed, Place, SheetRow

PAGE: Final = 40
EVERYTHING: Final = Narrowed()
MOST_PRINTED: Final = 1_000
"""So many rows a sheet on paper has at most; nobody reads more, and Excel has them all."""
ALL_ROWS: Final = 30_000
"""So many rows has the sheet of a rakor over 300 recommendations and 100 institutions at most."""


@dataclass(frozen=True)
class InventorySheet:
    """A page of the sheet. `previous`: the rakor that `then` of a row is about."""

    case: Meeting
    previous: Meeting | None
    rows: Page[SheetRow]
    counts: Sequence[Counted]
    institutions: Sequence[tuple[str, str]]
    narrowed: Narrowed

    def has_changed(self, row: SheetRow) -> bool:
        """Whether it stands elsewhere than at the last rakor, or is new since."""
        return self.previous is not None and row.then is not row.status

    @cached_property
    def totals(self) -> Mapping[str, int]:
        """The numbers of the whole sheet, by what it can be narrowed to; "all" for all."""
        return {
            "all": sum(one.rows for one in self.counts),
            "open": sum(one.rows for one in self.counts if one.stage not in ENDED),
            "late": sum(one.late for one in self.counts),
            "changed": sum(one.changed for one in self.counts),
            "silent": sum(one.silent for one in self.counts),
        }

    @property
    def too_long(self) -> Sentence | None:
        """Why it is not offered on paper; one institution alone has fewer rows."""
        short = self.narrowed.institution or self.totals["all"] <= MOST_PRINTED
        return None if short else _too_long()


def sheet(
    at: Reading,
    id: UUID,
    narrowed: Narrowed = EVERYTHING,
    *,
    after: Place | None = None,
    before: Place | None = None,
    limit: int = PAGE,
) -> InventorySheet:
    """A page of the sheet. Raises `NotFound`, `BadInput` for an unknown narrowing."""
    if narrowed.only and narrowed.only not in ONLY:
        wrong = {"only": say("Choose one of the offered values.")}
        raise BadInput(say("This list cannot be narrowed like that."), wrong)
    case, _ = readable(at.connection, at.scope, id)
    today = common_calendar(at.connection).today(at.now)
    return _read(at, case, narrowed, today, cursor_of(after, before), limit)


def _read(
    at: Reading,
    case: Meeting,
    narrowed: Narrowed,
    today: date,
    place: Cursor[Place] | None,
    limit: int,
) -> InventorySheet:
    last = previous(at, case)
    since = last.held_at if last else None
    visible = visible_follow_ups(at.scope)
    found = sheet_rows.page(
        at.connection, case.id, visible, narrowed, today, since, place, limit + 1
    )
    return InventorySheet(
        case=case,
        previous=last,
        rows=cut(found, limit, place),
        counts=sheet_rows.counts(at.connection, case.id, visible, today, since),
        institutions=sheet_rows.institutions(at.connection, case.id, visible),
        narrowed=narrowed,
    )


def _too_long() -> Sentence:
    return say(
        "As Word and PDF the sheet has {n} rows at most. Narrow it, for example to one "
        "institution, or take it as Excel.",
        n=MOST_PRINTED,
    )


def whole(at: Reading, id: UUID, narrowed: Narrowed = EVERYTHING) -> InventorySheet:
    """The whole sheet, for a document."""
    return sheet(at, id, narrowed, limit=ALL_ROWS)


def printed(at: Reading, id: UUID, narrowed: Narrowed = EVERYTHING) -> InventorySheet:
    """The sheet for paper. Raises `Conflict` where it has more rows than paper takes."""
    found = sheet(at, id, narrowed, limit=MOST_PRINTED)
    if found.rows.more:
        raise Conflict(_too_long())
    return found


@dataclass(frozen=True, slots=True)
class Work:
    """What stands beside the form of a task of a rakor. `covered`: how many recommendations of it
    the reader sees; `settled`, `said`: what is signed with its minutes; `invited`: its
    institutions, with who came; of an institution's own task instead its open follow-ups."""

    case: Meeting
    sheet: InventorySheet | None
    covered: int = 0
    settled: Sequence[ListedAgreement] = ()
    said: Sequence[Said] = ()
    invited: Sequence[Invited] = ()


def work(at: Reading, id: UUID, codes: Sequence[str], today: date) -> Work:
    """The context of a task that its reader has found. `codes`: the institution whose task it is;
    none for the coordinator's."""
    case = meeting_rows.find(at.connection, id)
    assert case is not None, "its task was found"
    if not codes:
        return Work(
            case,
            None,
            covered_rows.count(at.connection, id, visible_recommendations(at.scope)),
            agreement_lists.of_meetings(at.connection, visible_agreements(at.scope), [id]),
            session_rows.said_of_all(at.connection, id, visible_follow_ups(at.scope)),
            meeting_rows.invited(at.connection, id),
        )
    return Work(case, _read(at, case, Narrowed(codes[0], only="open"), today, None, ALL_ROWS))


def preparing(found: Work) -> Mapping[str, Any]:
    """The first values of the form `prepare`: what was prepared before."""
    case = found.case
    values = {
        "title": case.title, "held_on": case.held_on.isoformat() if case.held_on else None,
        "hour": case.hour, "place": case.place, "chair": case.chair, "agenda": case.agenda,
        "guests": case.guests,
    }  # fmt: skip
    return {name: value for name, value in values.items() if value}


def positions(found: Work) -> Mapping[str, Any]:
    """The first values of the form `position`: a row for each open follow-up, with what was
    reported last."""
    return {
        "positions": [
            {"number": row.number, "text": row.position or "", "obstacles": row.obstacles or ""}
            for row in (found.sheet.rows.items if found.sheet else ())
        ]
    }


def writing(found: Work) -> Mapping[str, Any]:
    """The first values of the form `minutes`: what was written before."""
    case = found.case
    if case.minutes is None:
        return {}
    return {"minutes": case.minutes, "press_statement": case.press_statement or ""}
