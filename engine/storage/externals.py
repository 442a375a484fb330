"""Service tasks that no handler of this product serves, and where cases stand at them."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from engine.storage.tables import external_task


def count_by_topic(connection: Connection) -> dict[str, int]:
    """Topic -> how many cases stand at a service task of it."""
    rows = connection.execute(
        select(
            external_task.c.topic, func.count(func.distinct(external_task.c.instance_id))
        ).group_by(external_task.c.topic)
    )
    return dict(rows.all())
