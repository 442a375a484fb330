"""Recommendations after their issue, for handlers called by themselves."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import Connection, insert, select
from uuid_utils.compat import uuid7

from engine.storage.tables import instance, subscription
from processes.register.states import DecisionKind
from processes.storage.cases.follow_up_detail import Decision, decisions
from processes.storage.cases.remaining_rows import WITHDRAWAL
from processes.storage.tables.follow_ups import follow_up
from processes.storage.tables.recommendations import overall_evaluation
from tests.processes.conftest import NOW
from tests.processes.lifecycle.conftest import (
    Desk,
    connection,  # noqa: F401  (a fixture)
    part_of,
    whole,  # noqa: F401  (a fixture)
)
from tests.processes.made_cases import a_recommendation


@pytest.fixture
def running(whole: Desk) -> Desk:  # noqa: F811
    """The same recommendation, issued: Kemhan leads, Kemenperin supports, BRIN got a copy."""
    whole.change(status="issued", issued_at=NOW)
    part_of(whole, "kemhan", role="lead")
    part_of(whole, "kemenperin")
    return whole


def the_next(before: Desk, roles: dict[str, str]) -> Desk:
    """A draft that goes on from a recommendation, addressed to these (code -> role)."""
    id, instance_id = a_recommendation(before.connection, roles, issued=False)
    following = Desk(before.connection, id, instance_id, "recommendation")
    following.change(predecessor_id=before.id, status="send_out")
    return following


def evaluated(desk: Desk, by: str) -> UUID:
    """The overall evaluation of a recommendation by somebody; its id."""
    id = uuid7()
    desk.connection.execute(
        insert(overall_evaluation).values(
            id=id, recommendation_id=desk.id, conclusion="K", achievement="A", decision="next",
            at=NOW, by=by,
        )
    )  # fmt: skip
    return id


def decided_by(desk: Desk, username: str) -> None:
    """This supervisor agreed to what happens to the open follow-ups."""
    agreed = Decision(
        id=uuid7(), recommendation_id=desk.id, kind=DecisionKind.REMAINING, approved=True,
        at=NOW, by=username,
    )  # fmt: skip
    decisions.add(desk.connection, agreed)


def begun(connection: Connection, id: UUID, *, hears: bool = True) -> None:  # noqa: F811
    """The process of a follow-up runs; `hears`: it waits for the message that ends it."""
    owner = connection.scalar(select(follow_up.c.instance_id).where(follow_up.c.id == id))
    connection.execute(
        insert(instance).values(
            id=owner, definition_id=uuid7(), key="follow_up", business_key=str(id),
            status="active", version=1, last_seq=1, last_hash=b"", started_at=NOW,
        )
    )  # fmt: skip
    if hears:
        connection.execute(
            insert(subscription).values(
                instance_id=owner, token=uuid7(), message=WITHDRAWAL, key=str(id), element_id="e"
            )
        )
