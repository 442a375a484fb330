"""Compaction keeps the tree small, and changes nothing else.

The property: over generated models (sequences, loops, forks that join, sub-processes, tasks with
timers) an instance compacted in every step opens the same tasks in the same order and ends with the
same data as one that is never compacted. Both are saved and loaded between all steps.
"""

from __future__ import annotations

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engine.execution.border.drawing import PLANS, Drawing, Plan
from tests.engine.execution.border.play import Play, program_of
from tests.engine.models.building import (
    boundary,
    catch,
    end,
    event,
    exclusive,
    flow,
    parallel,
    script_task,
    start,
    sub_process,
    timer,
    user_task,
)

TRACKS = (
    start(),
    parallel("tracks"),
    exclusive("work"),
    user_task("implement"),
    boundary("look", "implement", timer("R/P1D", "timeCycle"), interrupting=False),
    script_task("note", "looked = 1"),
    end("noted"),
    exclusive("done", default="done_to_work"),
    exclusive("asking"),
    catch("asked", event("message", "extension")),
    user_task("decide"),
    exclusive("granted", default="granted_to_asking"),
    catch("gone", event("message", "withdrawn")),
    end("closed", event("terminate")),
    flow("start", "tracks"),
    flow("tracks", "work"),
    flow("work", "implement"),
    flow("implement", "done"),
    flow("done", "work"),
    flow("done", "closed", "finished"),
    flow("tracks", "asking"),
    flow("asking", "asked"),
    flow("asked", "decide"),
    flow("decide", "granted"),
    flow("granted", "asking"),
    flow("tracks", "gone"),
    flow("gone", "closed", id="gone_to_closed"),
    flow("look", "note"),
    flow("note", "noted"),
)


def test_sixty_rounds_of_progress_and_twenty_extensions_cost_nothing() -> None:
    play = Play(program_of(*TRACKS), {"finished": False})
    sizes = set()
    for number in range(60):
        play.complete("implement", percent=number, text="x" * 50)
        play.advance(days=1)
        if number % 3 == 0:
            play.deliver("extension", reason="late")
            play.complete("decide", answer="yes")
        sizes.add((play.tasks, len(play.body) // 64))
    tasks = {count for count, _ in sizes}
    assert max(tasks) - min(tasks) == 0
    assert max(size for _, size in sizes) * 64 < 1_000
    play.complete("implement", finished=True)
    assert play.ended


def test_rounds_inside_a_sub_process_cost_nothing_either() -> None:
    inner = sub_process(
        "sub",
        start("s"),
        exclusive("merge"),
        user_task("a"),
        exclusive("done", default="done_to_merge"),
        end("e"),
        flow("s", "merge"),
        flow("merge", "a"),
        flow("a", "done"),
        flow("done", "merge"),
        flow("done", "e", "stop"),
    )
    play = Play(program_of(start(), inner, end()), {"stop": False})
    play.complete("a")
    before = play.tasks
    for _ in range(50):
        play.complete("a")
    assert play.tasks == before


def test_more_rounds_than_python_could_recurse_are_no_trouble_without_compaction() -> None:
    play = Play(program_of(*TRACKS), {"finished": False}, compacting=False)
    token = None
    live = play.live
    for number in range(400):
        [task] = [t for t in live.waiting().tasks.values() if t.element.id == "implement"]
        assert task.token != token
        token = task.token
        live.complete(token, {"percent": number}, play)
    live.compact()
    play.body = live.dump()
    assert play.tasks < 10
    assert play.data["percent"] == 399


def known(play: Play) -> dict[str, object]:
    """The data but for the record of a timer, which holds the random id of a row."""
    return {key: value for key, value in play.data.items() if key != "timer"}


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(plan=PLANS, choices=st.lists(st.integers(0, 5), max_size=60))
def test_compaction_changes_nothing_but_the_size(plan: Plan, choices: list[int]) -> None:
    drawing = Drawing()
    program = program_of(*drawing.model(plan))
    data = {"steps": 0, **dict.fromkeys(drawing.counters, 0)}
    small, whole = Play(program, data), Play(program, data, compacting=False)
    for number, choice in enumerate(itertools.chain(choices, itertools.repeat(0))):
        assert (small.open, small.due) == (whole.open, whole.due)
        assert (known(small), small.last) == (known(whole), whole.last)
        assert small.tasks <= whole.tasks
        if small.ended:
            break
        if choice == 5 and small.due:
            assert small.advance(days=1) == whole.advance(days=1)
            continue
        name = small.open[choice % len(small.open)]
        for play in (small, whole):
            play.complete(name, **{f"by_{name}": number, "last": name})
    assert whole.ended


@pytest.mark.parametrize("rounds", [1, 30])
def test_the_state_of_a_case_does_not_depend_on_its_rounds(rounds: int) -> None:
    play = Play(program_of(*TRACKS), {"finished": False, "percent": 0})
    for _ in range(rounds):
        play.complete("implement", percent=50)
    assert play.tasks == 6
