"""Acts on a follow-up outside the tasks of its model: a request for a later deadline, an oral
statement, its kind.

Owns these acts. The request is a message to the model. The others are facts that no element
records, noted in the history of the instance.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection
from uuid_utils.compat import uuid7

from engine.later.repairs import Received
from engine.sentences.errors import BadInput, Conflict, NotFound
from engine.sentences.invisible import is_blank
from engine.sentences.sentence import Sentence, say
from processes.acts.acting import Acting, act, kept
from processes.cases.follow_up.follow_ups import readable
from processes.follow_up.decisions import current_deadline
from processes.lifecycle.own_case import today_of
from processes.register.states import ENDED
from processes.register.vocabulary import FOLLOW_UP_KINDS
from processes.rights.access import Scope
from processes.storage.cases import follow_up_rows
from processes.storage.cases.follow_up_detail import Statement, statements
from processes.storage.cases.follow_up_rows import FollowUp


@kept(Received)
def request_extension(
    act: Acting, id: UUID, *, deadline: date, reason: str, letter_number: str
) -> Received:
    """Ask for a later deadline: a message that the model records. Raises the errors of
    `check_extension`."""
    locked(act, id)
    check_extension(act.connection, act.scope, id, deadline=deadline, reason=reason, now=act.now)
    payload = {
        "deadline": deadline.isoformat(),
        "reason": reason.strip(),
        "letter_number": letter_number.strip(),
    }
    act.engine.deliver("extension_requested", str(id), payload, wait=False, by=act.by)
    return Received()


def check_extension(
    connection: Connection, scope: Scope, id: UUID, *, deadline: date, reason: str, now: datetime
) -> None:
    """Return if the user may ask for a later deadline now.

    Raises `Conflict` while an earlier request is undecided or after the end, `BadInput` with the
    fields `deadline` and `reason`.
    """
    case, _, _ = readable(connection, scope, id, "request_extension")
    if case.status in ENDED:
        raise Conflict(say("This follow-up has ended; there is no deadline to move."))
    if follow_up_rows.pending_extension(connection, id) is not None:
        raise Conflict(say("Your earlier request has not been decided yet."))
    _check_request(case, deadline, reason, today_of(connection, now))


def _check_request(case: FollowUp, deadline: date, reason: str, today: date) -> None:
    wrong: dict[str, Sentence] = {}
    if deadline <= max(today, current_deadline(case)):
        wrong["deadline"] = say("The new deadline must be later than the present one.")
    if is_blank(reason):
        wrong["reason"] = say("Write the reason.")
    if wrong:
        raise BadInput(say("Please correct the marked fields."), wrong)


@dataclass(frozen=True, slots=True)
class Said:
    """An oral statement in a meeting or by telephone; `said_on` None: the typed text is no date."""

    text: str
    said_by: str
    said_on: date | None
    occasion: str = ""


@act
def record_statement(act: Acting, id: UUID, said: Said) -> UUID:
    """Note an oral statement; it stays marked as unconfirmed. Return its id. Raises `BadInput`."""
    case = locked(act, id)
    readable(act.connection, act.scope, id, "record_statement")
    _check_said(said, today_of(act.connection, act.now))
    assert said.said_on is not None, "it was checked"
    statement = Statement(
        id=uuid7(),
        follow_up_id=id,
        text=said.text.strip(),
        said_by=said.said_by.strip(),
        said_on=said.said_on,
        occasion=said.occasion.strip() or None,
        at=act.now,
        by=act.by,
    )
    statements.add(act.connection, statement)
    act.engine.note(case.instance_id, "statement", act.by, {})
    return statement.id


def _check_said(said: Said, today: date) -> None:
    wrong: dict[str, Sentence] = {}
    if is_blank(said.text):
        wrong["text"] = say("Write what was said.")
    if is_blank(said.said_by):
        wrong["said_by"] = say("Write who said it.")
    if said.said_on is None:
        wrong["said_on"] = say("Please write a date, for example 31/12/2026.")
    elif said.said_on > today:
        wrong["said_on"] = say("This date lies in the future.")
    if wrong:
        raise BadInput(say("Please correct the marked fields."), wrong)


@act
def set_kind(act: Acting, id: UUID, kind: str) -> None:
    """Set the kind of work of a follow-up. Raises `BadInput` for an unknown kind."""
    case = locked(act, id)
    readable(act.connection, act.scope, id, "set_follow_up_kind")
    if kind not in FOLLOW_UP_KINDS:
        sentence = say("Choose one of the offered values.")
        raise BadInput(sentence, {"kind": sentence})
    follow_up_rows.change(act.connection, id, act.now, kind=kind)
    act.engine.note(case.instance_id, "kind", act.by, {"kind": kind})


def locked(act: Acting, id: UUID) -> FollowUp:
    """The follow-up, its instance locked. Raises `NotFound`."""
    case = follow_up_rows.find(act.connection, id)
    if case is None:
        raise NotFound(say("There is no such thing, or it is not open to you."))
    act.lock(case.instance_id)
    return case
