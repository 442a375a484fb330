"""Taking a report back before it is evaluated, to correct it or to withdraw it.

Owns when that is possible and what it does: the report and its receipt stay, marked as replaced,
and the institution is asked for its report again. Knows no readers.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final, Protocol

from engine.ports.handlers import Refusal, Step
from engine.sentences.sentence import Sentence, say
from engine.storage.cases import worklist
from processes.days.calendars import calendar_of
from processes.follow_up.decisions import current_deadline
from processes.lifecycle.form_answers import Answers
from processes.lifecycle.own_case import own_follow_up
from processes.register.states import ENDED, Deed
from processes.storage.cases import follow_up_rows, report_rows
from processes.storage.cases.follow_up_rows import FollowUp
from processes.storage.tables.reports import Report

EVALUATE: Final = "evaluate"
"""The task in which a report is evaluated."""
WORKING_DAYS: Final = 3
"""So long an institution has at least to hand in the corrected report."""


class HandedIn(Protocol):
    """What is asked of the report that was handed in last."""

    @property
    def round(self) -> int: ...
    @property
    def replaced_at(self) -> datetime | None: ...


def why_not(case: FollowUp, newest: HandedIn | None, *, judged: bool) -> Sentence | None:
    """Why the newest report of this case cannot be taken back now; None: it can. `judged`: there is
    a verdict on it."""
    if case.status in ENDED:
        return say("This follow-up has ended; its report stays as it is.")
    if newest is None or newest.replaced_at is not None or newest.round < case.round:
        return say("No report is handed in yet that could be taken back.")
    if judged:
        return say("The report has already been evaluated, so it cannot be taken back.")
    return None


def record_replacement(step: Step) -> None:
    """Take the newest report back. Who had it in hand gets the next one. The claim that it made
    does not stand any more; the deadline leaves three working days at least."""
    case = own_follow_up(step)
    form = Answers(step.answers)
    reason = form.required("reason")
    form.finish()
    waiting = report_rows.written_last(step.connection, case.id)
    if waiting is not None and waiting.awaits_release:
        # It was handed in to nobody: neither the stage nor a deadline changes.
        report_rows.replace(step.connection, waiting.id, step.now, step.by, reason)
        return
    taken_back = _replaceable(step, case)
    report_rows.replace(step.connection, taken_back.id, step.now, step.by, reason)
    follow_up_rows.move(
        step.connection,
        case,
        Deed.REPLACE,
        step.now,
        evaluator=_in_hand(step),
        claimed_status=None,
        rework_deadline=_due(step, case),
    )


def _replaceable(step: Step, case: FollowUp) -> Report:
    """The report that counts. Raises `Refusal`."""
    newest = report_rows.newest(step.connection, case.id)
    judged = newest is not None and report_rows.is_evaluated(step.connection, newest.id)
    if refusal := why_not(case, newest, judged=judged):
        raise Refusal(refusal)
    assert newest is not None, "without one it was refused"
    return newest


def _in_hand(step: Step) -> str | None:
    """Who had taken the evaluation; the step has not written its rows yet."""
    waiting = worklist.of_instance(step.connection, step.instance_id, only_open=True)
    return next((one.assignee for one in waiting if one.element_id == EVALUATE), None)


def _due(step: Step, case: FollowUp) -> date | None:
    """A date of its own, if the present deadline leaves too little time."""
    calendar = calendar_of(step.connection, case.institution)
    soonest = calendar.add(calendar.today(step.now), WORKING_DAYS)
    return soonest if soonest > current_deadline(case) else case.rework_deadline
