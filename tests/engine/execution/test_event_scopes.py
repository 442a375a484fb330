"""Event sub-processes of stored cases: the rows of their waits, and workers that die."""

from __future__ import annotations

from sqlalchemy import func, select

from engine import Engine
from engine.storage.tables import job, subscription
from engine.time.clock import ManualClock
from tests.engine.conftest import Open
from tests.engine.models.building import (
    bpmn,
    end,
    event,
    flow,
    process,
    start,
    sub_process,
    timer,
    user_task,
)
from tests.engine.models_of_tests import only_task, open_elements

WITHDRAWABLE = {
    "plan.bpmn": bpmn(
        process(
            "plan",
            start(),
            user_task("write"),
            end(),
            sub_process(
                "withdrawing",
                start("withdrawn", event("message", "withdraw")),
                user_task("archive"),
                end("archived"),
                triggeredByEvent=True,
            ),
            sub_process(
                "asking",
                start("slow", timer("P3D"), isInterrupting=False),
                user_task("ask_why"),
                end("asked"),
                triggeredByEvent=True,
            ),
            flow("start", "write"),
            flow("write", "end"),
        )
    )
}
"""A task beside which the case may be withdrawn, and somebody asks why it takes so long."""


def rows(engine: Engine) -> tuple[int, int]:
    """How many timers and subscriptions are stored."""
    with engine.reading() as connection:
        timers = connection.scalar(select(func.count()).where(job.c.kind == "timer"))
        awaited = connection.scalar(select(func.count()).select_from(subscription))
    return timers or 0, awaited or 0


def test_what_it_waits_for_is_stored_with_the_case_and_goes_with_it(engine: Engine) -> None:
    engine.deploy(WITHDRAWABLE, "owner")
    case = engine.start("plan", business_key="P-1")
    assert rows(engine) == (1, 1)
    engine.complete(only_task(engine, case).id, {}, "ani")
    assert engine.instance(case).ended_at is not None
    assert rows(engine) == (0, 0)


def test_another_worker_goes_on_where_the_first_one_died(
    open_engine: Open, clock: ManualClock
) -> None:
    first = open_engine()
    first.deploy(WITHDRAWABLE, "owner")
    case = first.start("plan", business_key="P-1")
    clock.advance(days=3)
    assert open_engine().run_due() == 1
    assert sorted(open_elements(open_engine(), case)) == ["ask_why", "write"]

    open_engine().deliver("withdraw", "P-1", {"reason": "done elsewhere"})
    last = open_engine()
    assert open_elements(last, case) == ["archive"]
    assert rows(last) == (0, 0)
    last.complete(only_task(last, case).id, {}, "ani")
    assert last.instance(case).ended_at is not None
    assert last.data(case)["reason"] == "done elsewhere"
