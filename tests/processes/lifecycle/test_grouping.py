"""SQL counts a follow-up in the group in which Python counts it."""

from __future__ import annotations

from itertools import product

from sqlalchemy import select, update

from processes.register.groups import Group, group_of
from processes.register.states import Stage
from processes.register.verdicts import VERDICTS
from processes.storage.cases.lists.grouping import group_column, in_group
from processes.storage.tables.follow_ups import follow_up
from tests.processes.lifecycle.conftest import Desk


def test_the_database_counts_the_groups_that_the_code_counts(part: Desk) -> None:
    mine = follow_up.c.id == part.id
    for stage, verdict in product(Stage, (None, *VERDICTS)):
        part.connection.execute(update(follow_up).where(mine).values(status=stage, verdict=verdict))
        named = part.connection.execute(select(group_column()).where(mine)).scalar_one()
        filtered = [
            group
            for group in Group
            if part.connection.execute(select(follow_up.c.id).where(mine, in_group(group))).first()
        ]
        assert [named] == filtered == [group_of(stage, verdict)]
