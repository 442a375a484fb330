"""The release of a report inside its institution: what the answer of its head comes to.

Owns the handler. Who may give that answer is `processes.lifecycle.releasing`.
"""

from __future__ import annotations

from engine.ports.handlers import Step
from processes.lifecycle import releasing
from processes.lifecycle.own_case import own_follow_up
from processes.register.states import Deed
from processes.storage.cases import follow_up_rows, report_rows
from processes.storage.cases.follow_up_rows import FollowUp
from processes.storage.tables.reports import Report, releases


def move_on(step: Step, case: FollowUp, report: Report) -> None:
    """A report was handed in: what it claims counts from now on."""
    follow_up_rows.move(
        step.connection,
        case,
        Deed.REPORT,
        step.now,
        claimed_status=report.claimed_status,
        claimed_at=step.now,
    )


def record_release(step: Step) -> bool:
    """The answer of the head: a yes hands the report in, a no sends it back with notes. Returns
    which. Raises `Refusal` for who has written it, and for who may not read it."""
    case = own_follow_up(step)
    report = report_rows.written_last(step.connection, case.id)
    if report is None or not report.awaits_release:
        raise releasing.nothing_waits()
    answer = releasing.decided(step, report.by, report.classification, report_id=report.id)
    releases.add(step.connection, answer)
    if answer.released:
        report_rows.hand_in(step.connection, report.id, step.now)
        move_on(step, case, report)
    else:
        report_rows.replace(step.connection, report.id, step.now, step.by, answer.notes or "")
    return answer.released
