"""Lists of requests for reports, and of what one request came to.

Owns their SQL. The caller passes the clauses of visible rows; no right is decided here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, func, select, true

from processes.ground.paging import Cursor
from processes.register.report_requests import OWES_PROGRESS, ReportRequestState
from processes.register.vocabulary import CLASSIFICATIONS, Classification
from processes.storage import sorted_rows
from processes.storage.sorted_rows import Order
from processes.storage.tables.follow_ups import follow_up
from processes.storage.tables.people import institution
from processes.storage.tables.recommendations import recommendation
from processes.storage.tables.written_reports import report_request, report_request_part
from processes.storage.written_report.request_rows import ReportRequest, RequestPart

_REQUEST = [report_request.c[name] for name in ReportRequest.__slots__]
_PART = [report_request_part.c[name] for name in RequestPart.__slots__]
NEWEST: Final = Order((report_request.c.id,), descending=True)
BY_INSTITUTION: Final = Order((report_request_part.c.institution, report_request_part.c.id))


@dataclass(frozen=True, slots=True)
class Askable:
    """A follow-up that can be asked for its progress."""

    follow_up_id: UUID
    instance_id: UUID
    recommendation_id: UUID
    institution: str
    institution_name: str
    classification: Classification


def askable(
    connection: Connection,
    visible: ColumnElement[bool],
    recommendations: Collection[UUID],
    institutions: Collection[str],
    limit: int,
) -> list[Askable]:
    """Visible follow-ups whose final report is not in yet, of these recommendations and
    institutions (empty: of all), oldest first."""
    own = follow_up.c
    rows = connection.execute(
        select(
            own.id, own.instance_id, own.recommendation_id, own.institution,
            institution.c.short_name, recommendation.c.classification,
        )
        .join(recommendation, recommendation.c.id == own.recommendation_id)
        .join(institution, institution.c.code == own.institution)
        .where(
            visible,
            own.status.in_(OWES_PROGRESS),
            own.recommendation_id.in_(recommendations) if recommendations else true(),
            own.institution.in_(institutions) if institutions else true(),
        )
        .order_by(own.id)
        .limit(limit)
    )  # fmt: skip
    return [Askable(*row) for row in rows]


def page(
    connection: Connection, visible: ColumnElement[bool], at: Cursor[UUID] | None, limit: int
) -> list[ReportRequest]:
    """A page of requests, the newest first."""
    question = select(*_REQUEST).where(visible)
    return [
        ReportRequest(*row) for row in sorted_rows.read(connection, question, NEWEST, at, limit)
    ]


def counts(
    connection: Connection, request_ids: Sequence[UUID], visible: ColumnElement[bool]
) -> Mapping[UUID, Mapping[ReportRequestState, int]]:
    """Request -> how many of its visible parts are in each state."""
    own = report_request_part.c
    found: dict[UUID, dict[ReportRequestState, int]] = {id: {} for id in request_ids}
    rows = connection.execute(
        select(own.request_id, own.state, func.count())
        .where(own.request_id.in_(request_ids), visible)
        .group_by(own.request_id, own.state)
    )
    for id, state, count in rows:
        found[id][state] = count
    return found


def highest(
    connection: Connection, request_ids: Sequence[UUID], visible: ColumnElement[bool]
) -> Mapping[UUID, Classification]:
    """Request -> the highest classification of its visible parts."""
    own = report_request_part.c
    rows = connection.execute(
        select(own.request_id, own.classification)
        .where(own.request_id.in_(request_ids), visible)
        .distinct()
    )
    found: dict[UUID, list[Classification]] = {}
    for id, classification in rows:
        found.setdefault(id, []).append(classification)
    return {id: max(of, key=CLASSIFICATIONS.index) for id, of in found.items()}


@dataclass(frozen=True, slots=True)
class ListedPart:
    """A part of a request, with the short name of its institution."""

    part: RequestPart
    institution_name: str


def parts(
    connection: Connection,
    request_id: UUID,
    visible: ColumnElement[bool],
    at: Cursor[UUID] | None,
    limit: int,
) -> list[ListedPart]:
    """A page of the parts of a request, by institution."""
    question = (
        select(*_PART, institution.c.short_name)
        .join(institution, institution.c.code == report_request_part.c.institution)
        .where(report_request_part.c.request_id == request_id, visible)
    )
    return [
        _listed(row) for row in sorted_rows.read(connection, question, BY_INSTITUTION, at, limit)
    ]


def several(connection: Connection, part_ids: Collection[UUID]) -> list[ListedPart]:
    """These parts."""
    rows = connection.execute(
        select(*_PART, institution.c.short_name)
        .join(institution, institution.c.code == report_request_part.c.institution)
        .where(report_request_part.c.id.in_(part_ids))
    )
    return [_listed(tuple(row)) for row in rows]


def _listed(row: tuple[Any, ...]) -> ListedPart:
    return ListedPart(RequestPart(*row[:-1]), row[-1])


@dataclass(frozen=True, slots=True)
class Offered:
    """A recommendation that can be asked about: some of its follow-ups still owe a report."""

    id: UUID
    number: str | None
    title: str
    deadline: date | None


def offered(connection: Connection, visible: ColumnElement[bool], limit: int) -> list[Offered]:
    """Recommendations with visible follow-ups that can be asked, newest first."""
    asked = select(follow_up.c.recommendation_id).where(
        visible, follow_up.c.status.in_(OWES_PROGRESS)
    )
    own = recommendation.c
    rows = connection.execute(
        select(own.id, own.number, own.title, own.deadline)
        .where(own.id.in_(asked))
        .order_by(own.id.desc())
        .limit(limit)
    )
    return [Offered(*row) for row in rows]


def owing(connection: Connection, visible: ColumnElement[bool]) -> list[tuple[str, str]]:
    """(code, short name) of the institutions with visible follow-ups that can be asked, by name."""
    asked = select(follow_up.c.institution).where(visible, follow_up.c.status.in_(OWES_PROGRESS))
    rows = connection.execute(
        select(institution.c.code, institution.c.short_name)
        .where(institution.c.code.in_(asked))
        .order_by(institution.c.short_name)
    )
    return [(row[0], row[1]) for row in rows]
