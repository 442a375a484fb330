"""The case of a step: the one whose row holds the instance, and no other.

A handler that took an id from variables, or the business key, could reach another case through a
changed model or a forged start. The register holds the instance of each case.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection

from engine.ports.handlers import Refusal, Step
from engine.sentences.sentence import say
from processes.days.calendars import common_calendar
from processes.storage.cases import case_heads, follow_up_rows, recommendation_rows
from processes.storage.cases.case_heads import CaseHead
from processes.storage.cases.follow_up_rows import FollowUp
from processes.storage.cases.recommendation_rows import Recommendation
from processes.storage.meetings import meeting_rows
from processes.storage.meetings.meeting_rows import Meeting
from processes.storage.written_report import request_rows
from processes.storage.written_report.request_rows import RequestPart


def own_follow_up(step: Step) -> FollowUp:
    """The follow-up of this instance. Raises `Refusal` if the register has none."""
    found = follow_up_rows.of_instance(step.connection, step.instance_id)
    if found is None:
        raise no_case()
    return found


def own_recommendation(step: Step) -> Recommendation:
    """The recommendation of this instance. Raises `Refusal` if the register has none."""
    found = recommendation_rows.of_instance(step.connection, step.instance_id)
    if found is None:
        raise no_case()
    return found


def own_meeting(step: Step) -> Meeting:
    """The rakor of this instance. Raises `Refusal` if the register has none."""
    found = meeting_rows.of_instance(step.connection, step.instance_id)
    if found is None:
        raise no_case()
    return found


def own_part(step: Step) -> RequestPart:
    """The part of a request of this instance. Raises `Refusal` if the register has none."""
    found = request_rows.of_instance(step.connection, step.instance_id)
    if found is None:
        raise no_case()
    return found


def own_head(step: Step) -> CaseHead:
    """The head of the case of either kind. Raises `Refusal` if the register has none."""
    found = case_heads.of_instance(step.connection, step.process_key, step.instance_id)
    if found is None:
        raise no_case()
    return found


def today_of(connection: Connection, now: datetime) -> date:
    """The date of letters written now."""
    return common_calendar(connection).today(now)


def year_of(step: Step) -> int:
    """The year of a number drawn now."""
    return today_of(step.connection, step.now).year


def no_case() -> Refusal:
    """The error for an instance without a case in the register."""
    return Refusal(say("This process belongs to no case of the register, so nothing is recorded."))
