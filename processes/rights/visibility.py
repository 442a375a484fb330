"""The rights of `processes.rights.access` as clauses: every query of a screen or an API adds one.

Owns the WHERE conditions by institution and clearance on follow-ups, recommendations, tasks and
instances. Must not select, order or page anything, nor decide about acts.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    FromClause,
    and_,
    exists,
    false,
    not_,
    or_,
    select,
    true,
    union,
    union_all,
)
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from engine.storage.tables import external_task, instance, task, task_candidate
from processes.register.agreement_states import AgreementState
from processes.register.vocabulary import CLASSIFICATIONS, OWING_ROLES
from processes.rights import groups
from processes.rights.access import CASE_PROCESSES, Scope
from processes.storage.tables.agreements import agreement
from processes.storage.tables.follow_ups import follow_up, succession
from processes.storage.tables.meetings import meeting, meeting_institution
from processes.storage.tables.recommendations import recommendation, recommendation_institution
from processes.storage.tables.written_reports import report_request, report_request_part

# Aliases: the outer query may join these tables too, without a clash with the inner condition.
_case = recommendation.alias("visible_case")
_part = follow_up.alias("visible_part")
_rakor = meeting.alias("visible_rakor")
_asked = report_request_part.alias("visible_asked")
_task = task.alias("visible_task")
_agreed = agreement.alias("visible_agreed")


def visible_follow_ups(scope: Scope) -> ColumnElement[bool]:
    """Rows of `follow_up` that a user may read: every one for overseers, else those of the user's
    institutions, within the clearance of the recommendation."""
    return and_(
        or_(_of_institutions(scope, follow_up.c.institution), *_had(scope, follow_up.c.id)),
        _cleared(scope, _case.c.id == follow_up.c.recommendation_id),
    )


def visible_recommendations(scope: Scope) -> ColumnElement[bool]:
    """Rows of `recommendation` that a user may read.

    An institution reads a draft once it was sent for comments; an institution that is only informed
    reads it once it was issued.
    """
    cleared = recommendation.c.classification.in_(scope.cleared_for)
    if scope.oversees:
        return cleared
    return and_(cleared, or_(_addressed(scope, recommendation.c), *_passed(scope)))


def visible_agreements(scope: Scope) -> ColumnElement[bool]:
    """Rows of `agreement` that a user may read: every one for overseers, else those that the user's
    institutions hold, within the clearance of the rakor. What was typed in it and is not signed is
    nobody's yet."""
    held = true() if scope.oversees else agreement.c.institution.in_(scope.institutions)
    signed = agreement.c.status.not_in([AgreementState.NOTED, AgreementState.STRUCK])
    settled_in = and_(
        _rakor.c.id == agreement.c.meeting_id, _rakor.c.classification.in_(scope.cleared_for)
    )
    return and_(held, true() if scope.oversees else signed, exists().where(settled_in))


def visible_meetings(scope: Scope) -> ColumnElement[bool]:
    """Rows of `meeting` that a user may read: an institution those to which it is invited."""
    cleared = meeting.c.classification.in_(scope.cleared_for)
    return cleared if scope.oversees else and_(cleared, _invited(scope, meeting.c))


def visible_invited(scope: Scope) -> ColumnElement[bool]:
    """Rows of `meeting_institution`, of a rakor that a user may read: an institution its own."""
    return _of_institutions(scope, meeting_institution.c.institution)


def visible_parts(scope: Scope) -> ColumnElement[bool]:
    """Rows of `report_request_part` that a user may read: every one for overseers, else those of
    the user's institutions, within the clearance of what that part asks about."""
    part = report_request_part.c
    cleared = part.classification.in_(scope.cleared_for)
    return and_(
        _of_institutions(scope, part.institution),
        true() if scope.clearance == CLASSIFICATIONS[-1] else cleared,
    )


def visible_requests(scope: Scope) -> ColumnElement[bool]:
    """Rows of `report_request` that a user may read: an overseer what is asked of all, an
    institution that of which it reads its own part."""
    if scope.oversees:
        return report_request.c.classification.in_(scope.cleared_for)
    mine = select(report_request_part.c.request_id).where(visible_parts(scope))
    return report_request.c.id.in_(mine)


def held_tasks(scope: Scope) -> ColumnElement[bool]:
    """Open rows of the engine's `task` that the user may complete as assignee or candidate."""
    return and_(_offered(scope.principals), _concerned(scope), _cleared_task(scope))


