"""Asking institutions for official written reports on progress, and letting them off again.

Owns these acts. Asking is decided once, as one row with a part for each institution; the parts are
carried out one by one (`processes.acts.bulk`), in the name of whoever asked. An institution may
begin a report unasked.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from engine.sentences.errors import BadInput, Conflict, Forbidden, NotFound
from engine.sentences.invisible import is_blank
from engine.sentences.sentence import Sentence, say
from engine.storage import numbers
from processes.acts import bulk
from processes.acts.acting import Acting, act
from processes.days.calendars import calendar_of, common_calendar
from processes.lifecycle.numbers import Series, written
from processes.lifecycle.owed_reports import DROPPED
from processes.register.report_requests import (
    OWES_PROGRESS,
    REQUEST_OPEN,
    NotDue,
    ReportRequestState,
    RequestDeed,
)
from processes.register.states import Stage
from processes.register.vocabulary import CLASSIFICATIONS, Classification
from processes.rights.access import Scope, may, relations_to_case
from processes.rights.visibility import visible_follow_ups
from processes.storage.bulk import Part
from processes.storage.cases import case_heads, follow_up_rows
from processes.storage.work import task_rows
from processes.storage.written_report import request_lists, request_rows
from processes.storage.written_report.request_lists import Askable
from processes.storage.written_report.request_rows import AskedCase, ReportRequest, RequestPart

KIND: Final = "ask_reports"
"""Kind of the act on many."""
PROCESS: Final = "written_report"
MOST: Final = 3_000
"""Follow-ups of one request."""
LONGEST: Final = 5_000
LONGEST_WORDS: Final = 200
WORKING_DAYS: Final = 10
"""So long a report that nobody asked for may take before its institution is reminded of it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of whom. No recommendation or no institution chosen: all of them. A date is
    None where what was typed is none."""

    subject: str
    text: str
    letter_number: str
    letter_date: date | None
    deadline: date | None
    recommendations: Collection[UUID] = field(default_factory=frozenset)
    institutions: Collection[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom a request reaches: code -> the follow-ups that it asks about."""

    asked: Mapping[str, Sequence[Askable]]

    @property
    def cases(self) -> int:
        """The number of follow-ups."""
        return sum(len(found) for found in self.asked.values())

    @property
    def names(self) -> Sequence[str]:
        """The short names of the institutions, in order."""
        return sorted(found[0].institution_name for found in self.asked.values())

    @property
    def recommendations(self) -> int:
        """The number of recommendations."""
        return len({one.recommendation_id for found in self.asked.values() for one in found})

    @property
    def classification(self) -> Classification:
        """The highest of the recommendations asked about."""
        return _highest([one for of in self.asked.values() for one in of])


def _highest(cases: Sequence[Askable]) -> Classification:
    return max((one.classification for one in cases), key=CLASSIFICATIONS.index)


def check(connection: Connection, scope: Scope, wanted: Wanted, now: datetime) -> Reach:
    """Whom the request would reach. Raises `BadInput` with the fields `subject`, `text`,
    `letter_number`, `letter_date`, `deadline` and `recommendation`."""
    may(scope, "ask_reports")
    wrong = _wrong(wanted, common_calendar(connection).today(now))
    found = request_lists.askable(
        connection, visible_follow_ups(scope), wanted.recommendations, wanted.institutions, MOST + 1
    )
    if not found:
        wrong["recommendation"] = say("Nobody chosen here still owes a report on progress.")
    if len(found) > MOST:
        wrong["recommendation"] = say("Choose at most {limit} follow-ups at a time.", limit=MOST)
    if wrong:
        raise BadInput(say("Please correct the marked fields."), wrong)
    asked: dict[str, list[Askable]] = {}
    for one in found:
        asked.setdefault(one.institution, []).append(one)
    return Reach(asked)


def _wrong(wanted: Wanted, today: date) -> dict[str, Sentence]:
    wrong: dict[str, Sentence] = {}
    for name, limit in (("subject", LONGEST_WORDS), ("letter_number", 100), ("text", LONGEST)):
        typed = getattr(wanted, name)
        if is_blank(typed):
            wrong[name] = say("Please fill in this field.")
        elif len(typed) > limit:
            wrong[name] = say("Write at most {limit} characters.", limit=limit)
    for name in ("letter_date", "deadline"):
        if getattr(wanted, name) is None:
            wrong[name] = say("Please write a date, for example 31/12/2026.")
    if wanted.letter_date is not None and wanted.letter_date > today:
        wrong["letter_date"] = say("This date lies in the future.")
    if wanted.deadline is not None and wanted.deadline <= today:
        wrong["deadline"] = say("This date must lie in the future.")
    return wrong


