"""Requests for reports, their parts, and the follow-ups of each part.

Owns writing them; each change of a state leaves a dated row. Knows neither readers nor rules.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, bindparam, func, insert, select, update

from engine.ports.handlers import Refusal
from engine.sentences.sentence import say
from engine.storage.database.hot import Hot
from engine.storage.database.types import ID
from processes.register.report_requests import (
    REQUEST_OPEN,
    NotDue,
    ReportRequestState,
    RequestDeed,
    request_moved,
)
from processes.register.vocabulary import Classification
from processes.storage.cases.past import Dated
from processes.storage.tables.follow_ups import follow_up
from processes.storage.tables.recommendations import recommendation
from processes.storage.tables.written_reports import (
    report_request,
    report_request_case,
    report_request_part,
    report_request_past,
)


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """A request for reports on progress. `unasked`: an institution reports of itself, so there is
    no letter."""

    id: UUID
    number: str
    unasked: bool
    letter_number: str | None
    letter_date: date | None
    subject: str
    text: str
    deadline: date
    classification: Classification
    at: datetime
    by: str | None


@dataclass(frozen=True, slots=True)
class RequestPart:
    """The part of a request for one institution. Recommendation and follow-up are those of the
    first of its cases, the classification is the highest of all of them."""

    id: UUID
    request_id: UUID
    institution: str
    instance_id: UUID
    recommendation_id: UUID
    follow_up_id: UUID
    classification: Classification
    state: ReportRequestState
    state_since: datetime
    dropped_reason: str | None = None
    dropped_by: str | None = None


@dataclass(frozen=True, slots=True)
class AskedCase:
    """A follow-up of a part. `not_due`: why no answer is owed about it any more."""

    part_id: UUID
    follow_up_id: UUID
    instance_id: UUID
    recommendation_id: UUID
    number: str | None
    title: str
    not_due: NotDue | None
    round: int


_past: Final = Dated(report_request_past, "part_id", report_request_part)
_PART = [report_request_part.c[name] for name in RequestPart.__slots__]
_REQUEST = [report_request.c[name] for name in ReportRequest.__slots__]
_OF_INSTANCE = Hot(
    select(*_PART).where(report_request_part.c.instance_id == bindparam("id", type_=ID))
)
_BY_ID = Hot(select(*_PART).where(report_request_part.c.id == bindparam("id", type_=ID)))


def insert_request(connection: Connection, new: ReportRequest) -> None:
    """Store a request."""
    values = {name: getattr(new, name) for name in ReportRequest.__slots__}
    connection.execute(insert(report_request).values(values))


def insert_parts(
    connection: Connection, parts: Sequence[RequestPart], cases: Collection[tuple[UUID, UUID]]
) -> None:
    """Store the parts of a request, and the (part, follow-up) of each of their cases."""
    rows = [{name: getattr(one, name) for name in RequestPart.__slots__} for one in parts]
    connection.execute(insert(report_request_part), rows)
    connection.execute(
        insert(report_request_case),
        [{"part_id": part, "follow_up_id": case} for part, case in cases],
    )
    connection.execute(
        insert(report_request_past),
        [{"part_id": one.id, "valid_from": one.state_since, "state": one.state} for one in parts],
    )


def find(connection: Connection, id: UUID) -> ReportRequest | None:
    """One request."""
    row = connection.execute(select(*_REQUEST).where(report_request.c.id == id)).one_or_none()
    return None if row is None else ReportRequest(*row)


def is_own(connection: Connection, id: UUID) -> bool:
    """Whether an institution reports of itself in this request."""
    mine = report_request.c.id == id
    return bool(connection.scalar(select(report_request.c.unasked).where(mine)))


def part(connection: Connection, id: UUID) -> RequestPart | None:
    """One part."""
    row = _BY_ID.one(connection, {"id": id})
    return None if row is None else RequestPart(*row)


def parts_of(connection: Connection, request_id: UUID) -> list[RequestPart]:
    """All parts of a request, by institution."""
    own = report_request_part.c
    rows = connection.execute(
        select(*_PART).where(own.request_id == request_id).order_by(own.institution, own.id)
    )
    return [RequestPart(*row) for row in rows]


def of_instance(connection: Connection, instance_id: UUID) -> RequestPart | None:
    """The part that an instance owns."""
    row = _OF_INSTANCE.one(connection, {"id": instance_id})
    return None if row is None else RequestPart(*row)


def cases(connection: Connection, *part_ids: UUID) -> list[AskedCase]:
    """The follow-ups of these parts, in the order in which they were issued."""
    own = report_request_case.c
    rows = connection.execute(
        select(
            own.part_id, own.follow_up_id, follow_up.c.instance_id, recommendation.c.id,
            recommendation.c.number, recommendation.c.title, own.not_due, follow_up.c.round,
        )
        .join(follow_up, follow_up.c.id == own.follow_up_id)
        .join(recommendation, recommendation.c.id == follow_up.c.recommendation_id)
        .where(own.part_id.in_(part_ids))
        .order_by(own.part_id, own.follow_up_id)
    )  # fmt: skip
    return [AskedCase(*row) for row in rows]


def due(connection: Connection, part_id: UUID) -> list[tuple[UUID, str | None, str]]:
    """(follow-up, number, title) of the cases about which a part still owes an answer."""
    own = report_request_case.c
    rows = connection.execute(
        select(own.follow_up_id, recommendation.c.number, recommendation.c.title)
        .join(follow_up, follow_up.c.id == own.follow_up_id)
        .join(recommendation, recommendation.c.id == follow_up.c.recommendation_id)
        .where(own.part_id == part_id, own.not_due.is_(None))
        .order_by(own.follow_up_id)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def owing(connection: Connection, follow_up_id: UUID) -> list[RequestPart]:
    """The open parts that still owe an answer about a follow-up."""
    own = report_request_case.c
    rows = connection.execute(
        select(*_PART)
        .join(report_request_case, own.part_id == report_request_part.c.id)
        .where(
            own.follow_up_id == follow_up_id,
            own.not_due.is_(None),
            report_request_part.c.state.in_(REQUEST_OPEN),
        )
        .order_by(report_request_part.c.id)
    )
    return [RequestPart(*row) for row in rows]


def open_of(connection: Connection, institution: str) -> Sequence[UUID]:
    """The open parts of an institution, oldest first."""
    own = report_request_part.c
    mine = (own.institution == institution) & own.state.in_(REQUEST_OPEN)
    return connection.scalars(select(own.id).where(mine).order_by(own.id)).all()


def release(
    connection: Connection, part_ids: Collection[UUID], why: NotDue, now: datetime,
    follow_up_id: UUID | None = None,
) -> None:  # fmt: skip
    """Owe no answer any more about one follow-up of these parts, or about all that still do."""
    own = report_request_case.c
    mine = own.part_id.in_(part_ids) & own.not_due.is_(None)
    if follow_up_id is not None:
        mine &= own.follow_up_id == follow_up_id
    connection.execute(
        update(report_request_case).where(mine).values(not_due=why, not_due_since=now)
    )


def still_due(connection: Connection, part_id: UUID) -> int:
    """The number of follow-ups about which a part still owes an answer."""
    own = report_request_case.c
    mine = (own.part_id == part_id) & own.not_due.is_(None)
    return connection.scalar(select(func.count()).where(mine)) or 0


def move(
    connection: Connection, one: RequestPart, deed: RequestDeed, now: datetime, **columns: Any
) -> None:
    """Move a part to the target state of a deed, and set other columns. Raises `Refusal` for an
    impossible move, or if it has moved meanwhile."""
    to = request_moved(one.state, deed)
    own = report_request_part.c
    changed = connection.execute(
        update(report_request_part)
        .where(own.id == one.id, own.state == one.state)
        .values(state=to, state_since=now, **columns)
    )
    if changed.rowcount == 0:
        raise Refusal(say("This request has just moved on. Please open it again."))
    _past.note(connection, one.id, now)


def say_why(connection: Connection, part_id: UUID, reason: str, by: str) -> None:
    """Keep why somebody lets an institution off."""
    mine = report_request_part.c.id == part_id
    connection.execute(
        update(report_request_part).where(mine).values(dropped_reason=reason, dropped_by=by)
    )


def pass_to(connection: Connection, part_id: UUID, institution: str) -> None:
    """A part goes to the successor of its institution."""
    mine = report_request_part.c.id == part_id
    connection.execute(update(report_request_part).where(mine).values(institution=institution))
