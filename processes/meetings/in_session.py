"""The rakor while it is held: what is typed about one institution, as it is said.

Owns these small steps; no token moves. Each row has a version: whoever saves an older one is
refused and reads both texts, so that two who type lose nothing. Once the minutes wait for their
signature nothing changes any more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeVar
from uuid import UUID

from sqlalchemy import Connection
from uuid_utils.compat import uuid7

from engine.sentences.errors import BadInput, Conflict, NotFound
from engine.sentences.invisible import is_blank
from engine.sentences.sentence import Sentence, say
from processes.acts.acting import Acting, act
from processes.acts.reading import Reading
from processes.cases.follow_up import follow_up_acts
from processes.cases.follow_up.follow_up_acts import Said
from processes.days.calendars import common_calendar
from processes.lifecycle.own_case import today_of
from processes.meetings.meetings import NOT_THERE, readable
from processes.register.agreement_states import (
    AgreementDeed,
    AgreementKind,
    AgreementState,
    Holder,
)
from processes.register.states import MeetingState
from processes.register.vocabulary import ATTENDANCES, Attendance
from processes.rights.visibility import visible_follow_ups
from processes.storage.cases import follow_up_rows
from processes.storage.meetings import agreement_rows, meeting_rows, session_rows, sheet_rows
from processes.storage.meetings.agreement_rows import Agreement
from processes.storage.meetings.meeting_rows import Meeting
from processes.storage.meetings.session_rows import Attended, Spoken
from processes.storage.meetings.sheet_rows import Narrowed, SheetRow
from processes.storage.people import users

RIGHT: Final = "record_in_meeting"
OPEN: Final = (MeetingState.INVITED, MeetingState.MINUTES)
"""While a rakor is in these states it is typed in: until its minutes wait for their signature."""
COORDINATOR: Final = Holder.COORDINATOR.value
"""The holder of what no institution holds, as the form names it."""
MOST: Final = 200
"""So many follow-ups of one institution are shown; the sheet has all."""
OCCASION: Final = "Rakor {number}"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class InSession:
    """The page of one institution in a rakor. `before`, `after`: its neighbours; `holders`: (code,
    short name) of all institutions of the rakor; `people`: username -> name of who has typed."""

    case: Meeting
    own: Attended
    before: Attended | None
    after: Attended | None
    place: int
    whole: int
    rows: Sequence[SheetRow]
    said: Sequence[Spoken]
    settled: Sequence[Agreement]
    holders: Sequence[tuple[str, str]]
    people: Mapping[str, str]

    @property
    def is_open(self) -> bool:
        """Whether it is typed in."""
        return self.case.state in OPEN


def page(at: Reading, meeting_id: UUID, code: str) -> InSession:
    """The page. Raises `NotFound`, `Forbidden`."""
    case, _ = readable(at.connection, at.scope, meeting_id, RIGHT)
    every = session_rows.attended(at.connection, meeting_id)
    place = next((n for n, one in enumerate(every) if one.institution == code), None)
    if place is None:
        raise NotFound(NOT_THERE)
    said = session_rows.said(at.connection, meeting_id, code)
    every_settled = agreement_rows.of_meeting(at.connection, meeting_id)
    settled = [one for one in every_settled if one.page == code]
    typists = {every[place].changed_by, *(one.changed_by for one in said)}
    typists |= {one.by for one in settled}
    names = [name for name in typists if name]
    today = common_calendar(at.connection).today(at.now)
    return InSession(
        case=case,
        own=every[place],
        before=every[place - 1] if place else None,
        after=every[place + 1] if place + 1 < len(every) else None,
        place=place + 1,
        whole=len(every),
        rows=sheet_rows.page(
            at.connection, meeting_id, visible_follow_ups(at.scope), Narrowed(code), today,
            None, None, MOST,
        ),
        said=said,
        settled=settled,
        holders=[(one.institution, one.short_name) for one in every],
        people=users.names_of(at.connection, names) if names else {},
    )  # fmt: skip


def _locked(act: Acting, meeting_id: UUID) -> Meeting:
    """The rakor, its instance locked, for who may type in it. Raises `NotFound`, `Forbidden`,
    `Conflict` once its minutes wait for their signature."""
    case = meeting_rows.find(act.connection, meeting_id)
    if case is None:
        raise NotFound(NOT_THERE)
    if case.instance_id is not None:
        act.lock(case.instance_id)
    case, _ = readable(act.connection, act.scope, meeting_id, RIGHT)
    if case.state not in OPEN:
        now = case.state.sentence
        raise Conflict(say("Nothing can be typed in this rakor any more: {state}.", state=now))
    return case


def _own(connection: Connection, meeting_id: UUID, code: str) -> Attended:
    every = session_rows.attended(connection, meeting_id)
    return _found(every, lambda one: one.institution == code)


def _found(rows: Sequence[T], wanted: Callable[[T], bool]) -> T:
    found = next((one for one in rows if wanted(one)), None)
    if found is None:
        raise NotFound(NOT_THERE)
    return found


def _refuse_older(act: Acting, version: int, now: int, by: str | None) -> None:
    """Raises `Conflict` if somebody has saved since the author read it."""
    if version != now:
        name = users.names_of(act.connection, [by]).get(by, by) if by else "?"
        raise Conflict(
            say("{name} has changed this meanwhile. Both texts are shown; save again.", name=name)
        )


def _finish(wrong: Mapping[str, Sentence]) -> None:
    if wrong:
        raise BadInput(say("Please correct the marked fields."), wrong)


@act
def save_attendance(
    act: Acting, meeting_id: UUID, code: str, attendance: str, attended_by: str, version: int
) -> None:
    """Write who was there for an institution. Raises `BadInput`, `Conflict` as the module says."""
    _locked(act, meeting_id)
    own = _own(act.connection, meeting_id, code)
    _refuse_older(act, version, own.version, own.changed_by)
    chosen: Attendance | None = next((one for one in ATTENDANCES if one == attendance), None)
    if chosen is None:
        _finish({"attendance": say("Please choose one of the offered answers.")})
    session_rows.attend(
        act.connection, meeting_id, own, chosen, attended_by.strip() or None, act.now, act.by
    )


@dataclass(frozen=True, slots=True)
class Stated:
    """What was said of a follow-up, by whom; `version`: of what its author has read."""

    text: str
    said_by: str
    on_behalf: bool = False
    version: int = 0


@act
def add_statement(
    act: Acting, meeting_id: UUID, code: str, follow_up_id: UUID, stated: Stated
) -> UUID:
    """Note what was said: one small step on the follow-up, where it stays unconfirmed until a
    report comes. Return its id. Raises `BadInput`."""
    case = _locked(act, meeting_id)
    _own(act.connection, meeting_id, code)
    own = meeting_rows.own_numbers(act.connection, meeting_id, code)
    if follow_up_id not in own.values():
        _finish({"follow_up": say("Please choose one of the offered answers.")})
    today = today_of(act.connection, act.now)
    occasion = OCCASION.format(number=case.number or "")
    said = Said(stated.text, stated.said_by, today, occasion)
    statement_id = follow_up_acts.record_statement.within(act, follow_up_id, said)
    session_rows.add(
        act.connection, statement_id, meeting_id, code, on_behalf=stated.on_behalf, now=act.now,
        by=act.by,
    )  # fmt: skip
    return statement_id


@act
def correct_statement(
    act: Acting, meeting_id: UUID, code: str, statement_id: UUID, stated: Stated
) -> None:
    """Correct what was noted, while the rakor is open. Raises `BadInput`, `Conflict`."""
    _locked(act, meeting_id)
    was = _found(
        session_rows.said(act.connection, meeting_id, code), lambda one: one.id == statement_id
    )
    _refuse_older(act, stated.version, was.version, was.changed_by)
    wrong: dict[str, Sentence] = {}
    if is_blank(stated.text):
        wrong["text"] = say("Write what was said.")
    if is_blank(stated.said_by):
        wrong["said_by"] = say("Write who said it.")
    _finish(wrong)
    session_rows.correct(
        act.connection, was, stated.text.strip(), stated.said_by.strip(),
        on_behalf=stated.on_behalf, now=act.now, by=act.by,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Settled:
    """What was settled. `holder`: the code of an institution, `COORDINATOR`, or empty; `deadline`
    None: none was typed; `follow_up_id`: what it is about, if it is about one."""

    kind: str
    text: str
    holder: str
    deadline: date | None
    follow_up_id: UUID | None = None
    version: int = 0


@act
def add_settled(act: Acting, meeting_id: UUID, code: str, settled: Settled) -> UUID:
    """Note an agreement or a directive; return its id. An agreement without holder and deadline is
    refused. Raises `BadInput`."""
    _locked(act, meeting_id)
    _own(act.connection, meeting_id, code)
    columns = _columns(act, meeting_id, code, settled)
    new = Agreement(
        id=uuid7(), meeting_id=meeting_id, page=code, status=AgreementState.NOTED,
        number=agreement_rows.next_number(act.connection, meeting_id), status_since=act.now,
        instance_id=act.engine.new_id(), version=1, at=act.now, by=act.by,
        **columns,
    )  # fmt: skip
    agreement_rows.add(act.connection, new)
    return new.id


@act
def change_settled(
    act: Acting, meeting_id: UUID, code: str, agreement_id: UUID, settled: Settled
) -> None:
    """Change what was noted, while the rakor is open. Raises `BadInput`, `Conflict`."""
    was = _noted(act, meeting_id, code, agreement_id, settled.version)
    columns = _columns(act, meeting_id, code, settled)
    agreement_rows.change(
        act.connection, was.id, act.now, **columns, version=was.version + 1, at=act.now, by=act.by
    )


@act
def strike_settled(
    act: Acting, meeting_id: UUID, code: str, agreement_id: UUID, version: int
) -> None:
    """Strike out what was noted; its number is not given again. Raises `Conflict`."""
    was = _noted(act, meeting_id, code, agreement_id, version)
    agreement_rows.move(
        act.connection, was, AgreementDeed.STRIKE, act.now, ended_at=act.now,
        version=was.version + 1, at=act.now, by=act.by,
    )  # fmt: skip


def _noted(act: Acting, meeting_id: UUID, code: str, agreement_id: UUID, version: int) -> Agreement:
    _locked(act, meeting_id)
    settled = agreement_rows.of_meeting(act.connection, meeting_id)
    was = _found(settled, lambda one: one.id == agreement_id and one.page == code)
    _refuse_older(act, version, was.version, was.by)
    return was


def _columns(act: Acting, meeting_id: UUID, code: str, settled: Settled) -> agreement_rows.Settling:
    """What is stored of it. Raises `BadInput` with all that is missing."""
    wrong = _missing(settled)
    kind = next((one for one in AgreementKind if one == settled.kind), AgreementKind.AGREEMENT)
    of_rakor = {one.institution for one in session_rows.attended(act.connection, meeting_id)}
    if settled.holder not in (*of_rakor, COORDINATOR, ""):
        wrong["holder"] = say("Please choose one of the offered answers.")
    if settled.deadline is not None and settled.deadline <= today_of(act.connection, act.now):
        wrong["deadline"] = say("This date must lie in the future.")
    own = meeting_rows.own_numbers(act.connection, meeting_id, code)
    if settled.follow_up_id not in (None, *own.values()):
        wrong["follow_up"] = say("Please choose one of the offered answers.")
    _finish(wrong)
    by_institution = settled.holder not in ("", COORDINATOR)
    holder = Holder.INSTITUTION if by_institution else Holder.COORDINATOR
    return {
        "kind": kind,
        "text": settled.text.strip(),
        "holder": holder if settled.holder else None,
        "institution": settled.holder if by_institution else None,
        "deadline": settled.deadline,
        "recommendation_id": _whole(act, settled.follow_up_id),
        "follow_up_id": settled.follow_up_id,
    }


def _missing(settled: Settled) -> dict[str, Sentence]:
    wrong: dict[str, Sentence] = {}
    if is_blank(settled.text):
        wrong["text"] = say("Write what was settled.")
    owed = settled.kind != AgreementKind.DIRECTIVE or settled.holder or settled.deadline
    if owed and not settled.holder:
        wrong["holder"] = say("Choose who fulfils it.")
    if owed and settled.deadline is None:
        wrong["deadline"] = say("Please write a date, for example 31/12/2026.")
    return wrong


def _whole(act: Acting, follow_up_id: UUID | None) -> UUID | None:
    if follow_up_id is None:
        return None
    found = follow_up_rows.find(act.connection, follow_up_id)
    return found.recommendation_id if found else None
