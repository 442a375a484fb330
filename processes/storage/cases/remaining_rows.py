"""Follow-ups that outlive their recommendation: what was decided of them, and where they go.

Owns the questions and changes of that. Knows neither readers nor rules.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    ScalarSelect,
    Select,
    exists,
    select,
    update,
)

from engine.records.states import InstanceStatus
from engine.storage.tables import instance as process_instance
from engine.storage.tables import subscription
from processes.register.states import DecisionKind
from processes.register.vocabulary import OWING_ROLES
from processes.storage.cases.follow_up_detail import Remaining, treatments
from processes.storage.cases.follow_up_rows import COLUMNS, FollowUp
from processes.storage.facts import newest
from processes.storage.tables.follow_ups import RUNS, follow_up
from processes.storage.tables.people import institution
from processes.storage.tables.recommendations import (
    decision,
    overall_evaluation,
    recommendation,
    recommendation_institution,
    remaining,
)

WITHDRAWAL = "recommendation_withdrawn"
"""The message by which a follow-up is ended from outside."""


def proposed(connection: Connection, recommendation_id: UUID) -> list[Remaining]:
    """What the newest evaluation of a recommendation says of its open follow-ups."""
    return treatments.where(connection, remaining.c.evaluation_id == _newest(recommendation_id))


def approve(connection: Connection, recommendation_id: UUID, now: datetime) -> None:
    """The supervisor agrees to what the newest evaluation says."""
    mine = remaining.c.evaluation_id == _newest(recommendation_id)
    connection.execute(update(remaining).where(mine).values(approved_at=now))


def _newest(recommendation_id: UUID) -> ScalarSelect[UUID]:
    return (
        select(overall_evaluation.c.id)
        .where(overall_evaluation.c.recommendation_id == recommendation_id)
        .order_by(overall_evaluation.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )


def running(connection: Connection, *recommendation_ids: UUID) -> list[FollowUp]:
    """The follow-ups of these recommendations that have not ended, locked until this transaction
    ends. In the order of their ids, so that two who lock several never wait for each other."""
    return _locked(connection, follow_up.c.recommendation_id.in_(recommendation_ids) & RUNS)


def before(connection: Connection, recommendation_id: UUID) -> list[UUID]:
    """The recommendations that one goes on from, however far back."""
    return list(connection.scalars(_before(recommendation_id)))


def _before(recommendation_id: UUID) -> Select[tuple[UUID]]:
    nearest = select(recommendation.c.predecessor_id.label("id")).where(
        recommendation.c.id == recommendation_id
    )
    chain = nearest.cte("chain", recursive=True)
    further = select(recommendation.c.predecessor_id).join(chain, chain.c.id == recommendation.c.id)
    chain = chain.union(further)
    return select(chain.c.id).where(chain.c.id.is_not(None), chain.c.id != recommendation_id)


def coming(connection: Connection, recommendation_id: UUID) -> list[FollowUp]:
    """What is to be carried over into this recommendation, ended meanwhile or not; locked."""
    return _locked(connection, follow_up.c.successor_id == recommendation_id)


def _locked(connection: Connection, clause: ColumnElement[bool]) -> list[FollowUp]:
    rows = connection.execute(
        select(*COLUMNS).where(clause).order_by(follow_up.c.id).with_for_update(key_share=True)
    )
    return [FollowUp(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Former:
    """A follow-up under the recommendation before, with number and title of that one."""

    case: FollowUp
    number: str | None
    title: str
    short_name: str


def carried_into(
    connection: Connection, visible: ColumnElement[bool], follow_up_id: UUID
) -> list[Former]:
    """The visible follow-ups that were carried over into this one."""
    return _former(connection, visible & (follow_up.c.carried_into_id == follow_up_id))


def of_draft(connection: Connection, visible: ColumnElement[bool], id: UUID) -> list[Former]:
    """The visible follow-ups that are or were to be carried over into a recommendation: those that
    are marked, and those of its addressees that run under an earlier one of its chain."""
    asked = exists().where(
        recommendation_institution.c.recommendation_id == id,
        recommendation_institution.c.institution == follow_up.c.institution,
        recommendation_institution.c.role.in_(OWING_ROLES),
    )
    running = follow_up.c.recommendation_id.in_(_before(id)) & RUNS & asked
    return _former(connection, visible & ((follow_up.c.successor_id == id) | running))


def _former(connection: Connection, clause: ColumnElement[bool]) -> list[Former]:
    width = len(COLUMNS)
    rows = connection.execute(
        select(*COLUMNS, recommendation.c.number, recommendation.c.title, institution.c.short_name)
        .join(recommendation, recommendation.c.id == follow_up.c.recommendation_id)
        .join(institution, institution.c.code == follow_up.c.institution)
        .where(clause)
        .order_by(institution.c.short_name)
    )
    return [Former(FollowUp(*row[:width]), *row[width:]) for row in rows]


def successor(connection: Connection, recommendation_id: UUID) -> UUID | None:
    """The newest recommendation drafted from this one."""
    return newest(connection, recommendation, recommendation.c.predecessor_id == recommendation_id)


def deaf(connection: Connection, cases: Collection[FollowUp]) -> set[UUID]:
    """Those of these follow-ups whose running instance does not wait for the message that ends it:
    an owner has drawn it without. One that has not begun yet will hear of it when it begins."""
    began = connection.execute(
        select(process_instance.c.business_key).where(
            process_instance.c.id.in_([case.instance_id for case in cases]),
            process_instance.c.status == InstanceStatus.ACTIVE,
        )
    )
    keys = {str(key) for key in began.scalars()}
    waits = select(subscription.c.key).where(
        subscription.c.message == WITHDRAWAL, subscription.c.key.in_(keys)
    )
    return {UUID(key) for key in keys - set(connection.scalars(waits))}


def decider(connection: Connection, recommendation_id: UUID) -> str | None:
    """The supervisor who decided what happens to the open follow-ups of a recommendation."""
    return connection.scalar(
        select(decision.c.by)
        .where(
            decision.c.recommendation_id == recommendation_id,
            decision.c.kind == DecisionKind.REMAINING,
        )
        .order_by(decision.c.id.desc())
        .limit(1)
    )


def evaluator(connection: Connection, recommendation_id: UUID) -> str | None:
    """The author of the newest overall evaluation."""
    return connection.scalar(
        select(overall_evaluation.c.by)
        .where(overall_evaluation.c.recommendation_id == recommendation_id)
        .order_by(overall_evaluation.c.id.desc())
        .limit(1)
    )
