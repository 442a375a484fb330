"""What is done to a follow-up outside the tasks of its model: a request for a later deadline, an
oral statement, its kind.

Owns these commands. The request is a message to the model; the others are facts that no element
carries, noted under the lock of the instance.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection

from engine.errors import BadInput, Conflict
from engine.invisible import is_blank
from engine.words import Sentence, say
from processes.access import Scope
from processes.common.own import today_of
from processes.follow_up.decisions import current_deadline
from processes.follow_ups import readable
from processes.service import Service
from processes.storage import follow_up_rows
from processes.storage.facts import add
from processes.storage.follow_up import statement
from processes.storage.follow_up_rows import FollowUp
from processes.vocabulary import ENDED, FOLLOW_UP_KINDS


def request_extension(
    service: Service, scope: Scope, id: UUID, *, deadline: date, reason: str, letter_number: str
) -> None:
    """Ask for a later deadline: a message that the model records. Raises as `check_extension`."""
    check_extension(service, scope, id, deadline=deadline, reason=reason)
    payload = {
        "deadline": deadline.isoformat(),
        "reason": reason.strip(),
        "letter_number": letter_number.strip(),
    }
    service.engine.deliver("extension_requested", str(id), payload, wait=False, by=scope.username)


def check_extension(
    service: Service, scope: Scope, id: UUID, *, deadline: date, reason: str
) -> None:
    """Return if a later deadline may be asked for now.

    Raises `Conflict` while an earlier request is not decided or after the end, `BadInput` with the
    fields `deadline` and `reason`.
    """
    with service.reading() as connection:
        case, _, _ = readable(connection, scope, id, "request_extension")
        pending = follow_up_rows.pending_extension(connection, id)
        today = today_of(connection, service.engine.now_on(connection))
    if case.status in ENDED:
        raise Conflict(say("This follow-up has ended; there is no deadline to move."))
    if pending is not None:
        raise Conflict(say("Your earlier request has not been decided yet."))
    _check_request(case, deadline, reason, today)


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
    """Something said in a meeting or by telephone; `said_on` None: what was typed is no date."""

    text: str
    said_by: str
    said_on: date | None
    occasion: str = ""


def record_statement(service: Service, scope: Scope, id: UUID, said: Said) -> None:
    """Note an oral statement; it stays marked as unconfirmed. Raises `BadInput`."""
    with service.reading() as connection:
        case, _, _ = readable(connection, scope, id, "record_statement")
        today = today_of(connection, service.engine.now_on(connection))
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

    def write(connection: Connection, at: datetime) -> None:
        add(
            connection,
            statement,
            follow_up_id=id,
            text=said.text.strip(),
            said_by=said.said_by.strip(),
            said_on=said.said_on,
            occasion=said.occasion.strip() or None,
            at=at,
            by=scope.username,
        )

    service.engine.note(case.instance_id, "statement", scope.username, {}, write)


def set_kind(service: Service, scope: Scope, id: UUID, kind: str) -> None:
    """Say what sort of work a follow-up is. Raises `BadInput` for an unknown kind."""
    with service.reading() as connection:
        case, _, _ = readable(connection, scope, id, "set_follow_up_kind")
    if kind not in FOLLOW_UP_KINDS:
        sentence = say("Choose one of the offered values.")
        raise BadInput(sentence, {"kind": sentence})

    def write(connection: Connection, _at: datetime) -> None:
        follow_up_rows.set_columns(connection, id, kind=kind)

    service.engine.note(case.instance_id, "kind", scope.username, {"kind": kind}, write)
