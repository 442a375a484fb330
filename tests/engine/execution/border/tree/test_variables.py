"""Variables live in scopes: an answer is kept, however its activity ends; every branch reads it at
once; only the branch of a firing reads its facts."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.engine.execution.border.flow.test_human_tasks import parameters
from tests.engine.execution.border.play import Play, program_of
from tests.engine.execution.border.tree.test_scopes import passing
from tests.engine.models.building import (
    Part,
    boundary,
    catch,
    condition,
    end,
    event,
    extensions,
    flow,
    multi_instance,
    node,
    parallel,
    process,
    script_task,
    service_task,
    start,
    sub_process,
    throw,
    timer,
    user_task,
)

LOOP = Part(
    "<standardLoopCharacteristics><loopCondition>loopCounter &lt; 9</loopCondition>"
    "</standardLoopCharacteristics>"
)
AT_ONCE = multi_instance("${['p', 'q']}", "name")
ONE_BY_ONE = multi_instance("${['p', 'q']}", "name", sequential=True)

LEFT_BY = {
    "timer": timer("P1D"),
    "message": event("message", "stop"),
    "signal": event("signal", "stop"),
    "error": event("error", "bad"),
    "escalation": event("escalation", "bad"),
}


def leave(play: Play, kind: str) -> None:
    """Let happen what the boundary event of `guarded` waits for."""
    if kind == "timer":
        play.advance(days=1)
    elif kind in ("message", "signal"):
        play.deliver("stop")
    else:
        play.complete("second")


def guarded(kind: str, *marker: Part, activity: str = "sub") -> tuple[Part, ...]:
    """A sub-process of two tasks, left by its boundary event, or called where `activity` is."""
    ends = end("e", LEFT_BY[kind]) if kind in ("error", "escalation") else end("e")
    inside = (start("s"), user_task("first"), user_task("second"), ends)
    border = boundary("left", "sub", LEFT_BY[kind])
    return (
        start(), sub_process("sub", *inside, *marker), border, user_task("after"), user_task("out"),
        flow("start", "sub"), flow("sub", "after"), flow("left", "out"),
    )  # fmt: skip


@pytest.mark.parametrize("marker", [(), (AT_ONCE,), (ONE_BY_ONE,), (LOOP,)],
                         ids=["once", "at once", "one by one", "again"])  # fmt: skip
@pytest.mark.parametrize("kind", LEFT_BY)
def test_what_was_answered_inside_is_kept_when_an_event_ends_the_activity(
    kind: str, marker: tuple[Part, ...]
) -> None:
    play = Play(program_of(*guarded(kind, *marker)), {"approved": False})
    play.complete("first", approved=True)
    leave(play, kind)
    assert play.open == ["out"]
    assert play.data == {"approved": True}


def test_what_was_answered_is_kept_when_a_terminate_event_ends_its_branch() -> None:
    inside = sub_process(
        "sub", start("s"), user_task("a"), user_task("b"), end("stop", event("terminate")),
        user_task("c"),
        flow("s", "a"), flow("a", "c"), flow("s", "b"), flow("b", "stop"),
    )  # fmt: skip
    play = Play(program_of(start(), inside, user_task("after"), end()))
    play.complete("a", approved=True)
    play.complete("b")
    assert play.open == ["after"]
    assert play.data == {"approved": True}


def test_what_was_answered_is_kept_when_an_event_sub_process_takes_over() -> None:
    takes_over = sub_process(
        "instead", start("told", event("message", "stop")), user_task("tidy"), end("e2"),
        triggeredByEvent=True,
    )  # fmt: skip
    flows = (flow("start", "a"), flow("a", "b"))
    play = Play(program_of(start(), user_task("a"), user_task("b"), takes_over, *flows))
    play.complete("a", approved=True)
    play.deliver("stop")
    assert play.open == ["tidy"]
    assert play.data == {"approved": True}


def test_answers_behind_an_event_that_does_not_interrupt_are_kept_too() -> None:
    border = boundary("late", "work", timer("P1D"), interrupting=False)
    flows = (flow("start", "work"), flow("work", "after"), flow("late", "look"))
    play = Play(program_of(start(), user_task("work"), border, user_task("look"),
                           user_task("after"), *flows))  # fmt: skip
    play.advance(days=1)
    play.complete("look", seen=True)
    play.complete("work")
    assert play.data == {"seen": True}


# --- every branch sees what is written ------------------------------------------------------------


def branches(*, join: bool, first: tuple[Part, ...], second: tuple[Part, ...]) -> tuple[Part, ...]:
    """Two branches side by side."""
    parts: list[Part] = [start(), parallel("fork"), *first, *second, user_task("after")]
    for chain in (first, second):
        ids = ["fork", *(part.id for part in chain), *(["join"] if join else [])]
        parts += [flow(*way) for way in pairwise(ids)]
    if join:
        parts += [parallel("join"), flow("join", "after")]
    return (*parts, flow("start", "fork"))


def test_votes_counted_in_two_branches_are_counted_together() -> None:
    count = "votes = votes + 1"
    program = program_of(*branches(
        join=True,
        first=(user_task("a"), script_task("count_a", count)),
        second=(user_task("b"), script_task("count_b", count)),
    ))  # fmt: skip
    play = Play(program, {"votes": 0})
    play.complete("a")
    play.complete("b")
    assert play.open == ["after"]
    assert play.data == {"votes": 2}


def test_a_total_over_runs_at_once_is_the_total() -> None:
    inside = (start("s"), user_task("ask"), script_task("add", "total = total + amount"), end("e"))
    each = sub_process("each", *inside, AT_ONCE)
    play = Play(program_of(start(), each, user_task("after"), end()), {"total": 0})
    play.complete("ask", 1, amount=6)
    play.complete("ask", amount=4)
    assert play.data == {"total": 10, "amount": 4}


def test_a_repeating_timer_counts_its_own_fires() -> None:
    border = boundary("tick", "work", timer("R/P1D", "timeCycle"), interrupting=False)
    flows = (flow("start", "work"), flow("work", "end"), flow("tick", "count"))
    play = Play(program_of(start(), user_task("work"), border,
                           script_task("count", "n = n + 1"), end(), *flows), {"n": 0})  # fmt: skip
    play.days(3)
    assert play.data == {"n": 3}


def test_a_script_before_a_task_is_seen_by_the_timer_of_the_task() -> None:
    before = extensions(Part("<spiffworkflow:preScript>span = 'P3D'</spiffworkflow:preScript>"))
    flows = (flow("start", "work"), flow("work", "end"), flow("late", "look"))
    play = Play(program_of(start(), user_task("work", before),
                           boundary("late", "work", timer("${span}")), user_task("look"), end(),
                           *flows), {"span": "P30D"})  # fmt: skip
    play.days(3)
    assert play.open == ["look"]


def test_an_input_parameter_is_seen_by_the_timer_of_its_task_and_by_nothing_else() -> None:
    flows = (flow("start", "work"), flow("work", "end"), flow("late", "look"))
    play = Play(program_of(start(), user_task("work", parameters({"span": "P3D"}, {})),
                           boundary("late", "work", timer("${span}"), interrupting=False),
                           user_task("look"), end(), *flows))  # fmt: skip
    play.days(3)
    assert play.open == ["look", "work"]
    assert "span" not in play.live.data_of(play.task("look").token)
    assert play.data == {}


# --- what a firing says of itself -----------------------------------------------------------------


def late(*more: Part, join: bool = False) -> tuple[Part, ...]:
    """Two tasks side by side, each with a timer of its own and a branch behind that."""
    parts = [start(), parallel("fork"), user_task("after"), flow("start", "fork"), *more]
    for name, span in (("a", "P1D"), ("b", "P2D")):
        parts += [
            user_task(name), boundary(f"late_{name}", name, timer(span), interrupting=False),
            user_task(f"look_{name}"),
            flow("fork", name), flow(name, "after"), flow(f"late_{name}", f"look_{name}"),
        ]  # fmt: skip
    if join:
        parts += [parallel("join"), user_task("joined"), flow("join", "joined")]
        parts += [flow(f"look_{name}", "join") for name in "ab"]
    return tuple(parts)


def seen(play: Play, element: str) -> dict[str, object]:
    return play.live.data_of(play.task(element).token)


def test_two_late_tasks_are_told_apart_by_the_branches_behind_their_timers() -> None:
    play = Play(program_of(*late()))
    rows = {name: str(play.task(name).row_id) for name in "ab"}
    play.days(2)
    for name in "ab":
        timer_said = seen(play, f"look_{name}")["timer"]
        assert isinstance(timer_said, dict)
        assert timer_said["task"] == rows[name]
    assert "timer" not in seen(play, "a")
    assert play.data == {}


def test_a_branch_that_waits_behind_its_timer_keeps_what_the_timer_said() -> None:
    play = Play(program_of(*late()))
    play.days(1)
    first = seen(play, "look_a")["timer"]
    play.days(1)
    assert seen(play, "look_a")["timer"] == first


def test_a_service_on_the_main_path_knows_of_no_timer() -> None:
    main = (service_task("tell", "note"), flow("after", "tell"), end(), flow("tell", "end"))
    play = Play(program_of(*late(*main)), handlers={"note": lambda call: None})
    play.days(2)
    play.complete("a")
    play.complete("after")
    [call] = play.calls
    assert "timer" not in call.data
    assert call.task is None


def test_what_a_firing_said_ends_where_its_branch_joins_another() -> None:
    play = Play(program_of(*late(join=True)))
    play.days(2)
    play.complete("look_a")
    play.complete("look_b")
    assert play.open == ["a", "b", "joined"]
    assert "timer" not in seen(play, "joined")


def test_what_a_firing_said_is_kept_where_its_own_branches_join() -> None:
    within = (
        start(), user_task("a"), boundary("late", "a", timer("P1D"), interrupting=False),
        parallel("fork"), user_task("b"), user_task("c"), parallel("join"), user_task("d"), end(),
        flow("start", "a"), flow("a", "end"), flow("late", "fork"), flow("fork", "b"),
        flow("fork", "c"), flow("b", "join"), flow("c", "join"), flow("join", "d"),
    )  # fmt: skip
    play = Play(program_of(*within))
    play.days(1)
    said = seen(play, "b")["timer"]
    play.complete("b")
    play.complete("c")
    assert seen(play, "d")["timer"] == said


def test_an_event_sub_process_knows_what_its_timer_said_and_nobody_else_does() -> None:
    watch = sub_process(
        "watch", start("due", timer("P1D"), isInterrupting=False), user_task("look"), end("e2"),
        triggeredByEvent=True,
    )  # fmt: skip
    play = Play(program_of(start(), user_task("work"), watch, end(), flow("start", "work")))
    play.days(1)
    assert "timer" in seen(play, "look")
    assert "timer" not in seen(play, "work")


# --- runs -----------------------------------------------------------------------------------------


def collecting(*, sequential: bool = False, until: str = "") -> Part:
    condition = f"<completionCondition>{until}</completionCondition>" if until else ""
    return Part(
        f'<multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}">'
        "<loopDataInputRef>names</loopDataInputRef><loopDataOutputRef>answers</loopDataOutputRef>"
        '<inputDataItem id="name" name="name"/><outputDataItem id="answer" name="answer"/>'
        f"{condition}</multiInstanceLoopCharacteristics>"
    )


NAMES = {"names": ["p", "q", "r"]}


def test_results_stand_in_the_order_of_the_entries_with_null_for_none() -> None:
    play = Play(program_of(start(), user_task("each", collecting()), end()), NAMES)
    play.complete("each", 2, answer="R")
    play.complete("each", 0, answer="P")
    play.complete("each")
    assert play.data == {**NAMES, "answers": ["P", None, "R"]}


def test_results_keep_their_places_when_enough_have_come() -> None:
    task = user_task("each", collecting(until="${nrOfCompletedInstances == 1}"))
    play = Play(program_of(start(), task, end()), NAMES)
    play.complete("each", 1, answer="Q")
    assert play.ended
    assert play.data == {**NAMES, "answers": [None, "Q", None]}


def test_results_that_came_are_kept_when_an_event_ends_the_whole() -> None:
    program = program_of(
        start(), user_task("each", collecting()), boundary("late", "each", timer("P1D")),
        user_task("out"), end(),
        flow("start", "each"), flow("each", "end"), flow("late", "out"),
    )  # fmt: skip
    play = Play(program, NAMES)
    play.complete("each", 1, answer="Q")
    play.days(1)
    assert play.open == ["out"]
    assert play.data == {**NAMES, "answers": [None, "Q", None]}


@pytest.mark.parametrize("sequential", [False, True], ids=["at once", "one by one"])
@pytest.mark.parametrize("kind", LEFT_BY)
def test_what_a_run_holds_for_the_list_is_collected_when_an_event_ends_the_whole(
    kind: str, sequential: bool
) -> None:
    play = Play(program_of(*guarded(kind, collecting(sequential=sequential))), NAMES)
    play.complete("first", answer="P")
    leave(play, kind)
    assert play.open == ["out"]
    assert play.data == {**NAMES, "answers": ["P", None, None]}


def test_a_run_that_ends_the_whole_by_what_it_writes_has_given_its_result() -> None:
    program = program_of(
        start(), user_task("each", collecting()), boundary("enough", "each", condition("stop")),
        user_task("out"), flow("start", "each"), flow("enough", "out"),
    )  # fmt: skip
    play = Play(program, NAMES)
    play.complete("each", 1, answer="Q", stop=True)
    assert play.open == ["out"]
    assert play.data == {**NAMES, "stop": True, "answers": [None, "Q", None]}


@pytest.mark.parametrize("stop", [
    (user_task("b"), end("stop", event("terminate")), flow("fork", "b"), flow("b", "stop")),
    (sub_process("watch", start("due", condition("b")), end("seen"), triggeredByEvent=True),
     script_task("b", "b = True"), user_task("c"), flow("fork", "c"), flow("c", "b")),
], ids=["terminate event", "event sub-process"])  # fmt: skip
def test_so_it_has_when_what_is_around_ends(stop: tuple[Part, ...]) -> None:
    inside = sub_process("each", collecting(), start("s"), user_task("first"), user_task("second"))
    program = program_of(
        start(), parallel("fork"), inside, flow("start", "fork"), flow("fork", "each"), *stop
    )
    play = Play(program, {**NAMES, "answers": None})
    play.complete("first", 1, answer="Q")
    play.complete("b" if "b" in play.open else "c")
    assert play.ended
    assert play.data["answers"] == [None, "Q", None]


def test_what_the_other_runs_hold_is_collected_when_enough_have_come() -> None:
    until = collecting(until="${nrOfCompletedInstances == 1}")
    inside = sub_process("each", until, start("s"), user_task("first"), user_task("second"))
    play = Play(program_of(start(), inside, end()), NAMES)
    play.complete("first", 2, answer="R")
    play.complete("first", answer="P")
    play.complete("second", 1)
    assert play.ended
    assert play.data["answers"] == ["P", None, "R"]


@pytest.mark.parametrize("until", ["", "${nrOfCompletedInstances == 1}"], ids=["timer", "enough"])
def test_an_output_parameter_that_fills_the_list_does_so_for_a_run_cut_off(until: str) -> None:
    mapping = parameters({"draft": "${name + '?'}"}, {"answer": "${draft}"})
    program = program_of(
        start(), user_task("each", mapping, collecting(until=until)),
        boundary("late", "each", timer("P1D")), flow("start", "each"), flow("late", "end"), end(),
    )  # fmt: skip
    play = Play(program, NAMES)
    play.complete("each", 1, draft="Q")
    play.days(1)
    assert play.ended
    assert play.data["answers"] == ["p?", "Q", "r?"]


@pytest.mark.parametrize(
    ("kind", "given"), [("error", 5), ("escalation", 5), ("timer", None), ("message", None)]
)
def test_what_a_called_process_gives_back_when_it_is_left_is_collected(
    kind: str, given: int | None
) -> None:
    play = called(kind, collecting(), into="answer")
    play.complete("first", n=5)
    leave(play, kind)
    assert play.open == ["out"]
    assert play.data["answers"] == [given, None, None]


def test_a_run_of_runs_gives_the_list_of_those_within() -> None:
    inner = Part(collecting().xml.replace("answers", "list").replace('"answer"', '"word"'))
    outer = Part(collecting().xml.replace('"answer"', '"list"'))
    within = sub_process("within", outer, start("s"), user_task("each", inner), end("e"))
    program = program_of(
        start(), within, boundary("late", "within", timer("P1D")),
        flow("start", "within"), flow("late", "end"), end(),
    )  # fmt: skip
    play = Play(program, {"names": ["p", "q"]})
    play.complete("each", 3, word="Q")
    play.days(1)
    assert play.data["answers"] == [[None, None], [None, "Q"]]


def test_the_counts_of_a_whole_are_read_inside_it_and_nowhere_else() -> None:
    play = Play(program_of(start(), user_task("each", collecting()), user_task("after")), NAMES)
    play.complete("each")
    counts = {"nrOfInstances": 3, "nrOfCompletedInstances": 1, "nrOfActiveInstances": 2}
    assert seen(play, "each").items() >= counts.items()
    play.complete("each")
    play.complete("each")
    assert not seen(play, "after").keys() & counts.keys()


# --- parameters -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", LEFT_BY)
def test_output_parameters_are_written_when_an_event_ends_the_activity(kind: str) -> None:
    outputs = {"noted": "${approved}", "unset": "${never_set}", "broken": "${approved + 1}"}
    mapping = parameters({"approved": "${none}"}, outputs)
    parts = list(guarded(kind))
    sub = parts[1].xml.replace(">", f">{mapping.xml}", 1)
    parts[1] = Part(sub, "sub", joins=True)
    play = Play(program_of(*parts), {"none": None})
    play.complete("first", approved="yes")
    leave(play, kind)
    assert play.open == ["out"]
    assert play.data == {"none": None, "noted": "yes", "unset": None}


def test_withdrawing_an_instance_writes_no_output_parameter() -> None:
    mapping = parameters({}, {"noted": "${x}"})
    play = Play(program_of(start(), user_task("a", mapping), end()), {"x": 1})
    play.step(lambda live: live.cancel(play))
    assert play.data == {"x": 1}


def called(kind: str, *marker: Part, into: str = "result") -> Play:
    """A call that passes `n` in and `n` out, left by an event."""
    over = passing('in source="n" target="n"', f'out source="n" target="{into}"')
    ends = end("e", LEFT_BY[kind]) if kind in ("error", "escalation") else end("e")
    child = process("child", start("s"), user_task("first"), user_task("second"), ends)
    caller = process(
        "p", start(), node("callActivity", "go", over, *marker, calledElement="child"),
        boundary("left", "go", LEFT_BY[kind]), user_task("after"), user_task("out"),
        flow("start", "go"), flow("go", "after"), flow("left", "out"),
    )  # fmt: skip
    return Play(program_of(caller, child), {"n": 1, **NAMES} if marker else {"n": 1})


@pytest.mark.parametrize(
    ("kind", "given"),
    [("error", True), ("escalation", True), ("timer", False), ("message", False),
     ("signal", False)],
)  # fmt: skip
def test_a_called_process_gives_back_when_it_is_left_by_error_or_escalation(
    kind: str, given: bool
) -> None:
    play = called(kind)
    play.complete("first", n=5)
    leave(play, kind)
    assert play.open == ["out"]
    assert play.data == ({"n": 1, "result": 5} if given else {"n": 1})


def test_an_escalation_that_goes_on_inside_gives_back_what_is_known_then() -> None:
    over = passing('out source="n" target="result"')
    child = process(
        "child", start("s"), throw("up", event("escalation", "news")), user_task("a"), end("e")
    )
    caller = process(
        "p", start(), node("callActivity", "go", over, calledElement="child"),
        boundary("heard", "go", event("escalation", "news"), interrupting=False),
        user_task("look"), user_task("after"),
        flow("start", "go"), flow("go", "after"), flow("heard", "look"),
    )  # fmt: skip
    play = Play(program_of(caller, child))
    assert play.open == ["a", "look"]
    assert play.data == {"result": None}
    play.complete("a", n=5)
    assert play.data == {"result": 5}


# --- history --------------------------------------------------------------------------------------


def changed(
    play: Play, element: str, index: int = 0, /, **answers: object
) -> dict[str, dict[str, object]]:
    """What one step says it has written."""
    live = play.live
    live.snapshot()
    live.complete(play.task(element, index).token, answers, play)
    return live.changed()


def test_history_names_the_scope_of_a_changed_variable() -> None:
    mapping = parameters({"own": "1"}, {})
    inside = sub_process("sub", start("s"), user_task("a", AT_ONCE), user_task("b"), end("e"))
    whole = inside.xml.replace(">", f">{mapping.xml}", 1)
    play = Play(program_of(start(), Part(whole, "sub", joins=True), end()), {"x": 1})
    assert changed(play, "a", x=2, own=5, loopCounter=7) == {
        "": {"x": 2}, "sub": {"own": 5}, "sub/a[1]": {"loopCounter": 7},
    }  # fmt: skip


def test_history_tells_the_calls_of_one_activity_apart() -> None:
    given = extensions(Part('<camunda:in source="name" target="name"/>'))
    call = node("callActivity", "go", given, AT_ONCE, calledElement="inner")
    inner = process("inner", start("s"), user_task("ask"), end("e"))
    play = Play(program_of(process("p", start(), call, end()), inner))
    assert changed(play, "ask", 0, verdict=1) == {"go[1]/go": {"verdict": 1}}
    assert changed(play, "ask", 1, verdict=1) == {"go[2]/go": {"verdict": 1}}


def test_a_write_that_is_undone_in_the_same_step_is_not_told() -> None:
    there_and_back = script_task("s", "y = x\nx = 9"), script_task("t", "x = y\ndel y")
    play = Play(program_of(start(), user_task("a"), *there_and_back, user_task("b")), {"x": 1})
    assert changed(play, "a", z=1) == {"": {"z": 1}}


def test_a_variable_taken_away_is_told_as_null() -> None:
    play = Play(program_of(start(), user_task("a"), script_task("s", "del x"), user_task("b")),
                {"x": 1})  # fmt: skip
    assert changed(play, "a") == {"": {"x": None}}


def test_a_catch_event_writes_what_its_message_brings_where_the_name_lives() -> None:
    mapping = parameters({"own": "1"}, {})
    news = catch("news", event("message", "m"))
    inside = sub_process("sub", start("s"), news, user_task("a"), end("e"))
    whole = Part(inside.xml.replace(">", f">{mapping.xml}", 1), "sub", joins=True)
    play = Play(program_of(start(), whole, user_task("after")), {"x": 1})
    play.deliver("m", own=2, x=2)
    assert seen(play, "a") == {"own": 2, "x": 2}
    play.complete("a")
    assert play.data == {"x": 2}
