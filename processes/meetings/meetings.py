"""Rakor: begun, chosen for, moved, and read, one or a list.

Owns who may read one, and the acts upon it besides its tasks. What it inventories is
`processes.meetings.sheet`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

from engine.later.repairs import Received
from engine.models.bundle import MESSAGE_FORM
from engine.models.forms import Form, Options
from engine.sentences.errors import BadInput, Conflict, NotFound
from engine.sentences.sentence import say
from processes.acts.acting import Acting, act, kept
from processes.acts.reading import Reading
from processes.ground.paging import Page, cursor, cut
from processes.lifecycle.options import options_of
from processes.rakor.changes import why_not
from processes.rakor.fingerprint import fingerprint
from processes.register.states import MeetingState
from processes.rights.access import Scope, may, relations_to_case
from processes.rights.visibility import (
    visible_follow_ups,
    visible_invited,
    visible_meetings,
    visible_recommendations,
)
from processes.storage.cases import case_heads
from processes.storage.files import signed_scans
from processes.storage.files.signed_scans import SignedScan
from processes.storage.meetings import covered_rows, meeting_lists, meeting_rows, session_rows
from processes.storage.meetings.covered_rows import Candidate, Wanted
from processes.storage.meetings.meeting_lists import MeetingRow, Seen
from processes.storage.meetings.meeting_rows import Change, Invited, Meeting
from processes.storage.meetings.session_rows import Said
from processes.storage.work import task_rows
from processes.storage.work.task_rows import OpenTask

MESSAGE: Final = "meeting_changed"
"""Name of the message that moves or cancels a rakor."""
PREPARE: Final = "prepare"
"""The task in which a rakor is prepared."""
TIME_ORDERED: Final = 7
"""Version of the ids by which lists are ordered."""
PAGE: Final = 50
MOST: Final = 1_000
"""So many recommendations one rakor covers at most."""
NOT_THERE: Final = say("There is no such thing, or it is not open to you.")


def readable(
    connection: Connection, scope: Scope, id: UUID, act: str = "read_meeting"
) -> tuple[Meeting, frozenset[str]]:
    """A rakor on which the user may do `act`. Raises `NotFound`, `Forbidden`."""
    case = meeting_rows.find(connection, id)
    if case is None:
        raise NotFound(NOT_THERE)
    # The institutions do not matter for a user without an institution.
    codes = case_heads.invited(connection, id) if scope.institutions else ()
    relations = relations_to_case(scope, codes, case.classification)
    may(scope, act, relations)
    return case, relations


# --- choosing, moving ----------------------------------------------------------------------------


@act
def begin(act: Acting, id: UUID, recommendations: Collection[UUID]) -> UUID:
    """Begin a rakor over these recommendations under an id made beforehand; return the id of the
    task that prepares it. A second call begins nothing. Raises `BadInput` with the field
    `recommendations`, `Conflict` if it is prepared already."""
    act.may("start_meeting")
    if id.version != TIME_ORDERED:
        raise NotFound(NOT_THERE)
    case = meeting_rows.find(act.connection, id)
    if case is None:
        chosen = _choosable(act, recommendations)
        instances = [act.engine.new_id()]
        meeting_rows.insert_new(act.connection, id, instances[0], act.by, act.now)
        meeting_rows.cover(act.connection, id, chosen)
        act.engine.start("rakor", {}, str(id), act.by, id=instances[0])
    else:
        readable(act.connection, act.scope, id)
        instances = [case.instance_id] if case.instance_id else []
    waiting = task_rows.of_instances(act.connection, instances)
    first = next((one.id for one in waiting if one.element_id == PREPARE), None)
    if first is None:
        raise Conflict(say("This rakor is prepared already."))
    return first


@act
def choose(act: Acting, id: UUID, recommendations: Collection[UUID]) -> None:
    """Let a rakor that is being prepared cover exactly these recommendations. Those above the
    author's clearance stay as they are. Raises the errors of `begin`."""
    lock(act, id)
    _preparing(act.connection, act.scope, id)
    wanted = _choosable(act, recommendations)
    visible = visible_recommendations(act.scope)
    hidden = covered_rows.hidden(act.connection, id, visible)
    meeting_rows.cover(act.connection, id, [*wanted, *hidden])


def _preparing(connection: Connection, scope: Scope, id: UUID) -> Meeting:
    case, _ = readable(connection, scope, id, "choose_covered")
    if case.state is not MeetingState.PREPARE:
        raise Conflict(say("The invitations of this rakor are written; what it covers stays."))
    return case


def choosable(at: Reading, id: UUID) -> Meeting:
    """A rakor whose recommendations the reader may choose now. Raises the errors of `choose`."""
    return _preparing(at.connection, at.scope, id)


def covered(at: Reading, id: UUID) -> Sequence[UUID]:
    """The recommendations that a rakor covers, for a reader who has found it."""
    return meeting_rows.covered(at.connection, id)


def _choosable(act: Acting, recommendations: Collection[UUID]) -> list[UUID]:
    """Those that the author may choose: open ones that they read. Raises `BadInput`."""
    wanted = set(recommendations)
    if not wanted:
        wrong = say("Please choose at least one recommendation.")
    elif len(wanted) > MOST:
        wrong = say("A rakor covers at most {n} recommendations.", n=MOST)
    else:
        visible = visible_recommendations(act.scope)
        found = covered_rows.open_ones(act.connection, visible, wanted)
        if wanted <= found:
            return sorted(wanted)
        wrong = say("One of these recommendations is not open any more. Please choose again.")
    raise BadInput(wrong, {"recommendations": wrong})


