"""Whoever works for an institution looks at its own tasks, never at all open ones of the ministry:
the planner of both databases is asked about the statements of each tab."""

from __future__ import annotations

from itertools import pairwise

import pytest

from benchmarks.fill import copy_instances
from processes.work import inbox
from tests.engine.storage.test_plans import Sent, plan
from tests.engine.storage.test_plans import sent as sent
from tests.processes.stories.world import World

OTHERS = 3_000


def looks_at_all(plan: str) -> bool:
    """Whether it reads the whole table, or all open tasks in the order of their deadlines: that
    index without the id of one task, which stands on the same line or on the next."""
    lines = [*plan.split("\n"), ""]
    whole = [line for line in lines if line.strip() == "SCAN task" or "Seq Scan on task " in line]
    ordered = [
        line + following
        for line, following in pairwise(lines)
        if "ix_task_open_due" in line and "id=" not in (line + following).replace(" ", "")
    ]
    return bool(whole or ordered)


@pytest.mark.parametrize("who", ["kemhan", "kemhan-head"])
def test_no_tab_of_an_institution_looks_at_the_tasks_of_all_others(
    sent: Sent, world: World, who: str
) -> None:
    recommendation = world.issued()
    case = world.follow_up(recommendation, "kemhan")
    copy_instances(world.service.engine, world.instance(case), OTHERS)
    asking = world.person(who)
    with world.service.reading() as connection:
        for tab in inbox.tabs(asking):
            sent.clear()
            ends = inbox.reader_ends(connection, asking, world.clock.now)
            inbox.counts(connection, asking, [tab], ends)
            inbox.tasks(connection, asking, tab, world.clock.now)
            asked = [one for one in sent if "task" in str(one[0])]
            assert len(asked) >= 2, "otherwise nothing is proven"
            for statement, parameters in asked:
                found = plan(connection, statement, parameters)
                assert not looks_at_all(found), f"{tab}:\n{found}"
