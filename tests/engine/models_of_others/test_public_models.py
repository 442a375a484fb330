"""`python -m benchmarks.models` on small folders: which models count, deploy and run."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks.models import __main__ as benchmark
from benchmarks.models import forbidden as benchmark_rules
from benchmarks.models.counted import reason_not_counted
from benchmarks.models.trying import Outcome, try_file
from tests.engine.models.building import (
    Part,
    ad_hoc,
    boundary,
    bpmn,
    call,
    catch,
    decision_task,
    end,
    event,
    event_gateway,
    exclusive,
    extensions,
    flow,
    multi_instance,
    node,
    process,
    script_task,
    service_task,
    start,
    sub_process,
    throw,
    timer,
    undoing,
    user_task,
)

LISTENER = extensions(Part('<camunda:executionListener event="start" class="org.Told"/>'))
LINK = Part('<linkEventDefinition name="L"/>')
NOT_COUNTED = {
    "incomplete: a service task without a topic": service_task("t", None),
    "incomplete: a call without a process": call("t", None),
    "incomplete: a business rule task without a table": decision_task("t", None),
    "incomplete: its decision table lies elsewhere": decision_task("t", "routing"),
    "incomplete: a message without a name": catch("t", event("message")),
    "incomplete: a signal without a name": throw("t", event("signal")),
    "incomplete: a timer without a time": catch("t", event("timer")),
    "incomplete: a sub-process with nothing in it": sub_process("t"),
    "incomplete: an event that waits for nothing": catch("t"),
    "incomplete: a repetition without a number or list": user_task(
        "t", Part("<multiInstanceLoopCharacteristics/>")
    ),
    "foreign: Java class": node("serviceTask", "t", camunda_class="org.Work"),
    "foreign: delegate expression": node("serviceTask", "t", camunda_delegateExpression="${bean}"),
    "foreign: listener": user_task("t", LISTENER),
    "foreign: script of another language": script_task("t", "x;", scriptFormat="groovy"),
    "foreign: function of spiff-arena": script_task("t", "who = get_current_user()"),
    "foreign: connector or built-in program": node("serviceTask", "t", camunda_type="mail"),
    "foreign: expression that calls Java": user_task("t", camunda_assignee="${bean.whom(1)}"),
}


def written(folder: Path, *parts: Part, name: str = "p.bpmn", key: str = "p") -> Path:
    file = folder / name
    file.write_bytes(bpmn(process(key, *parts)))
    return file


def tried(folder: Path, *parts: Part) -> Outcome:
    return try_file(written(folder, *parts), folder)


@pytest.mark.parametrize("reason", NOT_COUNTED)
def test_what_is_unfinished_or_needs_foreign_code_does_not_count(reason: str) -> None:
    content = bpmn(process("p", start(), NOT_COUNTED[reason], end()))
    assert reason_not_counted(content, frozenset()) == reason


def test_what_names_all_it_needs_counts() -> None:
    parts = [
        service_task("work", "post"),
        call("call", "elsewhere"),
        decision_task("decide", "routing"),
        catch("paid", event("message", "paid")),
        user_task("ask", camunda_assignee="${people.get('first')}"),
    ]
    content = bpmn(process("p", start(), *parts, end()))
    assert reason_not_counted(content, frozenset({"routing"})) is None


def test_a_file_counts_whatever_its_name_says(tmp_path: Path) -> None:
    file = written(tmp_path, start(), user_task("a"), end(), name="fail_Invalid.bpmn")
    assert try_file(file, tmp_path).not_counted is None


FORBIDDEN: dict[str, tuple[Part, ...]] = {
    "a choreography in a process (11)": (node("choreographyTask", "x"),),
    "two elements with one id (8.3.1)": (user_task("a"), user_task("a")),
    "a flow that joins no two neighbours (8.4.13)": (user_task("a"), flow("a", "nowhere")),
    "a flow out of an end or into a start or boundary event (10.5)": (
        user_task("a"), end("e"), flow("e", "a"),
    ),
    "an event with a definition that has no place there (10.5)": (end("e", timer("P1D")),),
    "an error that interrupts nothing (10.5)": (
        user_task("a"), boundary("b", "a", event("error", "e"), interrupting=False),
    ),
    "a cancel event without a transaction (10.5)": (end("e", event("cancel")),),
    "a boundary event on no activity beside it (10.5)": (
        exclusive("g"), boundary("b", "g", timer("P1D")),
    ),
    "a link without its one target, or with a flow (10.5)": (throw("t", LINK),),
    "a flow to or from what undoes (10.7)": (
        user_task("a"), user_task("u", isForCompensation=True), flow("a", "u"),
    ),
    "an event gateway without events to choose from (10.6)": (
        event_gateway("g"), user_task("a"), user_task("b"), flow("g", "a"), flow("g", "b"),
    ),
    "an event sub-process with flows or without its start (10.3)": (
        sub_process("w", user_task("a"), triggeredByEvent=True),
    ),
    "an ad-hoc sub-process with start or end events (10.3)": (
        ad_hoc("x", user_task("a"), start("s")),
    ),
    "a default flow of something else (10.6)": (
        user_task("a"), user_task("b"), exclusive("g", default="a_to_b"), flow("a", "b"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("rule", benchmark_rules.FORBIDDEN)
def test_what_bpmn_forbids_is_not_executable(rule: str) -> None:
    content = bpmn(process("p", *FORBIDDEN[rule]))
    assert reason_not_counted(content, frozenset()) == f"not executable: {rule}"


def test_what_bpmn_allows_counts() -> None:
    body = (start("s", event("error", "e")), end("s_end"))
    linked = (user_task("c"), throw("there", LINK), catch("here", LINK), flow("c", "there"))
    inner = sub_process("sub", start("i"), user_task("inside"), end("o"))
    parts = (
        *(event_gateway("g"), catch("m", event("message", "m")), catch("t", timer("P1D"))),
        *(flow("g", "m"), flow("g", "t"), *linked, inner, *undoing("inside_task")),
        *(
            user_task("inside_task"),
            boundary("b", "sub", event("escalation", "e"), interrupting=False),
        ),
        *(sub_process("w", *body, triggeredByEvent=True), ad_hoc("x", user_task("a"))),
    )
    assert reason_not_counted(bpmn(process("p", *parts)), frozenset()) is None


def test_a_file_counts_only_with_the_processes_it_calls(tmp_path: Path) -> None:
    written(tmp_path, start(), service_task("t", None), end(), name="other.bpmn", key="other")
    outcome = tried(tmp_path, start(), call("call", "other"), end())
    assert outcome.not_counted == "incomplete: a service task without a topic"


def test_names_get_values_by_what_is_made_of_them(tmp_path: Path) -> None:
    outcome = tried(
        tmp_path,
        start(),
        script_task("sum", "total = price * int(count)\nfirst = order.lines[0]"),
        user_task("each", multi_instance("${people}")),
        catch("pause", timer("${pause}")),
        exclusive("big"),
        user_task("sign"),
        end(),
        *(flow(a, b) for a, b in (("start", "sum"), ("sum", "each"), ("each", "pause"))),
        flow("pause", "big"),
        flow("big", "sign", "${total > 10 && order.kind == 'new' && not closed}"),
        flow("big", "end", "${total <= 10 || order.kind != 'new' || closed}"),
        flow("sign", "end"),
    )
    assert (outcome.refused, outcome.runs) == ({}, {"p": ("ends", "ends")})


def test_a_loop_gets_another_answer_until_it_is_left(tmp_path: Path) -> None:
    outcome = tried(
        tmp_path,
        start(),
        user_task("ask"),
        exclusive("again"),
        end(),
        flow("start", "ask"),
        flow("ask", "again"),
        flow("again", "ask", "${answer == 'yes'}"),
        flow("again", "end", "${answer == 'no'}"),
    )
    assert outcome.runs["p"][0] == "ends"


def test_messages_signals_and_work_are_brought_when_nobody_can_answer(tmp_path: Path) -> None:
    outcome = tried(
        tmp_path,
        start(),
        catch("paid", event("message", "paid")),
        catch("rung", event("signal", "bell")),
        service_task("work", "post"),
        call("call", "elsewhere"),
        end(),
    )
    assert (outcome.runs["p"][0], outcome.works, outcome.called_elsewhere) == ("ends", True, True)


@pytest.mark.parametrize("kind", ["message", "signal"])
def test_a_process_that_begins_by_one_of_several_events_is_begun_by_the_first(
    kind: str, tmp_path: Path
) -> None:
    starts = [start(name, event(kind, name)) for name in ("ordered", "hurried")]
    parts = (*starts, user_task("ask"), end(), flow("ordered", "ask"), flow("ask", "end"))
    outcome = tried(tmp_path, *parts, flow("hurried", "end"))
    assert (outcome.refused, outcome.runs) == ({}, {"p": ("ends", "ends")})


def test_what_interrupts_is_brought_before_people_answer_too(tmp_path: Path) -> None:
    late = boundary("late", "ask", timer("PT1H"))
    breaks = script_task("breaks", "gone = 1 / (size - size)")
    flows = [flow("start", "ask"), flow("ask", "end"), flow("late", "breaks")]
    outcome = tried(
        tmp_path, start(), user_task("ask"), late, breaks, end(), *flows, flow("breaks", "end")
    )
    assert outcome.runs["p"][0] not in ("ends", "waits")


@pytest.mark.parametrize("until", [None, "${enough}", "${never == 'a' && never == 'b'}"])
def test_what_can_be_chosen_is_done_and_completed(tmp_path: Path, until: str | None) -> None:
    inside = ad_hoc("work", user_task("ask"), script_task("count", "n = 1"), until=until)
    outcome = tried(tmp_path, start(), inside, catch("m", event("message", "m")), end())
    assert outcome.runs["p"][0] == ("waits" if until and "never" in until else "ends")


def test_what_fails_once_it_is_chosen_does_not_run(tmp_path: Path) -> None:
    inside = ad_hoc("work", user_task("ask"), script_task("count", "n = 1 / (size - size)"))
    outcome = tried(tmp_path, start(), inside, end())
    assert outcome.runs["p"][0] not in ("ends", "waits")


def test_work_of_foreign_code_is_tried_once_it_is_a_topic(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    written(tmp_path, start(), node("serviceTask", "s", camunda_class="org.Work"), end())
    listening = node("serviceTask", "s", LISTENER, camunda_class="org.Work")
    written(tmp_path, start(), listening, end(), name="listening.bpmn")
    written(tmp_path, start(), end(), name="plain.bpmn")
    run(monkeypatch, str(tmp_path), "--topics")
    line = capsys.readouterr().out.splitlines()[0]
    assert line == "Of 2 files 1 count: 1 (100.0 %) deploy, 1 (100.0 %) run."


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> None:
    monkeypatch.setattr(sys, "argv", ["models", *words])
    benchmark.main()


def test_the_line_says_how_many_count_deploy_and_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    written(tmp_path, start(), end(), name="a_runs.bpmn")
    written(tmp_path, start(), script_task("s", "x = 1 / (n - n)"), end(), name="b_stops.bpmn")
    written(tmp_path, start(), node("complexGateway", "g"), end(), name="c_refused.bpmn")
    written(tmp_path, start(), service_task("t", None), end(), name="d_unfinished.bpmn")
    run(monkeypatch, str(tmp_path), "--list")
    listed = capsys.readouterr().out.partition("Of ")[0].splitlines()
    assert [one.split("\t")[1] for one in listed] == [
        "runs", "does not run", "does not deploy", "does not count"
    ]  # fmt: skip
    run(monkeypatch, str(tmp_path))
    line = capsys.readouterr().out.splitlines()[0]
    assert line == "Of 4 files 3 count: 2 (66.7 %) deploy, 1 (33.3 %) run."


def test_a_sample_is_the_same_for_the_same_seed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(8):
        written(tmp_path, start(), end(), name=f"{number}.bpmn")
    seen = []
    for seed in ("1", "1", "2"):
        run(monkeypatch, str(tmp_path), "--list", "--sample", "3", "--seed", seed)
        seen.append(capsys.readouterr().out)
    assert seen[0] == seen[1] != seen[2]


def test_what_breaks_the_trying_is_an_outcome_of_its_file(tmp_path: Path) -> None:
    [outcome] = benchmark.try_all([tmp_path / "gone.bpmn"], tmp_path)
    assert "crashed" in next(iter(outcome.refused))
