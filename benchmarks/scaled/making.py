# ruff: noqa: UP031 - a kind is a line, and its braces are places to fill
"""Writing models with many things of one kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from xml.sax.saxutils import escape

import orjson

Files = dict[str, bytes]
Make = Callable[[int], Files]
Kinds = Mapping[str, tuple[int, Make]]

BPMN = (
    'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"'
    ' xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="t"'
)
DMN = 'xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="t"'
TASK = '<userTask id="{0}" name="Task {0}" camunda:assignee="demo"/>'
FLOW = '<sequenceFlow id="f_{0}_{1}" sourceRef="{0}" targetRef="{1}"/>'
START, END = '<startEvent id="start"/>', '<endEvent id="end"/>'
SIMPLE = START + TASK.format("t") + END + FLOW.format("start", "t") + FLOW.format("t", "end")


def bpmn(inside: str, before: str = "", root: str = "", process: str = "") -> Files:
    """One process around these elements; `before` is written in front of it."""
    text = (
        f'<definitions {BPMN} {root}>{before}<process id="p" isExecutable="true" {process}>'
        f"{inside}</process></definitions>"
    )
    return {"scaled.bpmn": text.encode()}


def many(n: int, template: str, separator: str = "") -> str:
    """The template n times: `{0}` is the number from 0, `{1}` the number before, `{2}` the next."""
    return separator.join(template.format(i, i - 1, i + 1) for i in range(n))


def dmn(inside: str) -> Files:
    """A DMN file around these decisions."""
    return {"scaled.dmn": f"<definitions {DMN}>{inside}</definitions>".encode()}


def table(rules: str, inputs: int = 1, policy: str = "UNIQUE", of: str = "number") -> str:
    """A decision table; its columns read a0, a1, ..."""
    columns = many(
        inputs,
        '<input id="i{0}" label="a{0}"><inputExpression id="e{0}" typeRef="%s"><text>a{0}</text>'
        "</inputExpression></input>" % of,
    )
    return (
        f'<decision id="t" name="t"><decisionTable id="dt" hitPolicy="{policy}">{columns}'
        f'<output id="o" name="r" typeRef="string"/>{rules}</decisionTable></decision>'
    )


def rules(n: int, cell: Callable[[int, int], str], inputs: int = 1) -> str:
    """Rows of a table: `cell(row, column)` is the text of an input."""
    return "".join(
        f'<rule id="r{row}">'
        + "".join(
            f"<inputEntry><text>{escape(cell(row, column))}</text></inputEntry>"
            for column in range(inputs)
        )
        + "<outputEntry><text>&quot;x&quot;</text></outputEntry></rule>"
        for row in range(n)
    )


def form(components: list[object]) -> Files:
    """A form of these components."""
    return {"scaled.form": orjson.dumps({"id": "f", "type": "default", "components": components})}


def script(text: str) -> Files:
    """A process with one script task."""
    task = f'<scriptTask id="s" scriptFormat="python"><script>{escape(text)}</script></scriptTask>'
    return bpmn(START + task + END + FLOW.format("start", "s") + FLOW.format("s", "end"))


def condition(text: str) -> Files:
    """A process with one condition."""
    task = f'<exclusiveGateway id="g" default="f_g_end"/>{TASK.format("t")}'
    asked = (
        '<sequenceFlow id="c" sourceRef="g" targetRef="t"><conditionExpression '
        f'xsi:type="tFormalExpression">{escape(text)}</conditionExpression></sequenceFlow>'
    )
    flows = FLOW.format("start", "g") + FLOW.format("g", "end") + FLOW.format("t", "end")
    return bpmn(START + task + END + asked + flows)


def extended(inside: str, kind: str = "userTask", attributes: str = "") -> Files:
    """One task with these extension elements."""
    task = f'<{kind} id="t" {attributes}><extensionElements>{inside}</extensionElements></{kind}>'
    return bpmn(START + task + END + FLOW.format("start", "t") + FLOW.format("t", "end"))


def chain(n: int, node: str = TASK) -> str:
    """Start, n nodes `n0`, `n1`, ... and end in a row."""
    nodes = "".join(node.format(f"n{i}") for i in range(n))
    ids = ["start", *(f"n{i}" for i in range(n)), "end"]
    return START + nodes + END + "".join(map(FLOW.format, ids, ids[1:]))


def split(n: int, kind: str, node: str = TASK) -> str:
    """A gateway with n ways, and one that joins them."""
    nodes = "".join(node.format(f"n{i}") for i in range(n))
    flows = "".join(FLOW.format("g", f"n{i}") + FLOW.format(f"n{i}", "j") for i in range(n))
    ends = FLOW.format("start", "g") + FLOW.format("j", "end")
    return f'{START}<{kind} id="g"/>{nodes}<{kind} id="j"/>{END}{flows}{ends}'


def mesh(n: int, kind: str = "exclusiveGateway") -> str:
    """About n flows between gateways, each to each: the greatest possible number of circles."""
    side = max(int(n**0.5), 2)
    nodes = "".join(f'<{kind} id="n{i}"/>' for i in range(side))
    flows = "".join(FLOW.format(f"n{i}", f"n{j}") for i in range(side) for j in range(side))
    return START + nodes + END + FLOW.format("start", "n0") + flows + FLOW.format("n0", "end")


def nested(n: int, inner: str, kind: str = "subProcess") -> str:
    """n sub-processes, one inside the other."""
    for i in range(n):
        ids = (f"start{i}", f"s{i}", f"end{i}")
        inner = (
            f'<{kind} id="s{i}"><startEvent id="start{i}x"/>{inner}</{kind}>'
            f'<startEvent id="start{i}"/><endEvent id="end{i}"/>'
            f"{FLOW.format(*ids[:2])}{FLOW.format(*ids[1:])}"
        )
    return inner


def called(n: int, last: str) -> Files:
    """n processes, each calling the next; the last one calls `last`."""
    processes = many(
        n,
        '<process id="p{0}" isExecutable="true"><startEvent id="s{0}"/>'
        '<callActivity id="c{0}" calledElement="p{2}"/><endEvent id="e{0}"/>'
        '<sequenceFlow id="x{0}" sourceRef="s{0}" targetRef="c{0}"/>'
        '<sequenceFlow id="y{0}" sourceRef="c{0}" targetRef="e{0}"/></process>',
    )
    processes = processes.replace(f'calledElement="p{n}"', f'calledElement="{last}"')
    return {"scaled.bpmn": f"<definitions {BPMN}>{processes}</definitions>".encode()}


def required(n: int, fan: bool) -> Files:
    """n decisions that need the one before, or all before it."""
    decision = (
        '<decision id="d{0}" name="d{0}"><variable id="v{0}" name="d{0}"/>{3}'
        "<literalExpression><text>1</text></literalExpression></decision>"
    )
    needs = '<informationRequirement><requiredDecision href="#d{0}"/></informationRequirement>'
    return dmn(
        "".join(
            decision.format(i, 0, 0, many(i, needs) if fan else needs.format(i - 1) if i else "")
            for i in range(n)
        )
    )


def grouped(n: int) -> Files:
    """Groups in groups, written by hand, because no writer of JSON nests so deeply."""
    opened = "".join('{"type":"group","id":"g%d","components":[' % i for i in range(n))
    inside = opened + '{"type":"textfield","id":"f","key":"k"}' + "]}" * n
    return {"scaled.form": f'{{"id":"f","type":"default","components":[{inside}]}}'.encode()}