def visible_tasks(scope: Scope) -> ColumnElement[bool]:
    """Rows of the engine's `task` that the user may read: held ones; those of visible follow-ups;
    for heads the tasks of real cases offered to their people; for overseers those of every visible
    case; for keepers those of no real case."""
    to_us = _offered(scope.principals)
    if scope.headed:
        our_people = _offered(_our_people(scope))
        to_us = or_(to_us, and_(task.c.process_key.in_(CASE_PROCESSES), our_people))
    kept = task.c.process_key.not_in(CASE_PROCESSES) if scope.keeps else false()
    readable = or_(
        and_(to_us, _concerned(scope), _cleared_task(scope)), _tasks_of_cases(scope), kept
    )
    return readable if scope.oversees or scope.keeps else and_(_near(scope), readable)


def _tasks_of_cases(scope: Scope) -> ColumnElement[bool]:
    """Those of visible follow-ups, for overseers of every visible case: a list of all follow-ups
    would be read through for each list of work."""
    if scope.oversees:
        return and_(task.c.process_key.in_(CASE_PROCESSES), _cleared_task(scope))
    return task.c.instance_id.in_(
        union_all(
            select(follow_up.c.instance_id).where(visible_follow_ups(scope)),
            select(agreement.c.instance_id).where(visible_agreements(scope)),
            select(report_request_part.c.instance_id).where(visible_parts(scope)),
        )
    )


def visible_instances(scope: Scope) -> ColumnElement[bool]:
    """Rows of the engine's `instance` that the user may read."""
    return or_(
        kept_instances(scope),
        instance.c.id.in_(select(follow_up.c.instance_id).where(visible_follow_ups(scope))),
        instance.c.id.in_(select(agreement.c.instance_id).where(visible_agreements(scope))),
        instance.c.id.in_(
            select(recommendation.c.instance_id).where(visible_recommendations(scope))
        ),
        instance.c.id.in_(select(meeting.c.instance_id).where(visible_meetings(scope))),
        instance.c.id.in_(select(report_request_part.c.instance_id).where(visible_parts(scope))),
    )


def visible_externals(scope: Scope) -> ColumnElement[bool]:
    """Rows of the engine's `external_task` that the user may read: those of visible instances; for
    a worker those of its topics, in real cases only if that was allowed."""
    topic, of_case = external_task.c.topic, external_task.c.process_key.in_(CASE_PROCESSES)
    if "worker" in scope.standing:
        allowed = or_(not_(of_case), topic.in_(scope.case_topics))
        return and_(topic.in_(scope.topics), allowed)
    return external_task.c.instance_id.in_(select(instance.c.id).where(visible_instances(scope)))


def kept_instances(scope: Scope) -> ColumnElement[bool]:
    """Rows of `instance` that the user keeps: no real cases. An instance of a process of cases
    without a row of its own is no real case either (decision 0010): it decides nothing."""
    if not scope.keeps:
        return false()
    cases = (_part, _case, _agreed, _rakor, _asked)
    owned = [exists().where(row.c.instance_id == instance.c.id) for row in cases]
    return or_(instance.c.key.not_in(CASE_PROCESSES), not_(or_(*owned)))


def _offered(principals: Collection[str]) -> ColumnElement[bool]:
    return exists().where(
        task_candidate.c.task_id == task.c.id, task_candidate.c.principal.in_(principals)
    )


def _near(scope: Scope) -> ColumnElement[bool]:
    """The tasks among which all are that an institution may read. The databases begin with these
    few: from the alternatives alone they would look at every open task of the ministry."""
    principals = {*scope.principals, *_our_people(scope)}
    offered = select(task_candidate.c.task_id).where(task_candidate.c.principal.in_(principals))
    followed = (
        select(_task.c.id)
        .join(follow_up, follow_up.c.instance_id == _task.c.instance_id)
        .where(visible_follow_ups(scope))
    )
    agreed = (
        select(_task.c.id)
        .join(agreement, agreement.c.instance_id == _task.c.instance_id)
        .where(visible_agreements(scope))
    )
    asked = (
        select(_task.c.id)
        .join(report_request_part, report_request_part.c.instance_id == _task.c.instance_id)
        .where(visible_parts(scope))
    )
    return task.c.id.in_(union(offered, followed, agreed, asked))


def _our_people(scope: Scope) -> set[str]:
    return {f"group:{groups.of_contacts(code)}" for code in scope.headed}


