"""The models of the kept cases of `scopes`: one for each way in which variables were stored."""

from __future__ import annotations

from itertools import pairwise

from tests.engine.models.building import (
    Part,
    boundary,
    bpmn,
    catch,
    end,
    event,
    extensions,
    flow,
    multi_instance,
    node,
    parallel,
    process,
    script_task,
    start,
    sub_process,
    timer,
    user_task,
)


def fields(*names: str) -> Part:
    """A form with an optional text for each name."""
    entries = "".join(f'<camunda:formField id="{name}" type="string"/>' for name in names)
    return extensions(Part(f"<camunda:formData>{entries}</camunda:formData>"))


def parameters(inputs: dict[str, str], outputs: dict[str, str]) -> Part:
    """Input and output parameters."""
    entries = "".join(
        f'<camunda:{kind}Parameter name="{name}">{text}</camunda:{kind}Parameter>'
        for kind, values in (("input", inputs), ("output", outputs))
        for name, text in values.items()
    )
    return extensions(Part(f"<camunda:inputOutput>{entries}</camunda:inputOutput>"))


def collecting(*, sequential: bool, until: str | None = None) -> Part:
    """A marker over `names` that collects the `answer` of each run in `answers`."""
    condition = f"<completionCondition>{until}</completionCondition>" if until else ""
    return Part(
        f'<multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}">'
        "<loopDataInputRef>names</loopDataInputRef><loopDataOutputRef>answers</loopDataOutputRef>"
        '<inputDataItem id="name" name="name"/><outputDataItem id="answer" name="answer"/>'
        f"{condition}</multiInstanceLoopCharacteristics>"
    )


LOOP = Part(
    "<standardLoopCharacteristics><loopCondition>loopCounter &lt; 3</loopCondition>"
    "</standardLoopCharacteristics>"
)


def forked(key: str, first: tuple[Part, ...], second: tuple[Part, ...], *more: Part) -> Part:
    """A fork of two chains of nodes that join, and one last task."""
    flows = [flow("start", "fork"), flow("join", "after"), flow("after", "end")]
    for chain in (first, second):
        ids = ["fork", *(part.id for part in chain), "join"]
        flows += [flow(*way) for way in pairwise(ids)]
    ways = (start(), parallel("fork"), *first, *second, parallel("join"), user_task("after"), end())
    return process(key, *ways, *more, *flows)


def guarded(key: str, activity: Part, *events: tuple[Part, tuple[Part, ...]]) -> Part:
    """One activity, a task after it, and behind each boundary event of the activity a chain with
    an end of its own; one without a chain leads to that task."""
    parts: list[Part] = [start(), activity, user_task("after"), end()]
    ways = [("start", activity.id), (activity.id, "after"), ("after", "end")]
    for guard, chain in events:
        over = (end(f"{guard.id}_over"),) if chain else ()
        parts += [guard, *chain, *over]
        ids = [guard.id, *(part.id for part in (*chain, *over) or parts[2:3])]
        ways += pairwise(ids)
    return process(key, *parts, *(flow(*way) for way in ways))


def noted(id: str) -> Part:
    """Adds the time of its own firing to the list of all of them."""
    return script_task(id, "looked = looked + [timer['planned']]")


def watch(id: str, begin: Part, *chain: Part) -> Part:
    """An event sub-process that leaves everything else running."""
    first, last = start(id, begin, isInterrupting=False), end(f"{id}_over")
    return sub_process(f"{id}_watch", first, *chain, last, triggeredByEvent=True)


def watched(key: str, *watches: Part) -> Part:
    """A task beside which event sub-processes may begin."""
    ways = (flow("start", "work"), flow("work", "after"), flow("after", "end"))
    return process(key, start(), user_task("work"), user_task("after"), end(), *watches, *ways)


def calling(key: str, *inner: Part) -> Part:
    """A call of `child` beside a task."""
    call = node("callActivity", "go", *inner, calledElement="child")
    return forked(key, (call,), (user_task("beside"),))


STEPS = (start("s"), user_task("one"), user_task("two"), end("e"))
INSIDE = (*STEPS, flow("s", "one"), flow("one", "two"), flow("two", "e"))
ADDED = script_task("sum", "total = n + 1")
CHILD = process("child", start("s"), user_task("ask"), ADDED, user_task("sign"), end("e"))

