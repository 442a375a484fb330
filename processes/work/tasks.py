"""The acts of people on tasks: complete, claim, pass on, remind, move the deadline.

Each act locks the case, asks `processes.rights.access` for the right, and then calls the engine,
which checks whether the act is possible in the present state.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection
from uuid_utils.compat import uuid7

from engine.later.repairs import Received
from engine.ports.handlers import Refusal
from engine.records.states import TaskStatus
from engine.sentences.errors import BadInput, Conflict
from engine.sentences.invisible import is_blank
from engine.sentences.sentence import Sentence, say
from engine.storage.cases import worklist
from engine.storage.cases.worklist import Task
from processes.acts.acting import Acting, act, kept
from processes.days.calendars import common_calendar
from processes.files import named_files
from processes.notices import recipients
from processes.notices.about import calendar_for, lateness_of, of_task
from processes.notices.texts import letters
from processes.register.states import ExtensionDecision
from processes.rights import groups
from processes.rights.access import Scope, allows
from processes.rights.scope import cleared
from processes.storage.cases import case_heads, follow_up_rows, recommendation_rows
from processes.storage.cases.case_heads import CaseHead
from processes.storage.cases.follow_up_detail import Extension, extensions
from processes.storage.cases.follow_up_rows import FollowUp
from processes.storage.notices import mail_rows
from processes.storage.people.users import User
from processes.storage.work import task_rows
from processes.storage.work.task_rows import OpenTask
from processes.work import judging, receipts, task_drafts, written_again
from processes.work.inbox import in_case, task_access, task_and_access

LONGEST_REASON: Final = 2_000
"""Characters of the reason with which a task goes to somebody else."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of completing a task. `incident`: the answers were received and wait for a repair.
    Else `next`: the tasks for which the case waits now, and `receipt_number`: of a report just
    handed in."""

    incident: UUID | None
    next: Sequence[OpenTask] = ()
    receipt_number: str | None = None


@kept(Outcome)
def complete(
    act: Acting, task_id: UUID, answers: Mapping[str, Any], *, request_id: str | None = None
) -> Outcome:
    """Complete a task with the answers of its form; a repeated request id changes nothing.

    Raises `NotFound`, `Forbidden`, `Conflict` (who was faster, when), `BadInput` (fields).
    """
    hand_in.within(act, task_id, answers, request_id=request_id)
    task_drafts.keep_sent(act, task_id, answers)
    task = worklist.get(act.connection, task_id)
    following = task_rows.of_instances(act.connection, [task.instance_id])
    receipt = receipts.of_task(act.connection, task, _head(act.connection, task))
    return Outcome(None, following, receipt)


@kept(Received)
def hand_in(
    act: Acting, task_id: UUID, answers: Mapping[str, Any], *, request_id: str | None = None
) -> Received:
    """The same, without reading the result."""
    task = allowed(act, task_id, "complete_task")
    if task.status == TaskStatus.OPEN:  # sent again, its files are handed in already
        _check_files(act, task_id, answers)
    act.engine.complete(task_id, answers, act.by, request_id=request_id)
    if judging.releases(task) and task.status == TaskStatus.OPEN:
        _send_back(act, task)
    return Received()


def _send_back(act: Acting, task: Task) -> None:
    """A report that was not released is written again, from what it said, by who has written it."""
    report = judging.written_last(act.connection, task, _head(act.connection, task))
    if report is not None and report.given_back:
        written_again.go_on_with(act, task.instance_id, report, report.by)


def _check_files(act: Acting, task_id: UUID, answers: Mapping[str, Any]) -> None:
    form, options = act.service.engine.once(act.connection).form(task_id)
    if form is not None and named_files.takes_files(form):
        named_files.check(act, form, form.read(answers, options=options).values)


@act
def claim(act: Acting, task_id: UUID) -> None:
    """Take an open task that nobody has; what whoever gave it back has typed comes along."""
    before = allowed(act, task_id, "claim_task")
    judging.refuse_unread(act.connection, act.scope, before, _head(act.connection, before))
    act.engine.claim(task_id, act.by)
    task_drafts.take_up(act, before)


@act
def give_back(act: Acting, task_id: UUID) -> None:
    """Give back a task to everybody to whom it was offered."""
    task = allowed(act, task_id, "complete_task")
    if task.assignee is not None:
        act.engine.assign(task_id, None, act.by)


@act
def pass_on(act: Acting, task_id: UUID, to: str, reason: str = "") -> None:
    """Hand a task to a colleague: by whoever has it, the institution's leadership, or a
    supervisor. Only somebody it was offered to may get it, so that it stays in its institution.
    What its holder has typed goes along.

    Raises `BadInput` with the field `to` or `reason`.
    """
    act.lock_by_task(task_id)
    if len(reason.strip()) > LONGEST_REASON:
        wrong = say("Write at most {limit} characters.", limit=LONGEST_REASON)
        raise BadInput(wrong, {"reason": wrong})
    relations = task_access(act.connection, act.scope, task_id)
    delegates = allows(act.scope, "delegate_task", relations)
    act.may("delegate_task" if delegates else "reassign_task", relations)
    possible = colleagues(act.connection, act.scope, task_id)
    if to not in {user.username for user in possible}:
        wrong = say("Choose one of the people this task was offered to.")
        raise BadInput(say("Please correct the marked fields."), {"to": wrong})
    before = worklist.get(act.connection, task_id)
    act.engine.assign(task_id, to, act.by, reason)
    task_drafts.hand_on(act, before, to)


def colleagues(connection: Connection, scope: Scope, task_id: UUID) -> list[User]:
    """The people to whom a task can be passed on: active, among its candidates, with the right to
    read its case and the report it is about, by name. Its holder is left out: the assignee, or the
    user who could take it. Raises `NotFound`."""
    task = worklist.get(connection, task_id)
    head, _ = in_case(connection, scope, task)
    report = judging.report_of(connection, task, head)
    drafter = judging.drafter(task, report)
    return to_pass_on(connection, scope, task, judging.secrecy(report, head), drafter)


def to_pass_on(
    connection: Connection, scope: Scope, task: Task, secrecy: str, drafter: str | None
) -> list[User]:
    """The same for a task that its reader has; `secrecy`: what one must be cleared for to have
    it; `drafter`: who has written what it releases, and never has it."""
    never = (task.assignee or scope.username, drafter)
    offered = recipients.offered_to(connection, task)
    return [user for user in offered if cleared(user, secrecy) and user.username not in never]


@dataclass(frozen=True, slots=True)
class CaseDeadlines:
    """The deadlines around a task of an institution's own work: of its follow-up, and of the
    recommendation, which other institutions share."""

    follow_up: FollowUp
    recommendation: date | None

    @property
    def counts(self) -> date:
        """The date the institution works towards: that of returned work, else the follow-up's."""
        return self.follow_up.rework_deadline or self.follow_up.deadline

    def refusal(self, due: date) -> Sentence:
        """Why a task is not moved beyond its follow-up by the way."""
        if self.recommendation is None or due <= self.recommendation:
            return say(
                "The follow-up is due on {day}. Tick this to move it along, or choose an earlier "
                "date.",
                day=self.counts,
            )
        return say(
            "The follow-up is due on {day}, and the recommendation on {last}. Tick this to move "
            "the follow-up past the recommendation's deadline, or choose an earlier date.",
            day=self.counts,
            last=self.recommendation,
        )


