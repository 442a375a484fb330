"""The value of `case.*` in models: the few facts of a case that deadlines and groups depend on.

Owns the reader that the engine calls at most once in each step: one statement by key, and the
calendar from a cache. Knows nothing of screens. It asks no rights, because a model shows nothing to
anybody.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from engine.time.calendar import Calendar
from processes.days.calendars import calendar_of, calendar_of_edition, common_calendar
from processes.register.vocabulary import OWING_ROLES
from processes.storage.cases import recommendation_rows
from processes.storage.lifecycle import case_facts
from processes.storage.meetings import meeting_rows
from processes.storage.people import users

UNKNOWN: Mapping[str, Any] = {"priority": "normal", "institutions": [], "number": None}


def case_of(connection: Connection, business_key: str | None) -> tuple[dict[str, Any], Calendar]:
    """The facts and the calendar of the case whose id is the business key.
    The engine passes only the key of the instance's own case.

    follow_up: deadline, rework_deadline (dates or None), evaluator (an account or None),
    institution, role, cycle, priority, classification, recommendation_id (text), number,
    institution_approval (whether its head releases reports before they are handed in).
    recommendation: deadline, comment_deadline, priority, classification, institutions, number.
    agreement: deadline, institution (None: the coordinators), held_by, priority, classification,
    number.
    rakor: held_on, position_due, the working day before, position_ends, whose end begins the day of
    the rakor, classification, number.
    written_report: institution, deadline, classification, number, priority, institution_approval.
    Any other key: an empty
    case with the common calendar.
    """
    id = _as_id(business_key)
    found = case_facts.of_follow_up(connection, id) if id else None
    if found is not None:
        facts, calendar = found
        return facts, calendar_of_edition(connection, *calendar)
    asked = case_facts.of_request_part(connection, id) if id else None
    if asked is not None:
        facts, calendar = asked
        return {"priority": "normal", **facts}, calendar_of_edition(connection, *calendar)
    return _recommendation(connection, id) or _agreement(connection, id) or _meeting(connection, id)


Found = tuple[dict[str, Any], Calendar]


def _meeting(connection: Connection, id: UUID | None) -> Found:
    common = common_calendar(connection)
    row = meeting_rows.find(connection, id) if id else None
    if row is None:
        return dict(UNKNOWN), common
    day = row.held_on
    facts = {
        **UNKNOWN,
        "held_on": day,
        "position_due": None if day is None else common.add(day, -1),
        "position_ends": None if day is None else day - timedelta(days=1),
        "classification": row.classification,
        "number": row.number,
    }
    return facts, common


def _recommendation(connection: Connection, id: UUID | None) -> Found | None:
    row = recommendation_rows.find(connection, id) if id else None
    if row is None:
        return None
    roles = recommendation_rows.institutions_of(connection, row.id)
    facts = {
        "deadline": row.deadline,
        "comment_deadline": row.comment_deadline,
        "priority": row.priority,
        "classification": row.classification,
        "institutions": [code for code, role in roles.items() if role in OWING_ROLES],
        "number": row.number,
    }
    return facts, common_calendar(connection)


def _agreement(connection: Connection, id: UUID | None) -> Found | None:
    """An agreement by the calendar of its holder. An institution without an account that may read
    it does not hold it: a coordinator writes on its behalf."""
    found = case_facts.of_agreement(connection, id) if id else None
    if found is None:
        return None
    code = found["institution"]
    if code is None:
        return {**found, "held_by": "coordinator"}, common_calendar(connection)
    served = not users.institutions_without_contact(connection, [code], found["classification"])
    facts = {**found, "held_by": "institution" if served else "coordinator"}
    return facts, calendar_of(connection, code)


def _as_id(business_key: str | None) -> UUID | None:
    try:
        return UUID(business_key or "")
    except ValueError:
        return None
