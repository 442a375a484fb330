"""Sizes count the written form, and data that could not be read again is never written."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.execution.border import Fault, Live, Program
from engine.execution.border.state.codec import MAX_DATA_BYTES
from engine.language.budget import MAX_CHARACTERS
from engine.models.bundle import read_bundle
from engine.sentences.errors import BadInput, ModelError
from tests.engine.conftest import Open
from tests.engine.execution.border.play import Play
from tests.engine.models.building import (
    Part,
    bpmn,
    call,
    end,
    extensions,
    flow,
    parallel,
    process,
    script_task,
    service_task,
    start,
    sub_process,
    user_task,
)
from tests.engine.models_of_tests import only_task, open_elements

LONG = "x" * 90_000
"""Text that one value may hold; twenty of them are as much as one value may be."""


def test_nothing_a_model_or_a_caller_makes_takes_more_memory_than_there_is() -> None:
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-m", "tests.engine.hostile_data"],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    assert len(lines) > 60
    went_on = [name for name, came, _ in lines if came == "went on"]
    assert went_on == []
    assert not [line for line in lines if "UNREADABLE" in line[2]]
    assert not [line for line in lines if "taken" in line[1]]
    assert not [line for line in lines if "Error" in line[1] or "Traceback" in line[1]]


def steps_of(*scripts: str) -> dict[str, bytes]:
    """A process that asks a person before each script, so that each runs in a step of its own."""
    parts = [
        part
        for number, script in enumerate(scripts)
        for part in (user_task(f"ask_{number}"), script_task(f"make_{number}", script))
    ]
    return {"steps.bpmn": bpmn(process("steps", start(), *parts, user_task("last"), end()))}


def test_a_case_that_would_grow_too_large_keeps_what_it_had_and_says_which_value_it_is(
    open_engine: Open,
) -> None:
    engine = open_engine()
    fill = "{name} = ['{number}' * 60000] * 9"
    engine.deploy(steps_of(*(fill.format(name=f"part_{n}", number=n) for n in range(9))), "owner")
    case = engine.start("steps")
    while True:
        [task] = engine.tasks(case)
        received = engine.complete(task.id, {}, "ani")
        if received.incident is not None:
            break
    [incident] = engine.incidents()
    assert "too large" in str(incident.what)
    assert incident.element_id.startswith("make_")
    kept = engine.data(case)
    assert len(json.dumps(kept)) <= MAX_DATA_BYTES
    assert open_elements(engine, case) == [task.element_id]


def test_branches_that_are_small_alone_are_refused_when_the_whole_is_too_large(
    open_engine: Open,
) -> None:
    made = (
        '<camunda:inputOutput><camunda:inputParameter name="text">'
        "${['x' * 60000] * 26}</camunda:inputParameter></camunda:inputOutput>"
    )
    branches = [user_task(f"ask_{n}", extensions(Part(made))) for n in range(5)]
    flows = [flow("start", "first"), flow("first", "split")]
    for n in range(5):
        flows += [flow("split", f"ask_{n}"), flow(f"ask_{n}", "end")]
    engine = open_engine()
    whole = process(
        "wide", start(), user_task("first"), parallel("split"), *branches, end(), *flows
    )
    engine.deploy({"wide.bpmn": bpmn(whole)}, "owner")
    case = engine.start("wide")
    received = engine.complete(only_task(engine, case).id, {}, "ani")
    [incident] = engine.incidents()
    assert received.incident == incident.id
    assert "larger than 5 MB; most of it is text" in str(incident.what)
    assert incident.element_id.startswith("ask_")
    assert open_elements(engine, case) == ["first"], "the step is rolled back"
    assert engine.data(case) == {}


def test_a_start_that_would_be_too_large_stores_nothing(open_engine: Open) -> None:
    engine = open_engine()
    wide = "a = '\U0001f600' * 99000\na = [a] * 19"
    engine.deploy({"s.bpmn": bpmn(process("s", start(), script_task("m", wide), end()))}, "owner")
    with pytest.raises(ModelError, match="larger than 5 MB"):
        engine.start("s")
    assert engine.tasks() == []


def test_calls_nested_too_deeply_to_be_read_back_are_refused(open_engine: Open) -> None:
    inner = user_task("deep")
    for number in range(30):
        inner = sub_process(f"s{number}", start(f"a{number}"), inner, end(f"b{number}"))
    chain = [
        process(f"p{n}", start(f"s_{n}"), call(f"c_{n}", f"p{n + 1}"), end(f"e_{n}"))
        for n in range(110)
    ]
    chain.append(process("p110", start("s_x"), inner, end("e_x")))
    engine = open_engine()
    engine.deploy({"chain.bpmn": bpmn(*chain)}, "owner")
    with pytest.raises(ModelError, match=r"nested more than|read back"):
        engine.start("p0")


# --- either refused or read back equal ------------------------------------------------------------

texts = st.text(max_size=20) | st.sampled_from(
    ["\0", "\ud800", "typename", "__class__", "\U0001f600", "9" * 30, "x" * 3_000]
)
numbers = (
    st.integers()
    | st.integers(-(2**64), 2**64)
    | st.floats()
    | st.sampled_from([2**63 - 1, 2**63, -(2**63), -(2**63) - 1, 10**400, 1e308, -0.0])
)
plain: st.SearchStrategy[Any] = st.none() | st.booleans() | numbers | texts
anything = st.recursive(
    plain | st.binary(max_size=3) | st.dates() | st.decimals(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(texts | st.integers(), inner, max_size=4)
        | inner.map(lambda value: [value] * 300)
        | inner.map(lambda value: [[value] * 40] * 40)
    ),
    max_leaves=12,
)

ASKED = Program.build(
    read_bundle({"p.bpmn": bpmn(process("p", start(), user_task("a"), user_task("b"), end()))}), "p"
)


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(st.dictionaries(texts, anything, max_size=4))
def test_what_a_caller_sends_is_refused_or_reads_back_equal(data: dict[str, Any]) -> None:
    try:
        live = Play(ASKED, data).live
        body = live.dump()
    except BadInput as refused:
        assert refused.fields or str(refused)
        return
    except Fault as fault:
        assert str(fault.what) and str(fault.advice)
        return
    assert Live.load(ASKED, body).data == live.data
    assert Live.load(ASKED, body).dump() == body


SERVED = Program.build(
    read_bundle(
        {"p.bpmn": bpmn(process("p", start(), service_task("t", "give"), user_task("b"), end()))}
    ),
    "p",
)


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(st.dictionaries(texts, anything, max_size=4))
def test_what_a_handler_returns_is_refused_or_reads_back_equal(data: dict[str, Any]) -> None:
    try:
        live = Play(SERVED, handlers={"give": lambda called: data}).live
        body = live.dump()
    except Fault as fault:
        assert str(fault.what) and str(fault.advice)
        return
    assert Live.load(SERVED, body).data == live.data


literals = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**19), 10**19) | st.floats() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
).map(repr)
grown = st.sampled_from(
    ["a = [a, a]", "a = {'k': a, 'l': a}", "a = [a] * 100", "a = [a] * 9999", "a = str(a) * 9",
     "a = 'x' * 99999", "a = list(zip([a], [a]))", "a = set([1])", "b = a", "a = now()",
     "a = f'{a}' + f'{a}'"]
)  # fmt: skip


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(literals, st.lists(grown, max_size=8))
def test_what_a_script_makes_is_refused_or_reads_back_equal(first: str, rest: list[str]) -> None:
    script = "\n".join([f"a = {first}", *rest])
    made = bpmn(process("p", start(), script_task("make", script), user_task("b"), end()))
    bundle = read_bundle({"p.bpmn": made})
    if bundle.problems and any(problem.severity == "error" for problem in bundle.problems):
        return
    program = Program.build(bundle, "p")
    try:
        live = Play(program).live
        body = live.dump()
    except Fault as fault:
        assert fault.element_id == "make" and str(fault.what) and str(fault.advice)
        return
    assert Live.load(program, body).data == live.data
    assert len(body) < MAX_DATA_BYTES


def test_what_a_script_leaves_alone_is_not_counted_as_made(open_engine: Open) -> None:
    """A case with much data may go through many scripts in one step."""
    parts = [script_task(f"s{n}", f"n = {n}") for n in range(60)]
    engine = open_engine()
    whole = process("many", start(), user_task("ask"), *parts, user_task("last"), end())
    engine.deploy({"many.bpmn": bpmn(whole)}, "owner")
    case = engine.start("many", {"texts": [LONG] * 12})
    assert engine.complete(only_task(engine, case).id, {}, "ani").incident is None
    assert engine.data(case)["n"] == 59
    assert 60 * 12 * len(LONG) > MAX_CHARACTERS * 10
