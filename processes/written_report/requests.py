"""Requests for reports, for their readers: the list, and what one request came to.

Owns collecting what a reader may read. Changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection

from engine.sentences.errors import NotFound
from engine.sentences.sentence import say
from engine.time.calendar import Timing
from processes.days.calendars import calendars_of, common_calendar
from processes.ground.paging import PAGE, Page, cursor, cut
from processes.register.report_requests import REQUEST_OPEN, ReportRequestState
from processes.rights.access import Scope, allows, may, relations_to_case
from processes.rights.visibility import visible_follow_ups, visible_parts, visible_requests
from processes.storage.work import task_rows
from processes.storage.work.task_rows import OpenTask
from processes.storage.written_report import request_lists, request_rows, written_report_rows
from processes.storage.written_report.request_lists import Offered
from processes.storage.written_report.request_rows import AskedCase, ReportRequest, RequestPart
from processes.storage.written_report.written_report_rows import WrittenReport
from processes.work import written_again
from processes.written_report import progress_receipts
from processes.written_report.progress_receipts import AboutCase

OFFERED: int = 300
"""Recommendations to choose from; all of them can be asked about without choosing."""


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request in a list. `timing`: how it stands to its date, while anybody owes an answer."""

    request: ReportRequest
    counts: Mapping[ReportRequestState, int]
    timing: Timing | None

    @property
    def id(self) -> UUID:
        """The `after` of the next page when this is the last row."""
        return self.request.id

    @property
    def total(self) -> int:
        """The number of institutions."""
        return sum(self.counts.values())

    @property
    def answered(self) -> int:
        """How many of them have handed in their report."""
        return self.counts.get(ReportRequestState.ANSWERED, 0)

    @property
    def open(self) -> int:
        """How many of them still owe it."""
        return sum(self.counts.get(state, 0) for state in REQUEST_OPEN)


@dataclass(frozen=True, slots=True)
class PartRow:
    """What a request came to with one institution. `task`: open, for whoever may read it;
    `letter`: the report, None while there is none or for whoever may not read it."""

    part: RequestPart
    institution_name: str
    due: date
    timing: Timing | None
    cases: Sequence[AskedCase]
    task: OpenTask | None
    letter: WrittenReport | None
    receipt_number: str | None
    may_drop: bool
    may_remind: bool

    @property
    def id(self) -> UUID:
        """The `after` of the next page when this is the last row."""
        return self.part.id


@dataclass(frozen=True, slots=True)
class RequestPage:
    """One request with a page of its parts."""

    row: RequestRow
    parts: Page[PartRow]
    by: str


def page(
    connection: Connection,
    scope: Scope,
    now: datetime,
    *,
    after: UUID | None = None,
    before: UUID | None = None,
    limit: int = PAGE,
) -> Page[RequestRow]:
    """The requests that the reader may read, the newest first."""
    may(scope, "read_requests")
    at = cursor(after, before)
    found = request_lists.page(connection, visible_requests(scope), at, limit + 1)
    return cut(_rows(connection, scope, found, now), limit, at)


def _rows(
    connection: Connection, scope: Scope, found: Sequence[ReportRequest], now: datetime
) -> list[RequestRow]:
    counts = request_lists.counts(connection, [one.id for one in found], visible_parts(scope))
    found = _of_reader(connection, scope, found)
    calendar = common_calendar(connection)
    rows = [RequestRow(one, counts[one.id], None) for one in found]
    return [
        RequestRow(
            row.request,
            row.counts,
            calendar.timing(calendar.end_of(row.request.deadline), now) if row.open else None,
        )
        for row in rows
    ]


def detail(
    connection: Connection,
    scope: Scope,
    id: UUID,
    now: datetime,
    *,
    after: UUID | None = None,
    before: UUID | None = None,
    limit: int = PAGE,
) -> RequestPage:
    """One request, and who has answered it; an institution sees its own part. Raises
    `NotFound`."""
    request = request_rows.find(connection, id)
    if request is None:
        raise _unknown()
    visible, at = visible_parts(scope), cursor(after, before)
    [row] = _rows(connection, scope, [request], now)
    if not row.total or not _whole(scope, request):
        raise _unknown()
    found = request_lists.parts(connection, id, visible, at, limit + 1)
    parts = _parts(connection, scope, request, found, now)
    return RequestPage(row, cut(parts, limit, at), request.by or "")


@dataclass(frozen=True, slots=True)
class OnePart:
    """One part with its request."""

    request: ReportRequest
    row: PartRow


