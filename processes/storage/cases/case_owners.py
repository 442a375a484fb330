"""The instance that owns a row of the register.

Owns these two questions by key, each asked at most once when a model reaches for a case.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection, bindparam, func, select, union_all

from engine.storage.database.hot import Hot
from engine.storage.database.types import ID
from processes.storage.tables.agreements import agreement
from processes.storage.tables.follow_ups import follow_up
from processes.storage.tables.meetings import meeting
from processes.storage.tables.recommendations import recommendation
from processes.storage.tables.written_reports import report_request_part

_family_of_agreement = func.coalesce(
    agreement.c.recommendation_id, agreement.c.meeting_id, type_=agreement.c.id.type
)
"""What it was settled about, so that this one's end reaches it; else the meeting."""
_OF_INSTANCE = {
    "recommendation": Hot(
        select(recommendation.c.id, recommendation.c.id.label("family")).where(
            recommendation.c.instance_id == bindparam("id", type_=ID)
        )
    ),
    "follow_up": Hot(
        select(follow_up.c.id, follow_up.c.recommendation_id.label("family")).where(
            follow_up.c.instance_id == bindparam("id", type_=ID)
        )
    ),
    "agreement": Hot(
        select(agreement.c.id, _family_of_agreement.label("family")).where(
            agreement.c.instance_id == bindparam("id", type_=ID)
        )
    ),
    "rakor": Hot(
        select(meeting.c.id, meeting.c.id.label("family")).where(
            meeting.c.instance_id == bindparam("id", type_=ID)
        )
    ),
    # A family of its own: the register alone sends it anything.
    "written_report": Hot(
        select(report_request_part.c.id, report_request_part.c.id.label("family")).where(
            report_request_part.c.instance_id == bindparam("id", type_=ID)
        )
    ),
}
_BY_KEY = Hot(
    union_all(
        select(follow_up.c.recommendation_id, follow_up.c.instance_id).where(
            follow_up.c.id == bindparam("id", type_=ID)
        ),
        select(recommendation.c.id, recommendation.c.instance_id).where(
            recommendation.c.id == bindparam("id", type_=ID)
        ),
        select(_family_of_agreement, agreement.c.instance_id).where(
            agreement.c.id == bindparam("id", type_=ID)
        ),
        select(meeting.c.id, meeting.c.instance_id).where(
            meeting.c.id == bindparam("id", type_=ID)
        ),
        select(report_request_part.c.id, report_request_part.c.instance_id).where(
            report_request_part.c.id == bindparam("id", type_=ID)
        ),
    )
)


def of_instance(
    connection: Connection, process_key: str, instance_id: UUID
) -> tuple[UUID, UUID] | None:
    """(case, its family: the recommendation, or itself) that an instance of this process owns."""
    row = _OF_INSTANCE[process_key].one(connection, {"id": instance_id})
    return None if row is None else (row[0], row[1])


def by_key(connection: Connection, id: UUID) -> tuple[UUID, UUID] | None:
    """(family, owning instance) of the case with this id."""
    row = _BY_KEY.one(connection, {"id": id})
    return None if row is None else (row[0], row[1])