def case_deadlines(
    connection: Connection, task: Task, head: CaseHead | None
) -> CaseDeadlines | None:
    """The deadlines that a later one of this task may touch; None of work that is nobody's own."""
    of_case = head is not None and head.request_id is None
    if head is None or head.follow_up_id is None or not of_case or not _of_institution(task):
        return None
    found = follow_up_rows.find(connection, head.follow_up_id)
    whole = recommendation_rows.find(connection, head.recommendation)
    return CaseDeadlines(found, whole.deadline if whole else None) if found else None


@act
def extend(
    act: Acting, task_id: UUID, due: date | None, reason: str, *, case_too: bool = False
) -> None:
    """Move the deadline of an open task. Of an institution's own work `case_too` moves the
    follow-up's deadline along where it would come before the task's; that is never done unsaid.
    `due` None: what was typed is no date.

    Raises `BadInput` with the fields `due`, `reason` and `case_too`.
    """
    task = allowed(act, task_id, "extend_deadline")
    wrong = _wrong_extension(act, task, due, reason)
    around = case_deadlines(act.connection, task, _head(act.connection, task))
    beyond = around if around and due and due > around.counts else None
    if beyond and due and not case_too and task.status == "open" and "due" not in wrong:
        wrong["case_too"] = beyond.refusal(due)
    if wrong or due is None:
        raise BadInput(say("Please correct the marked fields."), wrong)
    act.engine.extend(task_id, due, reason.strip(), act.by)
    if beyond:
        _extend_case(act, beyond.follow_up, due, reason.strip())