@kept(Received)
def change(act: Acting, id: UUID, answers: Mapping[str, Any]) -> Received:
    """Move or cancel a rakor: a message that the model applies. `answers`: of its form. Raises
    `Conflict` once it was held or has ended, `BadInput` with the fields."""
    lock(act, id)
    _changeable(act.connection, act.scope, id)
    act.engine.deliver(MESSAGE, str(id), answers, wait=False, by=act.by)
    return Received()


def change_form(at: Reading, id: UUID) -> tuple[Meeting, Form, Options]:
    """The rakor, the form of its message and the choices in it, for a reader who may send it.
    Raises the errors of `change`."""
    case = _changeable(at.connection, at.scope, id)
    assert case.instance_id is not None, "only one that was recorded has none"
    program = at.ask.program(at.ask.instance(case.instance_id).definition_id)
    for element in program.elements.values():
        message = element.event.message if element.event else None
        form = program.forms.get(element.properties.get(MESSAGE_FORM, ""))
        if message is not None and message.name == MESSAGE and form is not None:
            return case, form, options_of(at.connection, str(id), form.option_names())
    raise Conflict(say("This rakor runs by a version of the process that cannot be changed."))


def _changeable(connection: Connection, scope: Scope, id: UUID) -> Meeting:
    case, _ = readable(connection, scope, id, "change_meeting")
    if why := why_not(case):
        raise Conflict(why)
    return case


def lock(act: Acting, id: UUID) -> None:
    """Lock the instance of a rakor, if there is one."""
    case = meeting_rows.find(act.connection, id)
    if case is not None and case.instance_id is not None:
        with suppress(NotFound):
            act.lock(case.instance_id)


# --- what is read --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Detail:
    """One rakor. `invited`: its institutions, for a reader of an institution only their own;
    `previous`: the rakor before, where it may be read; `waiting`: the open tasks that the
    reader may see; `said`: the oral statements on follow-ups that the reader may read; `scans`: of
    its signed minutes, oldest first."""

    case: Meeting
    relations: frozenset[str]
    invited: Sequence[Invited]
    changes: Sequence[Change]
    covered: int
    previous: Meeting | None
    waiting: Sequence[OpenTask]
    said: Sequence[Said]
    scans: Sequence[SignedScan]

    @property
    def changeable(self) -> bool:
        """Whether it can be moved or cancelled now."""
        return why_not(self.case) is None

    @property
    def choosable(self) -> bool:
        """Whether what it covers can be chosen now."""
        return self.case.state is MeetingState.PREPARE

    @property
    def fingerprint(self) -> str:
        """Of what its minutes say now."""
        return fingerprint(self.case)


def detail(at: Reading, id: UUID) -> Detail:
    """One rakor for its page. Raises `NotFound`."""
    case, relations = readable(at.connection, at.scope, id)
    return Detail(
        case=case,
        relations=relations,
        invited=own(at.scope, meeting_rows.invited(at.connection, id)),
        changes=meeting_rows.changes(at.connection, id),
        covered=covered_rows.count(at.connection, id, visible_recommendations(at.scope)),
        previous=previous(at, case),
        waiting=_waiting(at, case),
        said=session_rows.said_of_all(at.connection, id, visible_follow_ups(at.scope)),
        scans=signed_scans.of_document(at.connection, id),
    )


def own(scope: Scope, invited: Sequence[Invited]) -> Sequence[Invited]:
    """Those of the institutions of a rakor that the reader may read."""
    if scope.oversees:
        return invited
    return [one for one in invited if one.institution in scope.institutions]


def previous(at: Reading, case: Meeting) -> Meeting | None:
    """The rakor before this one, where the reader may read it."""
    if case.previous_id is None:
        return None
    return meeting_lists.one(at.connection, visible_meetings(at.scope), case.previous_id)


def _waiting(at: Reading, case: Meeting) -> Sequence[OpenTask]:
    """The open tasks of the rakor that this reader may see."""
    if case.instance_id is None:
        return []
    found = task_rows.of_instances(at.connection, [case.instance_id])
    if at.scope.oversees:
        return found
    return [one for one in found if not at.scope.groups.isdisjoint(one.candidate_groups)]


def page(
    at: Reading, *, after: UUID | None = None, before: UUID | None = None, limit: int = PAGE
) -> Page[MeetingRow]:
    """A page of the list, newest first."""
    may(at.scope, "read_meetings")
    place = cursor(after, before)
    seen = Seen(
        visible_meetings(at.scope),
        visible_recommendations(at.scope),
        visible_invited(at.scope),
    )
    found = meeting_lists.page(at.connection, seen, place, limit + 1)
    return cut(found, limit, place)


def candidates(at: Reading, wanted: Wanted, today: date, limit: int) -> Sequence[Candidate]:
    """Open recommendations that a rakor can cover, newest first, narrowed by the choice."""
    may(at.scope, "start_meeting")
    visible = visible_recommendations(at.scope)
    return covered_rows.candidates(at.connection, visible, wanted, today, limit)