def one_part(connection: Connection, scope: Scope, part_id: UUID, now: datetime) -> OnePart:
    """One part, for whoever may let its institution off. Raises `NotFound`, `Forbidden`."""
    part = request_rows.part(connection, part_id)
    request = request_rows.find(connection, part.request_id) if part else None
    if part is None or request is None:
        raise _unknown()
    relations = relations_to_case(scope, [part.institution], part.classification)
    may(scope, "report_unasked" if request.unasked else "drop_request", relations)
    [listed] = request_lists.several(connection, [part_id])
    [row] = _parts(connection, scope, request, [listed], now)
    return OnePart(replace(request, classification=part.classification), row)


def _whole(scope: Scope, request: ReportRequest) -> bool:
    """Whether the reader may read what a request asks of all; an institution reads its own part."""
    return not scope.oversees or request.classification in scope.cleared_for


def _of_reader(
    connection: Connection, scope: Scope, found: Sequence[ReportRequest]
) -> list[ReportRequest]:
    """The requests, classified as what the reader sees of them."""
    if scope.oversees:
        return list(found)
    seen = request_lists.highest(connection, [one.id for one in found], visible_parts(scope))
    return [replace(one, classification=seen.get(one.id, one.classification)) for one in found]


def _unknown() -> NotFound:
    return NotFound(say("There is no such thing, or it is not open to you."))


def _parts(
    connection: Connection,
    scope: Scope,
    request: ReportRequest,
    found: Sequence[request_lists.ListedPart],
    now: datetime,
) -> list[PartRow]:
    ids = [one.part.id for one in found]
    cases = request_rows.cases(connection, *ids)
    tasks = task_rows.of_instances(connection, [one.part.instance_id for one in found])
    waiting = {task.instance_id: task for task in tasks}
    letters = {one.part_id: one for one in written_report_rows.of_parts(connection, *ids)}
    calendars = calendars_of(connection, {one.part.institution for one in found})
    rows = []
    for one in found:
        calendar, task = calendars[one.part.institution], waiting.get(one.part.instance_id)
        due_at = task.due_at if task and task.due_at else calendar.end_of(request.deadline)
        letter, is_open = letters.get(one.part.id), one.part.state in REQUEST_OPEN
        relations = relations_to_case(scope, [one.part.institution], one.part.classification)
        act = "report_unasked" if request.unasked else "drop_request"
        readable = letter is not None and letter.classification in scope.cleared_for
        rows.append(
            PartRow(
                part=one.part,
                institution_name=one.institution_name,
                due=calendar.due_date_of(due_at),
                timing=calendar.timing(due_at, now) if is_open else None,
                cases=[case for case in cases if case.part_id == one.part.id],
                task=task,
                letter=letter if readable else None,
                receipt_number=letter.receipt_number if letter else None,
                may_drop=is_open and allows(scope, act, relations),
                may_remind=task is not None and allows(scope, "remind_holder", relations),
            )
        )
    return rows


@dataclass(frozen=True, slots=True)
class Asked:
    """What an institution is asked, beside the form of its letter. `before`: what the letter said
    that its head has not released, as the entries of the form; `about`: what the letter says that
    waits for its head."""

    request: ReportRequest
    cases: Sequence[AskedCase]
    before: Mapping[str, Sequence[str]] = field(default_factory=dict)
    about: Sequence[AboutCase] = ()

    @property
    def due(self) -> Sequence[AskedCase]:
        """The cases about which an answer is owed still."""
        return [one for one in self.cases if one.not_due is None]


def asked_of(connection: Connection, instance_id: UUID, letter: WrittenReport | None) -> Asked:
    """The same for the instance of a task that the reader may read. `letter`: the one that was
    written last, where the reader is to know of it. Raises `NotFound`."""
    part = request_rows.of_instance(connection, instance_id)
    request = request_rows.find(connection, part.request_id) if part else None
    if part is None or request is None:
        raise _unknown()
    asked = Asked(request, request_rows.cases(connection, part.id))
    if letter is None:
        return asked
    said = progress_receipts.about(connection, letter, asked.cases)
    due = {one.follow_up_id for one in asked.due}
    still = [one.answer for one in said if one.answer.follow_up_id in due]
    before = written_again.written_letter(letter, still) if letter.given_back else {}
    return replace(asked, before=before, about=said)


def proposed(asked: Asked) -> Mapping[str, object]:
    """The letter begins with a row for each case that is due, or with what it said before."""
    if asked.before:
        return {name: texts[0] for name, texts in asked.before.items()}
    return {"answers": [{"about": str(one.follow_up_id)} for one in asked.due]}


@dataclass(frozen=True, slots=True)
class Choices:
    """Whom one can ask about what."""

    recommendations: Sequence[Offered]
    institutions: Sequence[tuple[str, str]]


def choices(connection: Connection, scope: Scope) -> Choices:
    """The recommendations that can be asked about, newest first, and the (code, short name) of the
    institutions that owe a report, by name."""
    may(scope, "ask_reports")
    visible = visible_follow_ups(scope)
    return Choices(
        request_lists.offered(connection, visible, OFFERED),
        request_lists.owing(connection, visible),
    )