PROCESSES = (
    forked("form", (user_task("ask", fields("note", "other")),), (user_task("beside"),)),
    forked(
        "form_in_runs",
        (user_task("ask", fields("note"), multi_instance("${names}", "name")),),
        (user_task("beside"),),
    ),
    guarded(
        "form_inside",
        sub_process("sub", start("s"), user_task("ask", fields("note", "other")), end("e")),
        (boundary("late", "sub", timer("P20D")), ()),
    ),
    guarded(
        "form_guarded",
        user_task("ask", fields("note", "other")),
        (boundary("late", "ask", timer("P20D")), ()),
    ),
    forked(
        "conflict",
        (user_task("a1"), user_task("a2")),
        (user_task("b1"), user_task("b2", fields("dropped"))),
    ),
    process(
        "ended",
        start(),
        parallel("fork"),
        user_task("a"),
        end("a_over"),
        user_task("b1"),
        user_task("b2", fields("dropped")),
        end(),
        flow("start", "fork"),
        flow("fork", "a"),
        flow("a", "a_over"),
        flow("fork", "b1"),
        flow("b1", "b2"),
        flow("b2", "end"),
    ),
    guarded("at_once", user_task("each", collecting(sequential=False))),
    guarded("one_by_one", user_task("each", collecting(sequential=True))),
    guarded(
        "until",
        user_task("each", collecting(sequential=False, until="${nrOfCompletedInstances == 3}")),
    ),
    guarded(
        "runs_inside",
        sub_process("each", multi_instance("${names}", "name"), *INSIDE),
        (boundary("late", "each", timer("P30D")), ()),
    ),
    guarded("again", user_task("each", LOOP)),
    guarded(
        "again_inside",
        sub_process("each", LOOP, *INSIDE),
        (boundary("late", "each", timer("P40D")), ()),
    ),
    guarded(
        "late",
        user_task("work"),
        (
            boundary("early", "work", timer("P1D"), interrupting=False),
            (user_task("look"), noted("n")),
        ),
        (
            boundary("later", "work", timer("P2D"), interrupting=False),
            (user_task("look2"), noted("n2")),
        ),
        (
            boundary("third", "work", timer("P2D"), interrupting=False),
            (catch("news", event("message", "scoop")), noted("n3")),
        ),
        (boundary("armed", "work", timer("P50D"), interrupting=False), (noted("n4"),)),
    ),
    watched(
        "watch_timer", watch("due", timer("R2/P1D", "timeCycle"), user_task("look"), noted("n"))
    ),
    watched("watch_message", watch("told", event("message", "hint"), user_task("look"))),
    calling("call_plain"),
    calling("call_in", parameters({"n": "${x * 10}"}, {})),
    calling("call_both", parameters({"n": "${x * 10}"}, {"result": "${total}"})),
    calling("call_out", parameters({}, {"result": "${total}"})),
    guarded(
        "call_late",
        node("callActivity", "go", calledElement="child"),
        (boundary("late", "go", timer("P60D")), ()),
    ),
    guarded(
        "inside",
        sub_process(
            "sub",
            *INSIDE,
            boundary("seen", "two", timer("P1D"), interrupting=False),
            user_task("look"),
            noted("n"),
            end("noted_end"),
            boundary("unseen", "two", timer("P70D")),
            flow("seen", "look"),
            flow("look", "n"),
            flow("n", "noted_end"),
            flow("unseen", "e"),
        ),
        (boundary("late", "sub", timer("P80D")), ()),
    ),
    calling("call_runs", multi_instance("${names}", "name")),
    guarded(
        "call_timed",
        node(
            "callActivity",
            "go",
            parameters({"looked": "${looked}"}, {"looked": "${looked}"}),
            calledElement="timed",
        ),
    ),
    guarded(
        "watch_inside",
        sub_process(
            "sub",
            *INSIDE,
            watch("due", timer("P1D"), user_task("look"), noted("n")),
            watch("told", event("message", "hint"), user_task("look2")),
        ),
        (boundary("late", "sub", timer("P90D")), ()),
    ),
    forked(
        "failed",
        (user_task("a1"), script_task("double", "total = amount * 2")),
        (user_task("b1"),),
    ),
    process(
        "timed",
        start(),
        user_task("ask"),
        boundary("seen", "ask", timer("P1D"), interrupting=False),
        user_task("look"),
        noted("n"),
        end(),
        flow("start", "ask"),
        flow("ask", "end"),
        flow("seen", "look"),
        flow("look", "n"),
        flow("n", "end"),
    ),
    CHILD,
)
MODELS = {f"{part.id}.bpmn": bpmn(part) for part in PROCESSES}
