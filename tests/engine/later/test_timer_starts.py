"""Timers start processes: the newest version of each, once for each occurrence, until retired."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import cycle

import pytest
from sqlalchemy import select

from engine import Engine, ModelError, NotFound
from engine.storage.cases.instances import Instance
from engine.storage.tables import job
from engine.time.clock import ManualClock
from tests.engine.conftest import MONDAY, Open
from tests.engine.models.building import (
    Part,
    bpmn,
    end,
    event,
    flow,
    parallel,
    process,
    start,
    sub_process,
    throw,
    timer,
    user_task,
)
from tests.engine.models_of_tests import cases_of, open_elements

Pass = Callable[[int], None]


def timed(text: str, kind: str, *behind: Part, key: str = "p") -> dict[str, bytes]:
    """A process that a timer starts."""
    parts = behind or (user_task("look"), end())
    return {f"{key}.bpmn": bpmn(process(key, start("begin", timer(text, kind)), *parts))}


def started(engine: Engine, key: str = "p") -> list[datetime]:
    """When the instances of a process began."""
    return [case.started_at for case in cases_of(engine, key)]


@pytest.fixture
def pass_hours(open_engine: Open, clock: ManualClock) -> Pass:
    """Time goes on hour by hour; each hour the other of two workers looks, which knows nothing of
    what the first has done but what is stored."""
    workers = cycle([open_engine(), open_engine()])

    def let_pass(hours: int) -> None:
        for _ in range(hours):
            clock.advance(hours=1)
            next(workers).run_due()

    return let_pass


def armed(engine: Engine) -> list[datetime]:
    """When timers are due that start something."""
    with engine.reading() as connection:
        found = connection.scalars(select(job.c.due_at).where(job.c.kind == "begin"))
        return sorted(found)


SCHEDULES = {
    "a date": ("2026-03-02T12:00:00+07:00", "timeDate", [3]),
    "a duration": ("PT5H", "timeDuration", [5]),
    "a cycle without end": ("R/PT10H", "timeCycle", [10, 20, 30, 40]),
    "a cycle of three": ("R3/PT10H", "timeCycle", [10, 20, 30]),
    "a cycle from a moment": ("R/2026-03-02T15:00:00+07:00/P1D", "timeCycle", [6, 30]),
    "a crontab": ("0 14 * * MON-FRI", "timeCycle", [5, 29]),
    "a cron expression": ("0 0 14 ? * 3", "timeCycle", [29]),
}


@pytest.mark.parametrize("name", SCHEDULES)
def test_it_starts_at_each_of_its_times_and_at_no_other(
    engine: Engine, pass_hours: Pass, name: str
) -> None:
    text, kind, hours = SCHEDULES[name]
    engine.deploy(timed(text, kind), "owner")
    pass_hours(48)
    assert started(engine) == [MONDAY + timedelta(hours=hour) for hour in hours]
    assert all(open_elements(engine, case.id) == ["look"] for case in cases_of(engine, "p"))


def test_what_has_passed_before_the_release_starts_nothing(
    engine: Engine, pass_hours: Pass
) -> None:
    engine.deploy(timed("2026-03-01T12:00:00+07:00", "timeDate"), "owner")
    engine.deploy(timed("R5/2026-03-01T10:00:00+07:00/P1D", "timeCycle", key="q"), "owner")
    assert armed(engine) == [MONDAY + timedelta(hours=1)]
    pass_hours(24 * 7)
    assert started(engine) == []
    assert started(engine, "q") == [MONDAY + timedelta(days=n, hours=1) for n in range(4)]


def test_a_text_of_the_language_may_say_when(engine: Engine, pass_hours: Pass) -> None:
    """24.00 of the second working day from today."""
    engine.deploy(timed("${working_days(2, today())}", "timeDate"), "owner")
    assert armed(engine) == [datetime(2026, 3, 4, 17, 0, tzinfo=UTC)]
    pass_hours(72)
    assert len(started(engine)) == 1


def test_an_overdue_cycle_starts_once_and_says_how_many_it_missed(
    open_engine: Open, clock: ManualClock
) -> None:
    engine = open_engine()
    engine.deploy(timed("R/PT10H", "timeCycle"), "owner")
    clock.advance(hours=35)
    open_engine().run_due()
    [case] = cases_of(engine, "p")
    [begun] = engine.history(case.id)
    assert begun.details == {
        "element": "begin",
        "planned": (MONDAY + timedelta(hours=10)).isoformat(),
        "late_seconds": 25 * 3600,
        "missed": 2,
    }
    assert armed(engine) == [MONDAY + timedelta(hours=40)]


def test_the_next_version_is_armed_anew_and_the_one_before_starts_nothing_more(
    engine: Engine, pass_hours: Pass
) -> None:
    engine.deploy(timed("R/PT10H", "timeCycle"), "owner")
    pass_hours(15)
    [version] = engine.deploy(timed("R/PT10H", "timeCycle", user_task("check")), "owner")
    assert armed(engine) == [MONDAY + timedelta(hours=25)]
    pass_hours(10)
    first, second = cases_of(engine, "p")
    assert (open_elements(engine, first.id), open_elements(engine, second.id)) == (
        ["look"],
        ["check"],
    )
    assert second.definition_id == version.id


def test_a_version_without_a_timer_ends_that_of_the_one_before(
    engine: Engine, pass_hours: Pass
) -> None:
    engine.deploy(timed("R/PT10H", "timeCycle"), "owner")
    engine.deploy({"p.bpmn": bpmn(process("p", start(), user_task("look"), end()))}, "owner")
    assert armed(engine) == []
    pass_hours(15)
    assert started(engine) == []


def test_the_same_files_again_arm_nothing_anew(engine: Engine, clock: ManualClock) -> None:
    engine.deploy(timed("PT5H", "timeDuration"), "owner")
    clock.advance(hours=2)
    engine.deploy(timed("PT5H", "timeDuration"), "owner")
    assert armed(engine) == [MONDAY + timedelta(hours=5)]


def test_of_two_workers_at_one_occurrence_one_starts_it(
    open_engine: Open, clock: ManualClock
) -> None:
    """Forced order: the second takes up what it saw before the first was done."""
    one, other = open_engine(), open_engine()
    one.deploy(timed("R/PT10H", "timeCycle"), "owner")
    clock.advance(hours=10)
    seen = other._loop._due(None, 0)
    assert [found.kind for found in seen] == ["begin"]
    one.run_due()
    for found in seen:
        other._loop._run(found, None)
    other.run_due()
    assert len(started(one)) == 1
    assert armed(one) == [MONDAY + timedelta(hours=20)]


def test_an_occurrence_seen_before_the_next_version_starts_nothing(
    open_engine: Open, clock: ManualClock
) -> None:
    engine, other = open_engine(), open_engine()
    engine.deploy(timed("PT10H", "timeDuration"), "owner")
    clock.advance(hours=10)
    seen = other._loop._due(None, 0)
    engine.deploy(timed("PT10H", "timeDuration", user_task("check")), "owner")
    for found in seen:
        other._loop._run(found, None)
    other.run_due()
    assert started(engine) == []


def test_a_retired_process_is_started_by_no_timer_until_its_next_release(
    engine: Engine, pass_hours: Pass
) -> None:
    engine.deploy(timed("R/PT10H", "timeCycle"), "owner")
    pass_hours(10)
    assert engine.retired("p") is None
    engine.retire("p", "ani")
    assert engine.retired("p") == ("ani", MONDAY + timedelta(hours=10))
    pass_hours(30)
    [running] = cases_of(engine, "p")
    assert running.status == "active", "what runs goes on"
    assert open_elements(engine, engine.start("p")) == ["look"], "people may start it still"

    engine.deploy(timed("R/PT10H", "timeCycle", user_task("check")), "owner")
    assert engine.retired("p") is None
    pass_hours(10)
    assert len(started(engine)) == 3


def test_what_an_occurrence_has_set_off_is_retired_with_it(
    open_engine: Open, clock: ManualClock
) -> None:
    engine = open_engine()
    engine.deploy(timed("PT10H", "timeDuration"), "owner")
    clock.advance(hours=10)
    [begin] = engine._loop._due(None, 0)
    engine._loop._run(begin, None)
    engine.retire("p", "ani")
    open_engine().run_due()
    assert started(engine) == []


def test_retiring_one_process_leaves_the_others(engine: Engine, pass_hours: Pass) -> None:
    engine.deploy(timed("PT10H", "timeDuration"), "owner")
    engine.deploy(timed("PT10H", "timeDuration", key="q"), "owner")
    engine.retire("p", "ani")
    pass_hours(10)
    assert (len(started(engine)), len(started(engine, "q"))) == (0, 1)
    with pytest.raises(NotFound):
        engine.retire("nothing", "ani")


# --- refused ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("${deadline}", "timeDate"),
        ("${case.deadline}", "timeDate"),
        ("${1 / 0}", "timeDate"),
        ("99 9 * * *", "timeCycle"),
        ("0 9 1 * MON", "timeCycle"),
    ],
)
def test_a_timer_that_cannot_be_computed_beforehand_stops_the_release(
    engine: Engine, text: str, kind: str
) -> None:
    with pytest.raises(ModelError) as refused:
        engine.deploy(timed(text, kind), "owner")
    assert {one.element_id for one in refused.value.problems if one.severity == "error"} == {
        "begin"
    }
    assert (engine.versions(), armed(engine)) == ([], [])


# --- several starts -----------------------------------------------------------------------------

SEVERAL = {
    "p.bpmn": bpmn(
        process(
            "p",
            start("ordered", event("message", "order"), camunda_initiator="who"),
            start("rung", event("signal", "alarm")),
            start("daily", timer("R/P1D", "timeCycle")),
            start("weekly", timer("0 9 * * MON", "timeCycle")),
            start("by_hand", camunda_initiator="who"),
            *(user_task(f"after_{name}") for name in ("ordered", "rung", "daily", "weekly")),
            user_task("after_by_hand"),
            *(
                flow(name, f"after_{name}")
                for name in ("ordered", "rung", "daily", "weekly", "by_hand")
            ),
        )
    ),
    "ringing.bpmn": bpmn(process("ringing", start(), throw("ring", event("signal", "alarm")))),
}


def begun_at(engine: Engine) -> list[tuple[str, Instance]]:
    """Each instance, and the start event it began at."""
    cases = cases_of(engine, "p")
    return [(next(iter(engine.history(case.id)[0].entered)), case) for case in cases]


def came_to(engine: Engine) -> list[tuple[str, list[str]]]:
    """Where each instance began, and the tasks it came to."""
    return [(name, open_elements(engine, case.id)) for name, case in begun_at(engine)]


def test_each_thing_that_happens_begins_at_its_own_start_event(
    open_engine: Open, clock: ManualClock
) -> None:
    engine = open_engine()
    engine.deploy(SEVERAL, "owner")
    engine.start("p", by="ani")
    open_engine().deliver("order", "A-1", {"n": 1}, by="budi")
    engine.start("ringing")
    open_engine().run_due()
    clock.advance(days=1)
    open_engine().run_due()
    clock.advance(days=6)
    open_engine().run_due()
    begun = came_to(engine)
    assert sorted(name for name, _ in begun) == [
        "by_hand", "daily", "daily", "ordered", "rung", "weekly",
    ]  # fmt: skip
    assert all(tasks == [f"after_{name}"] for name, tasks in begun)
    who = {name: engine.data(case.id) for name, case in begun_at(engine)}
    assert (who["by_hand"], who["ordered"]) == ({"who": "ani"}, {"n": 1, "who": "budi"})


def together(*definitions: Part) -> Part:
    """The definitions of one event."""
    return Part("".join(one.xml for one in definitions))


ANY_OF_THEM = together(
    event("message", "order"), event("signal", "alarm"),
    timer("R/P1D", "timeCycle"), timer("0 9 * * MON", "timeCycle"),
)  # fmt: skip


def test_any_definition_of_a_start_event_with_several_begins_there(
    open_engine: Open, clock: ManualClock
) -> None:
    engine = open_engine()
    any_of_them = process("p", start("any", ANY_OF_THEM), user_task("work"))
    engine.deploy({**SEVERAL, "p.bpmn": bpmn(any_of_them)}, "owner")
    engine.start("p", by="ani")
    open_engine().deliver("order", "A-1", {"n": 1})
    engine.start("ringing")
    open_engine().run_due()
    assert came_to(engine) == [("any", ["work"])] * 3
    clock.advance(days=1)
    open_engine().run_due()
    assert len(came_to(engine)) == 4
    clock.advance(days=6)
    open_engine().run_due()
    assert came_to(engine) == [("any", ["work"])] * 6
    said = [engine.history(case.id)[0].details.get("missed") for case in cases_of(engine, "p")]
    assert sorted(one for one in said if one is not None) == [0, 5], "the daily one, twice"


def test_a_start_event_that_waits_for_all_of_several_is_refused(engine: Engine) -> None:
    """Before an instance there is nothing that could remember which have come."""
    all_of_them = start("all", ANY_OF_THEM, parallelMultiple=True)
    with pytest.raises(ModelError) as refused:
        engine.deploy({"p.bpmn": bpmn(process("p", all_of_them, user_task("work")))}, "owner")
    [problem] = [one for one in refused.value.problems if one.severity == "error"]
    assert (problem.code, problem.element_id) == ("not-proven", "all")
    assert "parallel multiple" in str(problem.what)


def test_a_timer_among_several_reads_no_variable_either(engine: Engine) -> None:
    reading = together(event("message", "order"), timer("${days}", "timeDuration"))
    with pytest.raises(ModelError) as refused:
        engine.deploy(
            {"p.bpmn": bpmn(process("p", start("any", reading), user_task("a")))}, "owner"
        )
    assert ("timer", "any") in {(one.code, one.element_id) for one in refused.value.problems}


def test_a_message_among_several_starts_one_process_only(engine: Engine) -> None:
    other = process("q", start("ordered", event("message", "order")), user_task("b"))
    first = process("p", start("any", ANY_OF_THEM), user_task("a"))
    with pytest.raises(ModelError) as refused:
        engine.deploy({"p.bpmn": bpmn(first, other)}, "owner")
    assert "message-starts-two" in {one.code for one in refused.value.problems}


def test_an_event_sub_process_is_armed_wherever_the_case_began(open_engine: Open) -> None:
    engine = open_engine()
    stopping = sub_process(
        "stopped", start("stop", event("message", "stop")), user_task("tidy"),
        triggeredByEvent=True,
    )  # fmt: skip
    parts = (
        start("begin"),
        start("ordered", event("message", "order")),
        user_task("one"),
        user_task("two"),
        flow("begin", "one"),
        flow("ordered", "two"),
        stopping,
    )
    engine.deploy({"p.bpmn": bpmn(process("p", *parts))}, "owner")
    engine.deliver("order", "A-1")
    open_engine().deliver("stop", "A-1")
    assert came_to(engine) == [("ordered", ["tidy"])]


def test_two_start_events_that_are_waited_for_together_are_refused(engine: Engine) -> None:
    parts = (
        start("begin"),
        start("ordered", event("message", "order")),
        user_task("work"),
        parallel("join"),
        end(),
        flow("begin", "work"),
        flow("work", "join"),
        flow("ordered", "join"),
        flow("join", "end"),
    )
    with pytest.raises(ModelError) as refused:
        engine.deploy({"p.bpmn": bpmn(process("p", *parts))}, "owner")
    [problem] = [one for one in refused.value.problems if one.severity == "error"]
    assert (problem.code, problem.element_id) == ("join-stuck", "join")


@pytest.mark.parametrize(
    "twice",
    [start("again"), start("again", event("message", "order")), start("again", ANY_OF_THEM)],
    ids=["none", "message", "several"],
)
def test_two_start_events_for_one_thing_are_refused(engine: Engine, twice: Part) -> None:
    parts = (
        start("begin"),
        start("ordered", event("message", "order")),
        twice,
        user_task("work"),
        *(flow(name, "work") for name in ("begin", "ordered", "again")),
    )
    with pytest.raises(ModelError) as refused:
        engine.deploy({"p.bpmn": bpmn(process("p", *parts))}, "owner")
    [problem] = [one for one in refused.value.problems if one.severity == "error"]
    assert (problem.code, problem.element_id) == ("two-starts", "again")
