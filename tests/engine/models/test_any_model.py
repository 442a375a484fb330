"""No model crashes or hangs reading and checking, however it is damaged or drawn."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Callable
from cProfile import Profile
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from engine.models.bundle import digest_of, read_bundle
from engine.models.checks import Known, check_bundle
from engine.xml.tree import Node
from tests.engine.models.building import (
    Part,
    boundary,
    bpmn,
    call,
    catch,
    compensate,
    decision_task,
    end,
    event,
    event_gateway,
    exclusive,
    extensions,
    flow,
    multi_instance,
    node,
    parallel,
    process,
    properties,
    script_task,
    service_task,
    start,
    sub_process,
    throw,
    timer,
    user_task,
)

LIMIT_CALLS = 3_000_000
"""Python calls that a check may take, about two seconds: counted, because a busy machine is slow
and a check that grows with the square of a drawing takes many times as many."""

FIELDS = Part(
    '<camunda:formData><camunda:formField id="x" type="enum"><camunda:value id="a"/>'
    "</camunda:formField></camunda:formData><camunda:inputOutput>"
    '<camunda:inputParameter name="n"><camunda:list><camunda:value>${x}</camunda:value>'
    "</camunda:list></camunda:inputParameter></camunda:inputOutput>"
)
EVERYTHING = bpmn(
    process(
        "p",
        start(),
        parallel("tracks"),
        user_task(
            "ask",
            extensions(FIELDS),
            camunda_candidateGroups="a,${'b:' + x}",
            camunda_dueDate="${working_days(3, task.created)}",
            camunda_formRef="f",
        ),
        exclusive("g", "g_to_ask"),
        script_task("s", "y = x + 1"),
        decision_task("d", "table"),
        sub_process("inner", multi_instance("list"), start("s1"), call("c", "p"), end("s2")),
        event_gateway("w"),
        catch("m", properties(correlationKey="${x}"), event("message", "m")),
        catch("t", timer("P1D")),
        throw("e", event("escalation", "late")),
        service_task("n", "notify"),
        end("done", event("terminate")),
        boundary("b", "ask", timer('${next_look("table")}', "timeCycle"), interrupting=False),
        boundary("err", "inner", event("error", "bad")),
        sub_process(
            "extra",
            start("asked", event("signal", "help"), isInterrupting=False),
            throw("away", Part('<linkEventDefinition name="A"/>')),
            catch("here", Part('<linkEventDefinition name="A"/>')),
            end("told", event("signal", "told")),
            flow("asked", "away"),
            flow("here", "told"),
            triggeredByEvent=True,
        ),
        node(
            "transaction",
            "booking",
            Part(
                '<standardLoopCharacteristics loopMaximum="3"><loopCondition>x</loopCondition>'
                "</standardLoopCharacteristics>"
            ),
            start("s3"),
            end("undone", event("cancel")),
        ),
        boundary("undo", "booking", event("cancel")),
        *(
            flow(*pair.split())
            for pair in (
                "start tracks", "tracks ask", "tracks w", "ask g", "g ask", "s d", "d inner",
                "inner e", "e n", "n done", "w m", "w t", "m done", "t done", "b n", "err done",
            )
        ),
        flow("g", "s", "x == 'a'"),
    )
)  # fmt: skip


def check(files: dict[str, bytes]) -> None:
    """Reads, checks and digests; every finding can be told."""
    digest_of(files)
    for problem in check_bundle(read_bundle(files), Known()):
        assert problem.what.render()
        assert problem.advice.render()


def drop_attribute(node: Node, chance: random.Random, _: Node) -> None:
    if node.attrib:
        del node.attrib[chance.choice(list(node.attrib))]


def swap_value(node: Node, chance: random.Random, other: Node) -> None:
    if node.attrib and other.attrib:
        value = other.attrib[chance.choice(list(other.attrib))]
        node.set(chance.choice(list(node.attrib)), value)


def garble(node: Node, chance: random.Random, _: Node) -> None:
    garbage = chance.choice(["", "${", "= x", "P", "R/", "{{", "\u202e", "x" * 3000, "(" * 300])
    if node.attrib and chance.random() < 0.5:
        node.set(chance.choice(list(node.attrib)), garbage)
    else:
        node.text = garbage


def drop_element(node: Node, _: random.Random, __: Node) -> None:
    parent = node.getparent()
    if parent is not None:
        parent.remove(node)


def move_element(node: Node, _: random.Random, other: Node) -> None:
    if node not in other.iterancestors() and node is not other:
        other.append(node)


def copy_element(node: Node, _: random.Random, other: Node) -> None:
    other.append(etree.fromstring(etree.tostring(node)))


def rename_element(node: Node, _: random.Random, other: Node) -> None:
    node.tag = other.tag


Damage = Callable[[Node, random.Random, Node], None]
DAMAGES: list[Damage] = [
    drop_attribute, swap_value, garble, drop_element, move_element, copy_element, rename_element,
]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(1, 8))
@pytest.mark.long
def test_no_damage_to_a_model_does_more_than_give_problems(
    chance: random.Random, hits: int
) -> None:
    root = etree.fromstring(EVERYTHING)
    for _ in range(hits):
        nodes = [node for node in root.iter() if node is not root]
        if nodes:
            chance.choice(DAMAGES)(chance.choice(nodes), chance, chance.choice(nodes))
    check({"p.bpmn": etree.tostring(root)})


@pytest.mark.long
def test_an_id_that_is_given_twice_holds_nobody_up() -> None:
    """A sub-process may seem to lie in itself, whichever element or process lends its id."""
    kinds = ("process", "subProcess", "transaction", "adHocSubProcess")
    ids = etree.fromstring(EVERYTHING).xpath(
        "//*[local-name()='process']/descendant-or-self::*/@id"
    )
    for place, id in itertools.product(range(6), ids):
        root = etree.fromstring(EVERYTHING)
        holders = list(root.iter(*(f"{{*}}{kind}" for kind in kinds)))
        if place < len(holders):
            holders[place].set("id", str(id))
            check({"p.bpmn": etree.tostring(root)})


def test_a_sub_process_called_as_its_process_holds_nobody_up() -> None:
    thrown = throw("back", compensate("a"))
    undone = sub_process("p", start(), thrown, script_task("s", "x = 1"), triggeredByEvent=True)
    branches = [flow("tracks", "a"), flow("tracks", "b"), flow("start", "tracks")]
    scripts = [script_task(name, "x = 1") for name in ("a", "b")]
    check({"p.bpmn": bpmn(process("p", start(), parallel("tracks"), *scripts, undone, *branches))})


WORDS = [
    *("type", "key", "id", "text", "validate", "components", "conditional", "hide", "path"),
    *("values", "textfield", "group", "dynamiclist", "select", "a", "=a", "required", "min", ""),
]


@settings(max_examples=60, deadline=None)
@given(st.data())
@pytest.mark.long
def test_no_form_does_more_than_give_problems(data: st.DataObject) -> None:
    words = st.sampled_from(WORDS)
    values = st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | words,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=5),
        max_leaves=25,
    )
    component = st.dictionaries(words, values, max_size=6)
    form = {"id": "f", "components": data.draw(st.lists(component, max_size=4))}
    check({"f.form": json.dumps(form).encode()})


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200), st.sampled_from(["x.bpmn", "x.dmn", "x.form", "x.txt"]))
def test_no_bytes_do_more_than_give_problems(content: bytes, name: str) -> None:
    check({name: content})


def wide() -> bytes:
    branches = [user_task(f"t{number}") for number in range(400)]
    flows = [flow("s", part.id) for part in branches] + [flow(part.id, "j") for part in branches]
    ends = (flow("start", "s"), flow("j", "end"))
    return bpmn(
        process("p", start(), parallel("s"), *branches, parallel("j"), end(), *flows, *ends)
    )


def tangled() -> bytes:
    """60 tasks, each leading to every other: every loop there can be."""
    tasks = [user_task(f"t{number}") for number in range(60)]
    flows = [flow(a.id, b.id) for a in tasks for b in tasks]
    return bpmn(process("p", start(), *tasks, end(), flow("start", "t0"), *flows))


def long_row_of_gateways() -> bytes:
    """A chain of decisions, with a way back to the first from each."""
    gateways = [exclusive(f"g{number}") for number in range(1_000)]
    ids = ["start", *(part.id for part in gateways), "end"]
    flows = [flow(a, b, "x > 1") for a, b in pairwise(ids)]
    back = [flow(part.id, "g0", "y > 1", id=f"back_{part.id}") for part in gateways]
    return bpmn(process("p", start(), *gateways, end(), *flows, *back))


def many_reminders() -> bytes:
    """A row of tasks, each with a repeating timer that leads into the next task."""
    tasks = [user_task(f"t{number}") for number in range(500)]
    reminders = [
        boundary(f"b{part.id}", part.id, timer("R/P1D", "timeCycle"), interrupting=False)
        for part in tasks
    ]
    ids = ["start", *(part.id for part in tasks), "end"]
    flows = [flow(a, b) for a, b in pairwise(ids)]
    away = [flow(f"b{a}", b) for a, b in pairwise(ids[1:])]
    return bpmn(process("p", start(), *tasks, *reminders, end(), *flows, *away))


def many_small_loops() -> bytes:
    pairs = [(user_task(f"a{n}"), user_task(f"b{n}")) for n in range(500)]
    flows = [one for a, b in pairs for one in (flow(a.id, b.id), flow(b.id, a.id))]
    return bpmn(process("p", start(), *(part for pair in pairs for part in pair), end(), *flows))


def deep() -> bytes:
    inner = sub_process("s0", start("start0"), end("end0"))
    for number in range(1, 80):
        inner = sub_process(f"s{number}", start(f"start{number}"), inner, end(f"end{number}"))
    return bpmn(process("p", start(), inner, end()), diagram=False)


def crowded() -> bytes:
    """As many foreign elements as a file may hold."""
    return bpmn(process("p", start(), extensions(Part("<x/>" * 95_000)), end()))


def largest() -> bytes:
    """As many tasks as a file may hold, each with everything a task can have."""
    tasks = [user_task(f"t{n}", extensions(FIELDS), camunda_dueDate="${a}") for n in range(1_950)]
    return bpmn(process("p", start(), *tasks, end()))


def large_text() -> bytes:
    return bpmn(process("p", start(), script_task("s", "x = 1\n" * 1_500_000), end()))


@pytest.mark.long
@pytest.mark.parametrize(
    "drawing",
    [
        wide,
        tangled,
        long_row_of_gateways,
        many_reminders,
        many_small_loops,
        deep,
        crowded,
        largest,
        large_text,
    ],
)
def test_no_drawing_takes_more_than_a_few_million_calls(drawing: Callable[[], bytes]) -> None:
    content, counted = drawing(), Profile(builtins=False)
    counted.enable()
    try:
        check({"p.bpmn": content})
    finally:
        counted.disable()
    assert 0 < sum(one.callcount for one in counted.getstats()) < LIMIT_CALLS