@act
def ask(act: Acting, wanted: Wanted) -> UUID:
    """Ask for reports; return the id of the request. Raises the errors of `check`."""
    act.may("ask_reports")
    reach = check(act.connection, act.scope, wanted, act.now)
    assert wanted.deadline is not None, "it was checked"
    request = ReportRequest(
        id=act.engine.new_id(),
        number=_number(act),
        unasked=False,
        letter_number=wanted.letter_number.strip(),
        letter_date=wanted.letter_date,
        subject=wanted.subject.strip(),
        text=wanted.text.strip(),
        deadline=wanted.deadline,
        classification=reach.classification,
        at=act.now,
        by=act.by,
    )
    parts = _insert(act, request, reach.asked, ReportRequestState.SENDING)
    subject = f"report_request:{request.id}"
    bulk.plan(act, KIND, subject, request.subject, {}, [(one.id, {}) for one in parts])
    act.record(
        "ask_reports", subject,
        number=request.number, institutions=len(parts), follow_ups=reach.cases,
    )  # fmt: skip
    return request.id


def _number(act: Acting) -> str:
    year = common_calendar(act.connection).today(act.now).year
    series = Series.REPORT_REQUEST
    drawn = numbers.next_number(
        act.service.engine.database, act.connection, series.name.lower(), year
    )
    return written(series, year, drawn)


def _insert(
    act: Acting,
    request: ReportRequest,
    asked: Mapping[str, Sequence[Askable]],
    state: ReportRequestState,
) -> list[RequestPart]:
    parts = [
        RequestPart(
            id=act.engine.new_id(),
            request_id=request.id,
            institution=code,
            instance_id=act.engine.new_id(),
            recommendation_id=cases[0].recommendation_id,
            follow_up_id=cases[0].follow_up_id,
            classification=_highest(cases),
            state=state,
            state_since=act.now,
        )
        for code, cases in sorted(asked.items())
    ]
    rows = [(part.id, one.follow_up_id) for part in parts for one in asked[part.institution]]
    request_rows.insert_request(act.connection, request)
    request_rows.insert_parts(act.connection, parts, rows)
    return parts


def send(act: Acting, part: Part) -> None:
    """Start the process of one institution, in the name of who asked. What it reports on is locked
    first, so of an end and of the request one comes first. Raises `Forbidden` if that person may
    not ask any more, `Conflict` if it was sent or dropped already."""
    asked = request_rows.cases(act.connection, part.about)
    for case in sorted(asked, key=lambda one: one.instance_id):
        act.lock(case.instance_id)
    act.may("ask_reports")
    found, request = _part(act, part.about)
    if found.classification not in act.scope.cleared_for:
        raise Forbidden(say("Your role does not include this."))
    if found.state is not ReportRequestState.SENDING:
        raise Conflict(say("This request was sent or dropped already."))
    due = _still_due(act, found)
    if not due:
        request_rows.move(act.connection, found, RequestDeed.DROP, act.now)
        return
    _start(act, found, request, due)


def _start(
    act: Acting, part: RequestPart, request: ReportRequest, due: Sequence[AskedCase]
) -> None:
    if part.state is ReportRequestState.SENDING:
        request_rows.move(act.connection, part, RequestDeed.SEND, act.now)
    act.engine.start(PROCESS, {}, str(part.id), act.by, id=part.instance_id)
    noted = {"number": request.number, "deadline": request.deadline.isoformat()}
    kind = "report_unasked" if request.unasked else "report_asked"
    for case in due:
        act.engine.note(case.instance_id, kind, act.by, noted)


def _still_due(act: Acting, part: RequestPart) -> list[AskedCase]:
    """The cases that still owe an answer, each held until the transaction ends; those that have
    ended since the request was decided are let off."""
    due = [one for one in request_rows.cases(act.connection, part.id) if one.not_due is None]
    stages = follow_up_rows.held_stages(act.connection, [one.follow_up_id for one in due])
    for one in due:
        stage = stages[one.follow_up_id]
        if stage not in OWES_PROGRESS:
            why = ENDED_AS.get(stage, NotDue.FINAL_REPORT)
            request_rows.release(
                act.connection, [part.id], why, act.now, follow_up_id=one.follow_up_id
            )
    return [one for one in due if stages[one.follow_up_id] in OWES_PROGRESS]


