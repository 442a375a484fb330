"""The short facts of a case wherever it is mentioned: number, title, classification, institution.

Owns two questions, by the id of the case or of the instance that owns it. Mails, rights on tasks
and lists of incidents use them; pages of cases ask their own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, String, bindparam, cast, literal, null, or_, select

from engine.storage.database.hot import Hot
from engine.storage.database.types import ID
from processes.register.agreement_states import AgreementState
from processes.register.states import MeetingState, RecommendationState, Stage
from processes.register.vocabulary import OWING_ROLES, Classification
from processes.storage.tables.agreements import agreement
from processes.storage.tables.follow_ups import follow_up
from processes.storage.tables.meetings import meeting, meeting_institution
from processes.storage.tables.people import institution
from processes.storage.tables.recommendations import recommendation, recommendation_institution
from processes.storage.tables.written_reports import report_request, report_request_part


@dataclass(frozen=True, slots=True)
class CaseHead:
    """A case in short; verdict and round belong to a follow-up, an institution to that and to an
    agreement that one holds. A rakor has its own id in `meeting_id` and no recommendation; an
    agreement the id of its rakor, and that one's number with its own behind it. `request_id`: the
    request for reports whose part it is; then number and title are the request's, and
    recommendation and follow-up are those of the first of its cases."""

    recommendation_id: UUID | None
    follow_up_id: UUID | None
    number: str | None
    title: str
    classification: Classification
    institution: str | None
    institution_name: str | None
    verdict: str | None
    status: Stage | RecommendationState | MeetingState | AgreementState
    recommendation_status: RecommendationState | None
    round: int
    meeting_id: UUID | None = None
    agreement_id: UUID | None = None
    request_id: UUID | None = None

    @property
    def recommendation(self) -> UUID:
        """Its recommendation; not asked of a rakor or an agreement, which have none alone."""
        assert self.recommendation_id is not None, "asked of a recommendation or follow-up only"
        return self.recommendation_id


_RECOMMENDATION = (recommendation.c.number, recommendation.c.title, recommendation.c.classification)


_follow_up = (
    select(
        recommendation.c.id,
        follow_up.c.id.label("follow_up_id"),
        *_RECOMMENDATION,
        follow_up.c.institution,
        institution.c.short_name,
        follow_up.c.verdict,
        follow_up.c.status.label("own_status"),
        recommendation.c.status,
        follow_up.c.round,
    )
    .join(recommendation, recommendation.c.id == follow_up.c.recommendation_id)
    .join(institution, institution.c.code == follow_up.c.institution)
)
_recommendation = select(
    recommendation.c.id,
    null().label("follow_up_id"),
    *_RECOMMENDATION,
    null().label("institution"),
    null().label("short_name"),
    null().label("verdict"),
    recommendation.c.status.label("own_status"),
    recommendation.c.status,
    literal(1).label("round"),
)
_agreement = (
    select(
        null().label("recommendation_id"),
        null().label("follow_up_id"),
        (meeting.c.number + "/" + cast(agreement.c.number, String)).label("number"),
        agreement.c.text.label("title"),
        meeting.c.classification,
        agreement.c.institution,
        institution.c.short_name,
        null().label("verdict"),
        agreement.c.status.label("own_status"),
        null().label("status"),
        literal(1).label("round"),
        agreement.c.meeting_id,
        agreement.c.id.label("agreement_id"),
        null().label("request_id"),
    )
    .join(meeting, meeting.c.id == agreement.c.meeting_id)
    .outerjoin(institution, institution.c.code == agreement.c.institution)
)
_meeting = select(
    null().label("recommendation_id"),
    null().label("follow_up_id"),
    meeting.c.number,
    meeting.c.title,
    meeting.c.classification,
    null().label("institution"),
    null().label("short_name"),
    null().label("verdict"),
    meeting.c.state,
    null().label("recommendation_state"),
    literal(1).label("round"),
    meeting.c.id,
    null().label("agreement_id"),
    null().label("request_id"),
)
_request_part = (
    select(
        recommendation.c.id,
        follow_up.c.id.label("follow_up_id"),
        report_request.c.number,
        report_request.c.subject,
        report_request_part.c.classification,
        report_request_part.c.institution,
        institution.c.short_name,
        null().label("verdict"),
        follow_up.c.status.label("own_status"),
        recommendation.c.status,
        follow_up.c.round,
        null().label("meeting_id"),
        null().label("agreement_id"),
        report_request.c.id.label("request_id"),
    )
    .select_from(report_request_part)
    .join(report_request, report_request.c.id == report_request_part.c.request_id)
    .join(follow_up, follow_up.c.id == report_request_part.c.follow_up_id)
    .join(recommendation, recommendation.c.id == report_request_part.c.recommendation_id)
    .join(institution, institution.c.code == report_request_part.c.institution)
)
_by_id = bindparam("id", type_=ID)
_OF_FOLLOW_UP = Hot(_follow_up.where(follow_up.c.id == _by_id))
_OF_RECOMMENDATION = Hot(_recommendation.where(recommendation.c.id == _by_id))
_OF_AGREEMENT = Hot(_agreement.where(agreement.c.id == _by_id))
_OF_MEETING = Hot(_meeting.where(meeting.c.id == _by_id))
_OF_INSTANCE = {
    "follow_up": Hot(_follow_up.where(follow_up.c.instance_id == _by_id)),
    "recommendation": Hot(_recommendation.where(recommendation.c.instance_id == _by_id)),
    "agreement": Hot(_agreement.where(agreement.c.instance_id == _by_id)),
    "rakor": Hot(_meeting.where(meeting.c.instance_id == _by_id)),
    "written_report": Hot(_request_part.where(report_request_part.c.instance_id == _by_id)),
}


_OWNED = {
    "follow_up": (_follow_up.add_columns(follow_up.c.instance_id), follow_up.c.instance_id),
    "recommendation": (
        _recommendation.add_columns(recommendation.c.instance_id),
        recommendation.c.instance_id,
    ),
    "agreement": (_agreement.add_columns(agreement.c.instance_id), agreement.c.instance_id),
    "rakor": (_meeting.add_columns(meeting.c.instance_id), meeting.c.instance_id),
    "written_report": (
        _request_part.add_columns(report_request_part.c.instance_id),
        report_request_part.c.instance_id,
    ),
}


def of_follow_up(connection: Connection, id: UUID) -> CaseHead | None:
    """The head of a follow-up."""
    return _head(_OF_FOLLOW_UP, connection, id)


def of_recommendation(connection: Connection, id: UUID) -> CaseHead | None:
    """The head of a recommendation."""
    return _head(_OF_RECOMMENDATION, connection, id)


def of_agreement(connection: Connection, id: UUID) -> CaseHead | None:
    """The head of an agreement."""
    return _head(_OF_AGREEMENT, connection, id)


def of_meeting(connection: Connection, id: UUID) -> CaseHead | None:
    """The head of a rakor."""
    return _head(_OF_MEETING, connection, id)


def of_instance(connection: Connection, process_key: str, instance_id: UUID) -> CaseHead | None:
    """The head of the case that an instance owns, whatever its business key is; None if it owns
    none."""
    question = _OF_INSTANCE.get(process_key)
    return None if question is None else _head(question, connection, instance_id)


def of_instances(
    connection: Connection, instances: Iterable[tuple[str, UUID]]
) -> dict[UUID, CaseHead]:
    """Instance -> the head of its case, for those (process, instance) that own one; one statement
    for each kind of case."""
    ids: dict[str, list[UUID]] = {}
    for process_key, instance_id in instances:
        ids.setdefault(process_key, []).append(instance_id)
    found: dict[UUID, CaseHead] = {}
    for process_key, (question, owner) in _OWNED.items():
        if process_key in ids:
            rows = connection.execute(question.where(owner.in_(ids[process_key])))
            found |= {row[-1]: CaseHead(*row[:-1]) for row in rows}
    return found


def of_notice(
    connection: Connection,
    instance_id: UUID,
    follow_up_id: UUID | None,
    recommendation_id: UUID | None,
    meeting_id: UUID | None,
    agreement_id: UUID | None,
) -> CaseHead | None:
    """The head of what a notice about a task of this instance names: the narrowest of these."""
    found = of_instance(connection, "written_report", instance_id)
    if found is not None:
        return found
    if follow_up_id is not None:
        return of_follow_up(connection, follow_up_id)
    if recommendation_id is not None:
        return of_recommendation(connection, recommendation_id)
    if agreement_id is not None:
        return of_agreement(connection, agreement_id)
    return of_meeting(connection, meeting_id) if meeting_id is not None else None


def _head(question: Hot, connection: Connection, id: UUID) -> CaseHead | None:
    row = question.one(connection, {"id": id})
    return None if row is None else CaseHead(*row)


def institutions_of(connection: Connection, head: CaseHead) -> list[str]:
    """The codes of a case's institutions at present. A follow-up has one. A recommendation has
    those that comment once it is registered, and those that are only informed once it is issued. A
    rakor has those whose invitation was sent."""
    if head.institution is not None:
        return [head.institution]
    if head.agreement_id is not None:
        return []  # the ministry's own
    if head.meeting_id is not None:
        return invited(connection, head.meeting_id)
    return addressed(connection, head.recommendation)


def invited(connection: Connection, meeting_id: UUID) -> list[str]:
    """The same for a rakor."""
    return [code for _, code in connection.execute(_invited([meeting_id]))]


def addressed(connection: Connection, recommendation_id: UUID) -> list[str]:
    """The same for a recommendation."""
    return [code for _, code in connection.execute(_addressed([recommendation_id]))]


def institutions_of_all(
    connection: Connection, heads: Collection[CaseHead]
) -> dict[CaseHead, list[str]]:
    """The same for several cases: one statement at most for each kind of case."""
    sent: dict[UUID | None, list[str]] = {}
    theirs = [head for head in heads if head.institution is None and head.agreement_id is None]
    whole = {head.recommendation_id for head in theirs} - {None}
    held = {head.meeting_id for head in theirs} - {None}
    for ids, question in ((whole, _addressed), (held, _invited)):
        if ids:
            for id, code in connection.execute(question([one for one in ids if one])):
                sent.setdefault(id, []).append(code)
    return {
        head: [head.institution]
        if head.institution is not None
        else sent.get(head.agreement_id or head.recommendation_id or head.meeting_id, [])
        for head in heads
    }


def _invited(ids: Collection[UUID]) -> Select[tuple[Any, ...]]:
    table = meeting_institution
    return select(table.c.meeting_id, table.c.institution).where(
        table.c.meeting_id.in_(ids), table.c.sent_at.is_not(None)
    )


def _addressed(ids: Collection[UUID]) -> Select[tuple[Any, ...]]:
    table = recommendation_institution
    return (
        select(table.c.recommendation_id, table.c.institution)
        .join(recommendation, recommendation.c.id == table.c.recommendation_id)
        .where(
            table.c.recommendation_id.in_(ids),
            recommendation.c.registered_at.is_not(None),
            or_(recommendation.c.issued_at.is_not(None), table.c.role.in_(OWING_ROLES)),
        )
    )
