"""The facts of a follow-up, an agreement or a part of a request that its model reads.


Owns these statements. That of a follow-up runs in every step, so it also reads the calendar's
edition: that saves a statement, and each edition's calendar is built once.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, literal, select

from engine.storage.database.hot import Hot
from engine.storage.database.types import ID
from processes.storage.days.calendars import calendar
from processes.storage.tables.agreements import agreement
from processes.storage.tables.follow_ups import follow_up
from processes.storage.tables.meetings import meeting
from processes.storage.tables.people import institution
from processes.storage.tables.recommendations import recommendation
from processes.storage.tables.written_reports import report_request, report_request_part

_NAMES = (
    "deadline",
    "rework_deadline",
    "evaluator",
    "institution",
    "role",
    "recommendation_id",
    "cycle",
    "priority",
    "classification",
    "number",
    "institution_approval",
)
_FACTS = Hot(
    select(
        follow_up.c.deadline,
        follow_up.c.rework_deadline,
        follow_up.c.evaluator,
        follow_up.c.institution,
        follow_up.c.role,
        follow_up.c.recommendation_id,
        recommendation.c.cycle,
        recommendation.c.priority,
        recommendation.c.classification,
        recommendation.c.number,
        institution.c.approval_since.is_not(None),
        calendar.c.code,
        calendar.c.edition,
    )
    .join(recommendation, recommendation.c.id == follow_up.c.recommendation_id)
    .join(institution, institution.c.code == follow_up.c.institution)
    .join(calendar, calendar.c.code == institution.c.calendar_code)
    .where(follow_up.c.id == bindparam("id", type_=ID))
)


_ASKED_NAMES = ("institution", "deadline", "classification", "number", "institution_approval")
_ASKED = Hot(
    select(
        report_request_part.c.institution,
        report_request.c.deadline,
        report_request_part.c.classification,
        report_request.c.number,
        institution.c.approval_since.is_not(None),
        calendar.c.code,
        calendar.c.edition,
    )
    .select_from(report_request_part)
    .join(report_request, report_request.c.id == report_request_part.c.request_id)
    .join(institution, institution.c.code == report_request_part.c.institution)
    .join(calendar, calendar.c.code == institution.c.calendar_code)
    .where(report_request_part.c.id == bindparam("id", type_=ID))
)


def of_request_part(
    connection: Connection, id: UUID
) -> tuple[dict[str, Any], tuple[str, UUID]] | None:
    """The same of a part of a request."""
    row = _ASKED.one(connection, {"id": id})
    if row is None:
        return None
    facts = dict(zip(_ASKED_NAMES, row, strict=False))
    approval = {"institution_approval": bool(facts["institution_approval"])}
    return {**facts, **approval}, (row[-2], row[-1])


def of_follow_up(
    connection: Connection, id: UUID
) -> tuple[dict[str, Any], tuple[str, UUID]] | None:
    """Name -> value (the recommendation's id as text, like a correlation key), and code and edition
    of the institution's calendar."""
    row = _FACTS.one(connection, {"id": id})
    if row is None:
        return None
    facts = dict(zip(_NAMES, row, strict=False))
    code, edition = row[len(_NAMES) :]
    told = {
        "recommendation_id": str(facts["recommendation_id"]),
        "institution_approval": bool(facts["institution_approval"]),
    }
    return {**facts, **told}, (code, edition)


_OF_AGREEMENT = Hot(
    select(
        agreement.c.deadline,
        agreement.c.institution,
        literal("normal"),
        meeting.c.classification,
        meeting.c.number,
    )
    .join(meeting, meeting.c.id == agreement.c.meeting_id)
    .where(agreement.c.id == bindparam("id", type_=ID))
)


def of_agreement(connection: Connection, id: UUID) -> dict[str, Any] | None:
    """Name -> value: deadline, institution, priority, classification, number of the meeting."""
    row = _OF_AGREEMENT.one(connection, {"id": id})
    names = ("deadline", "institution", "priority", "classification", "number")
    return None if row is None else dict(zip(names, row, strict=True))