def _concerned(scope: Scope) -> ColumnElement[bool]:
    """The task belongs to no real case, or to one with a relation to the user. The candidates in a
    model do not matter for that (`access.relations_to_task`)."""
    if scope.oversees:
        return true()
    part = exists().where(
        _part.c.instance_id == task.c.instance_id, _part.c.institution.in_(scope.institutions)
    )
    whole = exists().where(_case.c.instance_id == task.c.instance_id, _addressed(scope, _case.c))
    agreed = exists().where(
        _agreed.c.instance_id == task.c.instance_id, _agreed.c.institution.in_(scope.institutions)
    )
    rakor = exists().where(_rakor.c.instance_id == task.c.instance_id, _invited(scope, _rakor.c))
    asked = exists().where(
        _asked.c.instance_id == task.c.instance_id, _asked.c.institution.in_(scope.institutions)
    )
    return or_(task.c.process_key.not_in(CASE_PROCESSES), part, whole, agreed, rakor, asked)


def _addressed(scope: Scope, case: ReadOnlyColumnCollection[str, Any]) -> ColumnElement[bool]:
    """The recommendation was sent to one of the user's institutions, for comments or at its
    issue."""
    sent = exists().where(
        recommendation_institution.c.recommendation_id == case.id,
        recommendation_institution.c.institution.in_(scope.institutions),
        or_(case.issued_at.is_not(None), recommendation_institution.c.role.in_(OWING_ROLES)),
    )
    return and_(case.registered_at.is_not(None), sent)


def _invited(scope: Scope, rakor: ReadOnlyColumnCollection[str, Any]) -> ColumnElement[bool]:
    """One of the user's institutions was sent its invitation."""
    return exists().where(
        meeting_institution.c.meeting_id == rakor.id,
        meeting_institution.c.institution.in_(scope.institutions),
        meeting_institution.c.sent_at.is_not(None),
    )


def _had(scope: Scope, id: ColumnElement[UUID]) -> list[ColumnElement[bool]]:
    """The follow-up went from one of the user's institutions to its successor: both read it. No
    condition for anybody whose institutions have no successor."""
    if not scope.succeeded:
        return []
    theirs = succession.c.institution.in_(scope.succeeded)
    return [id.in_(select(succession.c.follow_up_id).where(theirs))]


def _passed(scope: Scope) -> list[ColumnElement[bool]]:
    """The same for the recommendation of such a follow-up."""
    if not scope.succeeded:
        return []
    theirs = succession.c.institution.in_(scope.succeeded)
    cases = (
        select(_part.c.recommendation_id)
        .join(succession, succession.c.follow_up_id == _part.c.id)
        .where(theirs)
    )
    return [recommendation.c.id.in_(cases)]


def _of_institutions(scope: Scope, column: ColumnElement[str]) -> ColumnElement[bool]:
    return true() if scope.oversees else column.in_(scope.institutions)


def _cleared(scope: Scope, is_case: ColumnElement[bool]) -> ColumnElement[bool]:
    """No condition for the highest clearance, so it costs nothing."""
    if scope.clearance == CLASSIFICATIONS[-1]:
        return true()
    return exists().where(is_case, _case.c.classification.in_(scope.cleared_for))


def _cleared_task(scope: Scope) -> ColumnElement[bool]:
    """No case of this task is classified above the user. The condition is a negation, because a
    task may be older than its case's row, and tasks of other models have none."""
    if scope.clearance == CLASSIFICATIONS[-1]:
        return true()
    # Those above by name: they are few, and found by an index.
    above = CLASSIFICATIONS[len(scope.cleared_for) :]
    secret, too_secret = _case.c.classification.in_(above), _rakor.c.classification.in_(above)
    cases = [
        select(_case.c.id).where(_own(_case), secret),
        select(_part.c.id).where(_own(_part), _part.c.recommendation_id == _case.c.id, secret),
        select(_rakor.c.id).where(_own(_rakor), too_secret),
        select(_agreed.c.id).where(_own(_agreed), _agreed.c.meeting_id == _rakor.c.id, too_secret),
        select(_asked.c.id).where(_own(_asked), _asked.c.classification.in_(above)),
    ]
    # One condition: a planner that guesses half of the rows for each of five expects next to none,
    # and reads a whole table for them.
    return not_(exists(union_all(*(case.correlate(task) for case in cases))))


def _own(case: FromClause) -> ColumnElement[bool]:
    return case.c.instance_id == task.c.instance_id