def _wrong_extension(act: Acting, task: Task, due: date | None, reason: str) -> dict[str, Sentence]:
    """What is wrong with a later deadline by itself, by field."""
    wrong, calendar = {}, common_calendar(act.connection)
    before = calendar.due_date_of(task.due_at) if task.due_at else None
    if due is None:
        wrong["due"] = say("Please write a date, for example 31/12/2026.")
    elif due <= calendar.today(act.now):
        wrong["due"] = say("This date must lie in the future.")
    elif before is not None and due <= before:
        wrong["due"] = say("The new deadline must be later than the present one.")
    if is_blank(reason):
        wrong["reason"] = say("Write the reason.")
    return wrong


def _of_institution(task: Task) -> bool:
    return bool(groups.contacted(task.candidate_groups))


def _extend_case(act: Acting, case: FollowUp, due: date, reason: str) -> None:
    """Keep the grant beside those that were asked for, and let later tasks have the date too."""
    try:
        follow_up_rows.hold(act.connection, case.id)
    except Refusal as ended:
        raise Conflict(ended.sentence) from ended
    granted = Extension(
        id=uuid7(),
        follow_up_id=case.id,
        requested_deadline=due,
        reason=reason,
        letter_number=None,
        requested_at=act.now,
        requested_by=act.by,
        decision=ExtensionDecision.GRANTED,
        new_deadline=due,
        decision_reason=reason,
        decided_at=act.now,
        decided_by=act.by,
    )
    extensions.add(act.connection, granted)
    follow_up_rows.change(act.connection, case.id, act.now, deadline=due, rework_deadline=None)
    act.engine.note(case.instance_id, "deadline", act.by, {})


def to_remind(connection: Connection, task: Task, head: CaseHead | None) -> list[User]:
    """The recipients of a reminder about a task that its reader has, at present."""
    secrecy = head.classification if head else "ordinary"
    found = recipients.of_escalation(connection, ["holder"], task, secrecy)
    return [recipient.user for recipient in found]


@act
def remind(act: Acting, task_id: UUID) -> list[User]:
    """Remind the holder of a task by mail, and note it in the history; return the recipients.

    Raises `Conflict` if the task is not open or nobody could be notified.
    """
    task = allowed(act, task_id, "remind_holder")
    if task.status != TaskStatus.OPEN:
        raise Conflict(say("This task is not open any more."))
    told = _remind_all(act, task)
    names = [user.username for user in told]
    details = {"task": str(task_id), "element": task.element_id, "told": names}
    act.engine.note(task.instance_id, "remind", act.by, details)
    act.engine.wake()
    return told


def _remind_all(act: Acting, task: Task) -> list[User]:
    connection, at = act.connection, act.now
    head = _head(connection, task)
    if head is None or task.due_at is None:
        raise Conflict(say("Nobody can be reminded of a task without case or deadline."))
    people = recipients.of_escalation(connection, ["holder"], task, head.classification)
    if not people:
        raise Conflict(say("No active account has this task, so nobody can be reminded."))
    notifier = act.service.notifier
    late = lateness_of(connection, task, calendar_for(connection, head), at)
    about = of_task(head, task.id, notifier.paper.addresses)
    letter = letters.asked_to_hurry(about, late, notifier.paper, act.scope.name)
    for person in people:
        mail_rows.queue(connection, notifier.put(connection, person.user, letter, head, at), at)
    return [person.user for person in people]


def allowed(act: Acting, task_id: UUID, wanted: str) -> Task:
    """The task, its instance locked, if the author may do `wanted` with it. Raises `NotFound`,
    `Forbidden`."""
    act.lock_by_task(task_id)
    task, relations = task_and_access(act.connection, act.scope, task_id)
    act.may(wanted, relations)
    return task


def _head(connection: Connection, task: Task) -> CaseHead | None:
    return case_heads.of_instance(connection, task.process_key, task.instance_id)
