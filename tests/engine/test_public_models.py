"""`python -m benchmarks.models` on small folders: what counts, what deploys, what runs."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks.models import __main__ as benchmark
from benchmarks.models.counted import reason_not_counted
from benchmarks.models.trying import Outcome, try_file
from tests.engine.models.building import (
    Part,
    boundary,
    bpmn,
    call,
    catch,
    decision_task,
    end,
    event,
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
    user_task,
)

LISTENER = extensions(Part('<camunda:executionListener event="start" class="org.Told"/>'))
NOT_COUNTED = {
    "incomplete: a service task without a topic": service_task("t", None),
    "incomplete: a call without a process": call("t", None),
    "incomplete: a business rule task without a table": decision_task("t", None),
    "incomplete: its decision table lies elsewhere": decision_task("t", "routing"),
    "incomplete: a message without a name": catch("t", event("message")),
    "incomplete: a signal without a name": throw("t", event("signal")),
    "incomplete: a timer without a time": catch("t", event("timer")),
    "incomplete: a sub-process with nothing in it": sub_process("t"),
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
    assert reason_not_counted("p.bpmn", content, frozenset()) == reason


def test_what_names_all_it_needs_counts() -> None:
    parts = [
        service_task("work", "post"),
        call("call", "elsewhere"),
        decision_task("decide", "routing"),
        catch("paid", event("message", "paid")),
        user_task("ask", camunda_assignee="${people.get('first')}"),
    ]
    content = bpmn(process("p", start(), *parts, end()))
    assert reason_not_counted("p.bpmn", content, frozenset({"routing"})) is None


def test_a_file_that_is_wrong_on_purpose_does_not_count() -> None:
    content = bpmn(process("p", start(), end()))
    assert reason_not_counted("fail_flow.bpmn", content, frozenset())
    assert reason_not_counted("failover.bpmn", content, frozenset()) is None


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
