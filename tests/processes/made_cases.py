"""Rows of cases in the register's form, for tests of rights and calendars."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection, insert
from uuid_utils.compat import uuid7

from engine.storage.cases.worklist import NEVER
from engine.storage.tables import instance, task, task_candidate
from processes.storage.tables.follow_ups import follow_up
from processes.storage.tables.recommendations import recommendation, recommendation_institution
from tests.processes.conftest import NOW


def a_recommendation(
    connection: Connection,
    roles: dict[str, str],
    *,
    classification: str = "ordinary",
    registered: bool = True,
    issued: bool = True,
) -> tuple[UUID, UUID]:
    """A recommendation to these institutions (code -> role); its id and instance id."""
    case_id, instance_id = uuid7(), uuid7()
    connection.execute(
        insert(recommendation).values(
            id=case_id,
            instance_id=instance_id,
            status="issued" if issued else "comment",
            title="Percepat kemampuan industri strategis",
            classification=classification,
            created_at=NOW,
            registered_at=NOW if registered else None,
            issued_at=NOW if issued else None,
        )
    )
    for code, role in roles.items():
        connection.execute(
            insert(recommendation_institution).values(
                recommendation_id=case_id, institution=code, role=role
            )
        )
    return case_id, instance_id


def a_case(
    connection: Connection, institution: str, *, classification: str = "ordinary"
) -> tuple[UUID, UUID]:
    """A follow-up of an institution; its id and instance id."""
    of, _ = a_recommendation(connection, {institution: "lead"}, classification=classification)
    case_id, instance_id = uuid7(), uuid7()
    connection.execute(
        insert(follow_up).values(
            id=case_id,
            recommendation_id=of,
            institution=institution,
            role="lead",
            instance_id=instance_id,
            status="plan",
            status_since=NOW,
            round=1,
            deadline=date(2026, 12, 1),
            issued_at=NOW,
        )
    )
    return case_id, instance_id


def a_task(
    connection: Connection,
    instance_id: UUID,
    *,
    process_key: str = "follow_up",
    offered_to: tuple[str, ...] = (),
    created: datetime = NOW,
    due_at: datetime | None = None,
) -> UUID:
    """An open task as the engine keeps it; `offered_to`: principals, `group:<name>`."""
    task_id = uuid7()
    connection.execute(
        insert(task).values(
            id=task_id,
            instance_id=instance_id,
            definition_id=uuid7(),
            process_key=process_key,
            element_id="plan",
            name="Susun rencana aksi",
            token=uuid7(),
            path="",
            round=1,
            status="open",
            repairing=False,
            candidate_users=[],
            candidate_groups=[name.removeprefix("group:") for name in offered_to],
            priority=50,
            created_at=created,
            due_at=due_at,
            held_since=created,
        )
    )
    for principal in offered_to:
        connection.execute(
            insert(task_candidate).values(
                principal=principal, task_id=task_id, sort_at=due_at or NEVER
            )
        )
    return task_id


def an_instance(connection: Connection, instance_id: UUID, key: str) -> UUID:
    """A running instance of a process as the engine keeps it."""
    connection.execute(
        insert(instance).values(
            id=instance_id,
            definition_id=uuid7(),
            key=key,
            status="active",
            version=1,
            last_seq=1,
            last_hash=b"",
            started_at=NOW,
        )
    )
    return instance_id