ENDED_AS: Final[Mapping[Stage, NotDue]] = {
    Stage.CLOSED: NotDue.CLOSED,
    Stage.WITHDRAWN: NotDue.WITHDRAWN,
    Stage.CARRIED_OVER: NotDue.CARRIED_OVER,
}


@act
def drop(act: Acting, part_id: UUID, reason: str) -> None:
    """Let an institution off: its request is dropped. An institution gives up what it began itself.
    Raises `NotFound`, `Conflict` if it has answered, `BadInput` with the field `reason`."""
    found, request = _part(act, part_id)
    if found.state is ReportRequestState.ASKED:
        act.lock(found.instance_id)
    relations = relations_to_case(act.scope, [found.institution], found.classification)
    act.may("report_unasked" if request.unasked else "drop_request", relations)
    found, request = _part(act, part_id)
    if found.state not in REQUEST_OPEN:
        raise Conflict(say("This request was answered or dropped already."))
    wrong = _wrong_reason(reason)
    if wrong is not None:
        raise BadInput(say("Please correct the marked fields."), {"reason": wrong})
    request_rows.release(act.connection, [part_id], NotDue.LET_OFF, act.now)
    request_rows.say_why(act.connection, part_id, reason.strip(), act.by)
    if found.state is ReportRequestState.SENDING:
        request_rows.move(act.connection, found, RequestDeed.DROP, act.now)
    else:
        act.engine.deliver(DROPPED, str(part_id), {}, wait=False, by=act.by)
    act.record(
        "drop_request", f"report_request:{request.id}",
        institution=found.institution, reason=reason.strip(),
    )  # fmt: skip


def _wrong_reason(reason: str) -> Sentence | None:
    if is_blank(reason):
        return say("Write the reason.")
    if len(reason) > LONGEST:
        return say("Write at most {limit} characters.", limit=LONGEST)
    return None


@act
def begin_unasked(act: Acting, follow_up_ids: Collection[UUID]) -> UUID:
    """Begin a report that nobody asked for, about follow-ups of one institution; return the id of
    its task. Raises `NotFound`, `Forbidden`, `Conflict` where no report on progress is due, and
    `BadInput` with the field `case` for cases of several institutions."""
    cases = [_reportable(act, id) for id in sorted(set(follow_up_ids))]
    codes = {one.institution for one in cases}
    if len(codes) != 1:
        wrong = say("Choose follow-ups of one institution.")
        raise BadInput(wrong, {"case": wrong})
    [code] = codes
    calendar = calendar_of(act.connection, code)
    reach = Reach({code: cases})
    request = ReportRequest(
        id=act.engine.new_id(),
        number=_number(act),
        unasked=True,
        letter_number=None,
        letter_date=None,
        subject=_own_subject(act, cases),
        text="",
        deadline=calendar.add(calendar.today(act.now), WORKING_DAYS),
        classification=reach.classification,
        at=act.now,
        by=act.by,
    )
    [part] = _insert(act, request, reach.asked, ReportRequestState.ASKED)
    _start(act, part, request, _still_due(act, part))
    [task] = task_rows.of_instances(act.connection, [part.instance_id])
    return task.id


def _reportable(act: Acting, id: UUID) -> Askable:
    """A follow-up of the author's institution, locked."""
    found = follow_up_rows.find(act.connection, id)
    if found is None:
        raise NotFound(say("There is no such thing, or it is not open to you."))
    act.lock(found.instance_id)
    head = case_heads.of_follow_up(act.connection, id)
    assert head is not None and head.institution is not None, "it was found"
    act.may("report_unasked", relations_to_case(act.scope, [head.institution], head.classification))
    if head.status not in OWES_PROGRESS:
        raise Conflict(say("The final report is in, or the follow-up has ended."))
    return Askable(
        id, found.instance_id, head.recommendation, head.institution,
        head.institution_name or head.institution, head.classification,
    )  # fmt: skip


def _own_subject(act: Acting, cases: Sequence[Askable]) -> str:
    head = case_heads.of_follow_up(act.connection, cases[0].follow_up_id)
    assert head is not None, "it was found"
    return head.title


def _part(act: Acting, id: UUID) -> tuple[RequestPart, ReportRequest]:
    found = request_rows.part(act.connection, id)
    request = request_rows.find(act.connection, found.request_id) if found else None
    if found is None or request is None:
        raise NotFound(say("There is no such thing, or it is not open to you."))
    return found, request
