"""Agreements and directives of rakor as people read them: who owes what, from which rakor.

Every question takes the `Scope`. Changes nothing: the process writes what becomes of each
(`processes.agreement`), the page of the meeting what is settled (`processes.meetings.in_session`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from engine.sentences.errors import NotFound
from engine.sentences.sentence import say
from engine.time.calendar import Calendar, Timing
from processes.acts.acting import Acting, act
from processes.acts.reading import Reading
from processes.days.calendars import calendar_of, common_calendar
from processes.ground.paging import PAGE, Page, cursor, cut
from processes.rights import audit
from processes.rights.access import Scope, allows, may, relations_to_case
from processes.rights.visibility import visible_agreements
from processes.storage.cases import case_heads
from processes.storage.cases.case_heads import CaseHead
from processes.storage.meetings import agreement_lists, fulfilments
from processes.storage.meetings.agreement_lists import ListedAgreement, Wanted
from processes.storage.meetings.fulfilments import AgreementFile, Check, Fulfilment
from processes.storage.people import users
from processes.storage.work import task_rows
from processes.storage.work.task_rows import OpenTask
from processes.work.inbox import relations_of

EVERYTHING = Wanted()


@dataclass(frozen=True, slots=True)
class OwedRow:
    """One of what is owed. `timing`: how it stands to its deadline."""

    listed: ListedAgreement
    timing: Timing

    @property
    def id(self) -> UUID:
        """The `after` of the next page when this is the last row."""
        return self.listed.id


def page(
    at: Reading,
    wanted: Wanted = EVERYTHING,
    *,
    late: bool = False,
    after: UUID | None = None,
    before: UUID | None = None,
    limit: int = PAGE,
) -> Page[OwedRow]:
    """What the reader may see of what is owed, nearest deadline first; `late`: only what is past
    its deadline."""
    may(at.scope, "read_agreements")
    connection, calendar = at.connection, common_calendar(at.connection)
    today = calendar.today(at.now) if late else None
    narrowed = Wanted(wanted.institution, wanted.meeting_id, today)
    place, visible = cursor(after, before), visible_agreements(at.scope)
    found = agreement_lists.owed(connection, visible, narrowed, place, limit + 1)
    return cut([OwedRow(one, _timing(one, calendar, at.now)) for one in found], limit, place)


def _timing(listed: ListedAgreement, calendar: Calendar, now: datetime) -> Timing:
    assert listed.found.deadline is not None, "what is owed has a deadline"
    return calendar.timing(calendar.end_of(listed.found.deadline), now)


def holders(at: Reading) -> list[tuple[str, str]]:
    """(code, short name) of the institutions that owe something the reader may see."""
    may(at.scope, "read_agreements")
    return agreement_lists.holders(at.connection, visible_agreements(at.scope))


@dataclass(frozen=True, slots=True)
class Written:
    """An agreement with what was written about it. `about`: what it was settled about, if the
    reader may read that; `files`: by fulfilment; `people`: username -> name."""

    listed: ListedAgreement
    about: CaseHead | None
    fulfilments: Sequence[Fulfilment]
    files: Mapping[UUID, Sequence[AgreementFile]]
    checks: Sequence[Check]
    people: Mapping[str, str]


def written(at: Reading, id: UUID) -> Written:
    """What was settled, how it was fulfilled, and what was found of it. Raises `NotFound`."""
    connection, listed = at.connection, readable(at.connection, at.scope, id)
    done = fulfilments.fulfilments(connection, id)
    checks = fulfilments.checks(connection, id)
    names = {one.by for one in done} | {one.by for one in checks}
    names |= {one.decided_by for one in checks}
    known = [name for name in names if name]
    return Written(
        listed=listed,
        about=_about(at, listed.found.follow_up_id),
        fulfilments=done,
        files=fulfilments.files_of(connection, done),
        checks=checks,
        people=users.names_of(connection, known) if known else {},
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    """What an agreement waits for. `yours`: the reader may do it; `holder`: the name of who has
    it, empty while it is only offered."""

    task: OpenTask
    timing: Timing | None
    holder: str
    yours: bool


def waiting(at: Reading, found: Written) -> Waiting | None:
    """The open task of an agreement; None after its end."""
    agreed = found.listed.found
    open_tasks = task_rows.of_instances(at.connection, [agreed.instance_id])
    if not open_tasks:
        return None
    task = open_tasks[0]
    calendar = (
        calendar_of(at.connection, agreed.institution)
        if agreed.institution
        else common_calendar(at.connection)
    )
    name = task.assignee or ""
    return Waiting(
        task,
        calendar.timing(task.due_at, at.now) if task.due_at else None,
        users.names_of(at.connection, [name]).get(name, name) if name else "",
        _able(at.scope, task),
    )


def _able(scope: Scope, task: OpenTask) -> bool:
    return allows(scope, "complete_task", relations_of(scope, task))


def _about(at: Reading, follow_up_id: UUID | None) -> CaseHead | None:
    head = case_heads.of_follow_up(at.connection, follow_up_id) if follow_up_id else None
    if head is None or head.institution is None:
        return None
    reads = relations_to_case(at.scope, [head.institution], head.classification)
    return head if reads else None


def readable(
    connection: Connection, scope: Scope, id: UUID, wanted: str = "read_agreement"
) -> ListedAgreement:
    """The agreement, for a reader who may do `wanted` with it. Raises `NotFound`, `Forbidden`."""
    listed = agreement_lists.one(connection, visible_agreements(scope), id)
    if listed is None:
        raise NotFound(say("There is no such thing, or it is not open to you."))
    held_by = [listed.found.institution] if listed.found.institution else []
    may(scope, wanted, relations_to_case(scope, held_by, listed.classification))
    return listed


def of_follow_up(at: Reading, follow_up_id: UUID) -> list[ListedAgreement]:
    """What was settled about a follow-up, as far as the reader may see it."""
    visible = visible_agreements(at.scope)
    return agreement_lists.of_follow_up(at.connection, visible, follow_up_id)


def of_meeting(at: Reading, meeting_id: UUID) -> list[ListedAgreement]:
    """What was settled in a rakor, as far as the reader may see it."""
    return agreement_lists.of_meetings(at.connection, visible_agreements(at.scope), [meeting_id])


def left_open(at: Reading, meeting_id: UUID) -> list[ListedAgreement]:
    """What a rakor settled and somebody still owes: with it the next one opens."""
    return agreement_lists.of_meetings(
        at.connection, visible_agreements(at.scope), [meeting_id], only_owed=True
    )


@act
def read_file(act: Acting, file_id: UUID, *, address: str) -> AgreementFile:
    """The facts of a file that the user is about to read; the read is recorded in the audit. Raises
    `NotFound`."""
    found = fulfilments.file_by_id(act.connection, file_id)
    if found is None:
        raise NotFound(say("There is no such thing, or it is not open to you."))
    file, agreement_id = found
    readable(act.connection, act.scope, agreement_id)
    audit.record(
        act.connection, act.by, "read_agreement_file", f"agreement_file:{file_id}", now=act.now,
        address=address, details={"sha256": file.sha256, "agreement": str(agreement_id)},
    )  # fmt: skip
    return file
