"""The requests that a follow-up owes an answer to, when it owes none any more.

Owns this one rule: with its final report, its closing, its withdrawal and its carrying over, a
follow-up is let off. The row says so in the same step; a message tells the process of the request.
"""

from __future__ import annotations

from engine.ports.cases import EVERY_FAMILY
from engine.ports.handlers import NewJob, Step
from engine.records.payloads import Message, Origin
from processes.register.report_requests import NotDue, ReportRequestState
from processes.storage.cases.follow_up_rows import FollowUp
from processes.storage.written_report import request_rows

DROPPED = "request_dropped"
"""The message to the process of a request that something of it is not due any more."""


def let_off(step: Step, case: FollowUp, why: NotDue) -> None:
    """Owe no answer about this follow-up any more. The register speaks, not this case: between
    cases of several recommendations no model can send anything. A request that is still being sent
    asks the rows before it begins."""
    owing = request_rows.owing(step.connection, case.id)
    if not owing:
        return
    request_rows.release(
        step.connection, [one.id for one in owing], why, step.now, follow_up_id=case.id
    )
    origin = Origin(step.instance_id, step.element_id, step.element_name or step.element_id)
    for one in owing:
        if one.state is ReportRequestState.ASKED:
            message = Message(DROPPED, str(one.id), {}, step.by, family=EVERY_FAMILY, origin=origin)
            step.enqueue(NewJob(message.kind, message.encode()))
