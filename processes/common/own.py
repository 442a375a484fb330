"""Finding the case a step belongs to, by its business key and by nothing else.

A handler that took an id out of process data could be led to another case by a changed model or a
forged start; the business key was fixed when the instance was started.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection

from engine.handlers import Refusal, Step
from engine.words import say
from processes.calendars import common_calendar
from processes.storage import follow_up_rows, recommendation_rows
from processes.storage.follow_up_rows import FollowUp
from processes.storage.recommendation_rows import Recommendation


def key_of(step: Step) -> UUID:
    """The business key of the step as the id of its case."""
    try:
        return UUID(step.business_key or "")
    except ValueError:
        raise no_case() from None


def own_follow_up(step: Step) -> FollowUp:
    """The follow-up this instance is about. Raises `Refusal` if the register has none."""
    found = follow_up_rows.find(step.connection, key_of(step))
    if found is None:
        raise no_case()
    return found


def own_recommendation(step: Step) -> Recommendation:
    """The recommendation this instance is about. Raises `Refusal` if the register has none."""
    found = recommendation_rows.find(step.connection, key_of(step))
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
    """What is raised when the register knows nothing of the business key."""
    return Refusal(say("This process belongs to no case of the register, so nothing is recorded."))
