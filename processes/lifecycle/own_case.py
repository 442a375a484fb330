"""Finding the case a step belongs to: the one whose row holds the instance, and no other.

A handler that took an id out of variables, or the business key, could be led to another case by
a changed model or a forged start; which instance a case belongs to stands in the register.
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


def own_follow_up(step: Step) -> FollowUp:
    """The follow-up this instance is about. Raises `Refusal` if the register has none."""
    found = follow_up_rows.of_instance(step.connection, step.instance_id)
    if found is None:
        raise no_case()
    return found


def own_recommendation(step: Step) -> Recommendation:
    """The recommendation this instance is about. Raises `Refusal` if the register has none."""
    found = recommendation_rows.of_instance(step.connection, step.instance_id)
    if found is None:
        raise no_case()
    return found


def own_head(step: Step) -> CaseHead:
    """The same in short, of either kind. Raises `Refusal` if the register has none."""
    found = case_heads.of_instance(step.connection, step.process_key, step.instance_id)
    if found is None:
        raise no_case()
    return found


def today_of(connection: Connection, now: datetime) -> date:
    """The date letters written now bear."""
    return common_calendar(connection).today(now)


def year_of(step: Step) -> int:
    """The year a number given now belongs to."""
    return today_of(step.connection, step.now).year


def no_case() -> Refusal:
    """What is raised when the instance owns nothing in the register."""
    return Refusal(say("This process belongs to no case of the register, so nothing is recorded."))
