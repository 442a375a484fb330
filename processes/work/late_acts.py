"""One act upon many late tasks: remind their holders, or draft letters to their institutions.

Owns the decision, with its reason, and the work of each part. `processes.acts.bulk` carries the
parts out: each is an act of its own, in the name of who decided, and asks the right again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args
from uuid import UUID

from sqlalchemy import Connection

from engine.sentences.errors import BadInput, Conflict, NotFound
from engine.sentences.invisible import is_blank
from engine.sentences.sentence import Sentence, say
from processes.acts import bulk
from processes.acts.acting import Acting, act
from processes.days.calendars import calendar_of
from processes.ground.paging import PAGE, Page
from processes.notices import recipients
from processes.register.states import Fate
from processes.rights.access import Scope, may
from processes.rights.visibility import visible_tasks
from processes.storage import bulk as bulk_rows
from processes.storage.bulk import Count, Part
from processes.storage.notices import reminder_letters
from processes.storage.tables.people import RANKS
from processes.storage.work import board
from processes.storage.work.board import OpenEscalation
from processes.storage.work.bulk_parts import ListedPart
from processes.work import listed_parts, tasks

KIND: Final = "late_tasks"
"""Kind of the act on many."""
What = Literal["remind", "letter"]
WHATS: Final[tuple[What, ...]] = get_args(What)
RIGHTS: Final[Mapping[What, str]] = {"remind": "remind_many", "letter": "draft_letters"}
MOST: Final = 200
"""Tasks of one act: so many can still be checked by whoever decides."""


@act
def decide(act: Acting, what: What, task_ids: Sequence[UUID], reason: str) -> int:
    """Plan an act upon these late tasks; return how many of them still stand escalated. Raises
    `BadInput` with the fields `task` and `reason`."""
    act.may(RIGHTS[what])
    standing = board.of_tasks(act.connection, visible_tasks(act.scope), task_ids[: MOST + 1])
    wrong = _wrong(standing, reason)
    if wrong:
        raise BadInput(say("Please correct the marked fields."), wrong)
    ids = list(dict.fromkeys(one.task.id for one in standing))
    subject, facts = _subject(act.scope), {"what": what}
    bulk.plan(act, KIND, subject, reason.strip(), facts, [(id, {}) for id in ids])
    return len(ids)


def _wrong(standing: Sequence[OpenEscalation], reason: str) -> dict[str, Sentence]:
    wrong: dict[str, Sentence] = {}
    if not standing:
        wrong["task"] = say("Choose at least one late task.")
    if len(standing) > MOST:
        wrong["task"] = say("Choose at most {limit} tasks at a time.", limit=MOST)
    if is_blank(reason):
        wrong["reason"] = say("Write the reason.")
    if len(reason) > tasks.LONGEST_REASON:
        wrong["reason"] = say("Write at most {limit} characters.", limit=tasks.LONGEST_REASON)
    return wrong


def do_part(act: Acting, part: Part) -> None:
    """Remind of one task, or draft one letter, in the name of the person who decided. Raises
    `Forbidden` if that person may not do it any more, `Conflict` if the task is late no more."""
    act.lock_by_task(part.about)
    if part.of.facts["what"] == "remind":
        _standing(act, part.about)
        tasks.remind.within(act, part.about)
    else:
        draft_letter.within(act, part.about)


@act
def draft_letter(act: Acting, task_id: UUID) -> None:
    """Draft a reminder letter about a late task of an institution, for signature. Raises `Conflict`
    if one waits already, or the task is no institution's or late no more."""
    task = tasks.allowed(act, task_id, "send_reminder_letter")
    late = _standing(act, task_id)
    theirs = recipients.institutions_of(task)
    if not theirs or late.task.follow_up_id is None or task.due_at is None:
        raise Conflict(say("Work inside the ministry needs no letter."))
    drafted = reminder_letters.of_tasks(act.connection, [task_id]).get(task_id)
    if drafted is not None and drafted.sent_at is None:
        raise Conflict(say("A letter about this task waits for its signature already."))
    calendar = calendar_of(act.connection, theirs[0])
    reminder_letters.insert_draft(
        act.connection, task_id, act.now, follow_up_id=late.task.follow_up_id,
        escalation_id=late.id, signatory=_signatory(late), level_name=late.level_name,
        task_name=task.name, due=calendar.due_date_of(task.due_at),
        overdue=calendar.timing(task.due_at, act.now).overdue,
    )  # fmt: skip


def _standing(act: Acting, task_id: UUID) -> OpenEscalation:
    found = board.of_tasks(act.connection, visible_tasks(act.scope), [task_id])
    if not found:
        raise Conflict(say("This task is not late any more."))
    return max(found, key=lambda one: one.level)


def _signatory(late: OpenEscalation) -> str:
    """The highest rank that was told; where none was, the lowest one signs."""
    told = {str(person["as"]) for person in late.told}
    return next((rank for rank in reversed(RANKS) if rank in told), RANKS[0])


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the reader's newest act on many is."""

    what: What
    count: Count
    act_id: UUID


def progress(connection: Connection, scope: Scope) -> Progress | None:
    """The state of the reader's newest act upon many late tasks."""
    may(scope, "read_escalations")
    found = bulk_rows.newest(connection, KIND, _subject(scope))
    if found is None:
        return None
    return Progress(found.facts["what"], bulk_rows.count(connection, found.id), found.id)


def parts(
    connection: Connection,
    scope: Scope,
    of: Progress | None,
    fate: Fate | None = None,
    *,
    after: UUID | None = None,
    before: UUID | None = None,
    limit: int = PAGE,
) -> Page[ListedPart]:
    """The tasks of the reader's newest act on many, or those of one `fate`."""
    may(scope, "read_escalations")
    return listed_parts.page(connection, of, fate, after=after, before=before, limit=limit)


def known(word: str) -> What:
    """An act of this word. Raises `NotFound`."""
    for what in WHATS:
        if what == word:
            return what
    raise NotFound(say("There is no such thing, or it is not open to you."))


def _subject(scope: Scope) -> str:
    return f"late:{scope.user_id}"
