# ruff: noqa: E501, UP031 - a kind is a line, and its braces are places to fill
"""Models that hold many of one kind of thing: what `benchmarks.scaled` and the tests of bounds check.

Owns the kinds: for each, a number of it that a check bears easily, and how a model with n is made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from xml.sax.saxutils import escape

import orjson

Files = dict[str, bytes]
Make = Callable[[int], Files]

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
    """One process around these elements; `before` stands in front of it."""
    text = (
        f'<definitions {BPMN} {root}>{before}<process id="p" isExecutable="true" {process}>'
        f"{inside}</process></definitions>"
    )
    return {"scaled.bpmn": text.encode()}


def many(n: int, template: str, separator: str = "") -> str:
    """The template n times, `{0}` numbered from 0, `{1}` the number before, `{2}` the next."""
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
    """A gateway with n ways and one that joins them."""
    nodes = "".join(node.format(f"n{i}") for i in range(n))
    flows = "".join(FLOW.format("g", f"n{i}") + FLOW.format(f"n{i}", "j") for i in range(n))
    ends = FLOW.format("start", "g") + FLOW.format("j", "end")
    return f'{START}<{kind} id="g"/>{nodes}<{kind} id="j"/>{END}{flows}{ends}'


def mesh(n: int, kind: str = "exclusiveGateway") -> str:
    """About n flows between gateways, each to each: as many circles as there can be."""
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


KINDS: Mapping[str, tuple[int, Make]] = {
    "attributes": (50_000, lambda n: bpmn(SIMPLE, process=many(n, 'a{0}="1"', " "))),
    "foreign attributes": (
        50_000,
        lambda n: bpmn(SIMPLE, process=many(n, 'camunda:a{0}="1"', " ")),
    ),
    "attributes in all": (
        100_000,
        lambda n: bpmn(
            SIMPLE,
            before=f"<x:e xmlns:x='u' {many(100, 'a{0}=%s1%s' % (chr(34), chr(34)), ' ')}/>"
            * (n // 100),
        ),
    ),
    "prefixes": (15_000, lambda n: bpmn(SIMPLE, root=many(n, 'xmlns:a{0}="u{0}"', " "))),
    "nested prefixes": (
        15_000,
        lambda n: bpmn(
            SIMPLE,
            before="".join(
                f"<x{i} {many(n // 50, f'xmlns:a{i}x{{0}}=%su{{0}}%s' % (chr(34), chr(34)), ' ')}>"
                for i in range(50)
            )
            + "".join(f"</x{i}>" for i in reversed(range(50))),
        ),
    ),
    "prefixes of siblings": (
        50_000,
        lambda n: bpmn(SIMPLE, before=many(n, '<a{0}:x xmlns:a{0}="u"/>')),
    ),
    "elements": (100_000, lambda n: bpmn(SIMPLE, before=many(n, '<bpmndi:x id="a{0}"/>'))),
    "elements in text": (
        25_000,
        lambda n: bpmn(SIMPLE, before="<documentation>" + many(n, "<b/>t") + "</documentation>"),
    ),
    "comments": (200_000, lambda n: bpmn(SIMPLE, before=many(n, "<!--x-->"))),
    "entities": (
        200_000,
        lambda n: bpmn(SIMPLE, before=f"<documentation>{'&lt;' * n}</documentation>"),
    ),
    "depth": (25, lambda n: bpmn(SIMPLE, before="<a>" * n + "</a>" * n)),
    "deep depth": (2_500, lambda n: bpmn(SIMPLE, before="<a>" * n + "</a>" * n)),
    "long text": (2_000_000, lambda n: bpmn(f"<documentation>{'x' * n}</documentation>" + SIMPLE)),
    "long name": (2_000_000, lambda n: bpmn(SIMPLE + f'<task id="{"x" * n}"/>')),
    "tasks": (700, lambda n: bpmn(chain(n))),
    "bare tasks": (1500, lambda n: bpmn("".join(TASK.format(f"n{i}") for i in range(n)))),
    "tasks of one id": (1400, lambda n: bpmn(SIMPLE + TASK.format("t") * n)),
    "flows without id": (
        1400,
        lambda n: bpmn(SIMPLE + '<sequenceFlow sourceRef="start" targetRef="t"/>' * n),
    ),
    "flows of one pair": (
        1400,
        lambda n: bpmn(
            SIMPLE + many(n, '<sequenceFlow id="x{0}" sourceRef="start" targetRef="t"/>')
        ),
    ),
    "flows to nowhere": (
        1400,
        lambda n: bpmn(
            SIMPLE + many(n, '<sequenceFlow id="x{0}" sourceRef="start" targetRef="q{0}"/>')
        ),
    ),
    "exclusive ways": (450, lambda n: bpmn(split(n, "exclusiveGateway"))),
    "parallel ways": (450, lambda n: bpmn(split(n, "parallelGateway"))),
    "inclusive ways": (450, lambda n: bpmn(split(n, "inclusiveGateway"))),
    "event ways": (
        450,
        lambda n: bpmn(
            split(
                n,
                "eventBasedGateway",
                '<intermediateCatchEvent id="{0}"><timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition></intermediateCatchEvent>',
            )
        ),
    ),
    "exclusive gateways": (700, lambda n: bpmn(chain(n, '<exclusiveGateway id="{0}"/>'))),
    "parallel gateways": (700, lambda n: bpmn(chain(n, '<parallelGateway id="{0}"/>'))),
    "mesh of gateways": (1400, lambda n: bpmn(mesh(n))),
    "mesh of parallel gateways": (1400, lambda n: bpmn(mesh(n, "parallelGateway"))),
    "mesh of inclusive gateways": (1400, lambda n: bpmn(mesh(n, "inclusiveGateway"))),
    "mesh of script tasks": (1400, lambda n: bpmn(mesh(n, "manualTask"))),
    "boundary timers": (
        700,
        lambda n: bpmn(
            SIMPLE
            + many(
                n,
                '<boundaryEvent id="b{0}" attachedToRef="t" cancelActivity="false"><timerEventDefinition><timeCycle>R/P1D</timeCycle></timerEventDefinition></boundaryEvent>'
                + FLOW.format("b{0}", "end"),
            )
        ),
    ),
    "boundary messages": (
        700,
        lambda n: bpmn(
            SIMPLE
            + many(
                n,
                '<boundaryEvent id="b{0}" attachedToRef="t"><messageEventDefinition messageRef="m"/></boundaryEvent>'
                + FLOW.format("b{0}", "end"),
            ),
            '<message id="m" name="m"/>',
        ),
    ),
    "timers behind timers": (
        450,
        lambda n: bpmn(
            SIMPLE
            + many(
                n,
                TASK.format("u{0}")
                + '<boundaryEvent id="b{0}" attachedToRef="u{0}" cancelActivity="false"><timerEventDefinition><timeCycle>R/P1D</timeCycle></timerEventDefinition></boundaryEvent>'
                + FLOW.format("b{0}", "u{2}"),
            )
        ),
    ),
    "ladders": (
        450,
        lambda n: {
            **bpmn(
                SIMPLE
                + many(
                    n,
                    TASK.format("u{0}")
                    + '<boundaryEvent id="b{0}" attachedToRef="u{0}" cancelActivity="false"><timerEventDefinition><timeCycle>${{next_look("t")}}</timeCycle></timerEventDefinition></boundaryEvent>'
                    + FLOW.format("b{0}", "u{2}"),
                )
            ),
            **dmn(table(rules(50, lambda r, c: f"> {r}"))),
        },
    ),
    "sub-processes": (
        450,
        lambda n: bpmn(chain(n, '<subProcess id="{0}"><startEvent id="s{0}"/></subProcess>')),
    ),
    "nested sub-processes": (20, lambda n: bpmn(nested(n, ""))),
    "cycles over nested sub-processes": (
        20,
        lambda n: bpmn(nested(n, "".join(TASK.format(f"q{i}") for i in range(1000)))),
    ),
    "event sub-processes": (
        450,
        lambda n: bpmn(
            SIMPLE
            + many(
                n,
                '<subProcess id="u{0}" triggeredByEvent="true"><startEvent id="v{0}"><messageEventDefinition messageRef="m"/></startEvent></subProcess>',
            ),
            '<message id="m" name="m"/>',
        ),
    ),
    "lanes": (
        1400,
        lambda n: bpmn(
            "<laneSet>"
            + many(n, '<lane id="l{0}" name="l"><flowNodeRef>t</flowNodeRef></lane>')
            + "</laneSet>"
            + SIMPLE
        ),
    ),
    "nested lanes": (
        20,
        lambda n: bpmn(
            "<laneSet>"
            + many(n, '<lane id="l{0}"><flowNodeRef>t</flowNodeRef><childLaneSet>')
            + "</childLaneSet></lane>" * n
            + "</laneSet>"
            + SIMPLE
        ),
    ),
    "data objects": (1400, lambda n: bpmn(many(n, '<dataObject id="d{0}"/>') + SIMPLE)),
    "data references": (
        700,
        lambda n: bpmn(
            many(n, '<dataObject id="d{0}"/><dataObjectReference id="r{0}" dataObjectRef="d{0}"/>')
            + SIMPLE
        ),
    ),
    "data associations": (
        450,
        lambda n: bpmn(
            many(n, '<dataObject id="d{0}" name="d{0}"/>')
            + START
            + '<userTask id="t">'
            + many(
                n,
                '<dataOutputAssociation id="a{0}"><sourceRef>x</sourceRef><targetRef>d{0}</targetRef></dataOutputAssociation>',
            )
            + "</userTask>"
        ),
    ),
    "messages": (1400, lambda n: bpmn(SIMPLE, many(n, '<message id="m{0}" name="m{0}"/>'))),
    "caught messages": (
        450,
        lambda n: bpmn(
            chain(
                n,
                '<intermediateCatchEvent id="{0}"><messageEventDefinition messageRef="m{0}"/></intermediateCatchEvent>',
            ),
            many(n, '<message id="mn{0}" name="m{0}"/>'),
        ),
    ),
    "links": (
        450,
        lambda n: bpmn(
            SIMPLE
            + many(
                n,
                '<intermediateThrowEvent id="a{0}"><linkEventDefinition name="l"/></intermediateThrowEvent><intermediateCatchEvent id="b{0}"><linkEventDefinition name="l"/></intermediateCatchEvent>',
            )
        ),
    ),
    "one link": (
        700,
        lambda n: bpmn(
            SIMPLE
            + '<intermediateCatchEvent id="b"><linkEventDefinition name="l"/></intermediateCatchEvent>'
            + many(
                n,
                '<intermediateThrowEvent id="a{0}"><linkEventDefinition name="l"/></intermediateThrowEvent>',
            )
        ),
    ),
    "catch timers": (
        450,
        lambda n: bpmn(
            chain(
                n,
                '<intermediateCatchEvent id="{0}"><timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition></intermediateCatchEvent>',
            )
        ),
    ),
    "definitions of an event": (
        1400,
        lambda n: bpmn(
            chain(
                1,
                '<intermediateCatchEvent id="{0}">'
                + "<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>"
                * n
                + "</intermediateCatchEvent>",
            )
        ),
    ),
    "multi-instance": (
        700,
        lambda n: bpmn(
            chain(
                n,
                '<userTask id="{0}"><multiInstanceLoopCharacteristics camunda:collection="xs" camunda:elementVariable="x"/></userTask>',
            )
        ),
    ),
    "processes": (700, lambda n: called(n, "")),
    "chained calls": (300, lambda n: called(n, "p0x")),
    "circle of calls": (300, lambda n: called(n, "p0")),
    "flows of processes with findings": (
        300,
        lambda n: called(n, "").__class__(
            {"scaled.bpmn": called(n, "")["scaled.bpmn"].replace(b'targetRef="e', b'targetRef="z')}
        ),
    ),
    "parameters": (
        10_000,
        lambda n: extended(
            "<camunda:inputOutput>"
            + many(n, '<camunda:inputParameter name="a{0}">${{x}}</camunda:inputParameter>')
            + "</camunda:inputOutput>"
        ),
    ),
    "list parameters": (
        20_000,
        lambda n: extended(
            '<camunda:inputOutput><camunda:inputParameter name="a"><camunda:list>'
            + many(n, "<camunda:value>{0}</camunda:value>")
            + "</camunda:list></camunda:inputParameter></camunda:inputOutput>"
        ),
    ),
    "properties": (
        20_000,
        lambda n: extended(
            "<camunda:properties>"
            + many(n, '<camunda:property name="a{0}" value="x"/>')
            + "</camunda:properties>"
        ),
    ),
    "embedded fields": (
        10_000,
        lambda n: extended(
            "<camunda:formData>"
            + many(n, '<camunda:formField id="a{0}" label="a" type="string"/>')
            + "</camunda:formData>"
        ),
    ),
    "embedded choices": (
        20_000,
        lambda n: extended(
            '<camunda:formData><camunda:formField id="a" type="enum">'
            + many(n, '<camunda:value id="a{0}" name="x"/>')
            + "</camunda:formField></camunda:formData>"
        ),
    ),
    "constraints": (
        20_000,
        lambda n: extended(
            '<camunda:formData><camunda:formField id="a" type="string"><camunda:validation>'
            + '<camunda:constraint name="required"/>' * n
            + "</camunda:validation></camunda:formField></camunda:formData>"
        ),
    ),
    "listeners": (
        20_000,
        lambda n: extended('<camunda:taskListener class="x" event="create"/>' * n),
    ),
    "candidate groups": (
        20_000,
        lambda n: extended("", attributes=f'camunda:candidateGroups="{many(n, "g{0}", ",")}"'),
    ),
    "candidate expressions": (
        10_000,
        lambda n: extended("", attributes=f'camunda:candidateGroups="{many(n, "${{g}}", ",")}"'),
    ),
    "instructions": (20_000, lambda n: bpmn(START + f'<userTask id="t" name="{"${x}" * n}"/>')),
    "foreign extensions": (20_000, lambda n: extended('<z:x xmlns:z="http://zeebe/"/>' * n)),
    "sum": (1_200, lambda n: condition("1" + "+1" * n)),
    "names": (1_200, lambda n: condition(" and ".join(["x > 1"] * n))),
    "brackets": (25, lambda n: condition("(" * n + "1" + ")" * n)),
    "juel": (1_200, lambda n: condition("${" + " && ".join(["x"] * n) + "}")),
    "juel not": (4_000, lambda n: condition("${" + "!" * n + "x}")),
    "juel questions": (1_200, lambda n: condition("${" + "a ? " * n + "b" + " : c" * n + "}")),
    "juel quotes": (2_000, lambda n: condition("${" + "'\\\"" * n + "}")),
    "juel parts": (1_200, lambda n: condition("${1}" * n)),
    "juel open": (4_000, lambda n: condition("${" * n)),
    "wrong text": (4_000, lambda n: condition("x ? " * n)),
    "wrong quotes": (4_000, lambda n: condition("'" + '"' * n + "x")),
    "conditions": (
        500,
        lambda n: bpmn(
            split(1, "exclusiveGateway")
            + many(
                n,
                '<sequenceFlow id="c{0}" sourceRef="g" targetRef="n0"><conditionExpression>x%s</conditionExpression></sequenceFlow>'
                % (" + 1" * 2000),
            )
        ),
    ),
    "script lines": (1_200, lambda n: script("x = 1\n" * n)),
    "script names": (1_200, lambda n: script(many(n, "x{0} = y{0}\n"))),
    "script calls": (1_200, lambda n: script("x = f(y)\n" * n)),
    "script blocks": (
        25,
        lambda n: script("".join("  " * i + "if x:\n" for i in range(n)) + "  " * n + "y = 1\n"),
    ),
    "script blank lines": (4_000, lambda n: script("\n" * n + "x = 1")),
    "script comprehension": (500, lambda n: script("x = [i " + "for i in y " * n + "]")),
    "script list": (2_000, lambda n: script("x = [" + "1," * n + "]")),
    "script constants": (
        300,
        lambda n: script(many(n, "x = sum(range(9999)) + sorted(range(9999))[{0}]\n")),
    ),
    "rules UNIQUE apart": (1000, lambda n: dmn(table(rules(n, lambda r, c: str(r))))),
    "rules UNIQUE of text": (
        1000,
        lambda n: dmn(table(rules(n, lambda r, c: f'"k{r}"'), of="string")),
    ),
    "rules UNIQUE ranges": (1000, lambda n: dmn(table(rules(n, lambda r, c: f"[{r}..{r}]")))),
    "rules UNIQUE overlapping": (1000, lambda n: dmn(table(rules(n, lambda r, c: f"> {r}")))),
    "rules UNIQUE all same": (1000, lambda n: dmn(table(rules(n, lambda r, c: "-")))),
    "rules UNIQUE almost": (
        500,
        lambda n: dmn(table(rules(n, lambda r, c: f"> {r}" if c == 0 else str(r), 2), 2)),
    ),
    "rules UNIQUE of dates": (
        500,
        lambda n: dmn(
            table(rules(n, lambda r, c: f'date("2026-01-01") + duration("P{r}D")'), of="date")
        ),
    ),
    "rules UNIQUE not": (1000, lambda n: dmn(table(rules(n, lambda r, c: f"not({r})")))),
    "rules UNIQUE by another column": (
        1000,
        lambda n: dmn(table(rules(n, lambda r, c: f"> a1 + {r}", 2), 2)),
    ),
    "rules FIRST": (1000, lambda n: dmn(table(rules(n, lambda r, c: f"> {r}"), policy="FIRST"))),
    "rules with wrong cells": (1000, lambda n: dmn(table(rules(n, lambda r, c: "???")))),
    "columns": (500, lambda n: dmn(table(rules(4, lambda r, c: str(r), n), n))),
    "wide rules": (50, lambda n: dmn(table(rules(90, lambda r, c: f"> {r}", n), n))),
    "outputs": (
        1000,
        lambda n: dmn(
            table("").replace(
                '<output id="o" name="r" typeRef="string"/>',
                many(n, '<output id="o{0}" name="r{0}"/>'),
            )
        ),
    ),
    "listed values": (
        1000,
        lambda n: dmn(table(rules(1, lambda r, c: ",".join(map(str, range(n)))))),
    ),
    "lists of values": (
        20,
        lambda n: dmn(table(rules(50, lambda r, c: ",".join(f"{r}{i}" for i in range(n * 10))))),
    ),
    "long cell": (1000, lambda n: dmn(table(rules(1, lambda r, c: "> 1" + " + 1" * n)))),
    "allowed values": (
        1000,
        lambda n: dmn(
            table(rules(10, lambda r, c: f'"v{r}"'), of="string").replace(
                "</inputExpression>",
                "</inputExpression><inputValues><text>"
                + many(n, '"v{0}"', ",")
                + "</text></inputValues>",
            )
        ),
    ),
    "decisions": (50, lambda n: required(n, fan=False)),
    "chain of decisions": (50, lambda n: required(n, fan=False)),
    "decisions that need all": (50, lambda n: required(n, fan=True)),
    "required inputs": (
        1000,
        lambda n: dmn(
            many(
                n,
                '<inputData id="i{0}" name="i{0}"><variable name="i{0}" typeRef="number"/></inputData>',
            )
            + '<decision id="d"><variable name="d"/>'
            + many(
                n, '<informationRequirement><requiredInput href="#i{0}"/></informationRequirement>'
            )
            + "<literalExpression><text>i1</text></literalExpression></decision>"
        ),
    ),
    "knowledge": (
        500,
        lambda n: dmn(
            many(
                n,
                '<businessKnowledgeModel id="k{0}" name="k{0}"><variable name="k{0}"/><encapsulatedLogic><formalParameter name="x"/><literalExpression><text>x + 1</text></literalExpression></encapsulatedLogic><knowledgeRequirement><requiredKnowledge href="#k{2}"/></knowledgeRequirement></businessKnowledgeModel>',
            )
            + '<decision id="d"><variable name="d"/><knowledgeRequirement><requiredKnowledge href="#k0"/></knowledgeRequirement><literalExpression><text>k0(1)</text></literalExpression></decision>'
        ),
    ),
    "types": (
        1000,
        lambda n: dmn(
            many(n, '<itemDefinition name="t{0}"><typeRef>t{2}</typeRef></itemDefinition>')
            + table(rules(1, lambda r, c: "1"), of="t0")
        ),
    ),
    "type components": (
        1000,
        lambda n: dmn(
            '<itemDefinition name="t">'
            + many(n, '<itemComponent name="c{0}"><typeRef>string</typeRef></itemComponent>')
            + "</itemDefinition>"
            + table(rules(1, lambda r, c: "1"), of="t")
        ),
    ),
    "long formula": (
        1000,
        lambda n: dmn(
            f'<decision id="d"><variable name="d"/><literalExpression><text>1{" + 1" * n}</text></literalExpression></decision>'
        ),
    ),
    "formula brackets": (
        25,
        lambda n: dmn(
            f'<decision id="d"><variable name="d"/><literalExpression><text>{"(" * n}1{")" * n}</text></literalExpression></decision>'
        ),
    ),
    "formula ifs": (
        500,
        lambda n: dmn(
            f'<decision id="d"><variable name="d"/><literalExpression><text>{"if x then 1 else " * n}1</text></literalExpression></decision>'
        ),
    ),
    "formula quotes": (
        2000,
        lambda n: dmn(
            f'<decision id="d"><variable name="d"/><literalExpression><text>{chr(34) * n}</text></literalExpression></decision>'
        ),
    ),
    "ladder rows": (
        100,
        lambda n: {
            **bpmn(
                START
                + '<userTask id="t" camunda:dueDate="${{now()}}"/><boundaryEvent id="b" attachedToRef="t" cancelActivity="false"><timerEventDefinition><timeCycle>${next_look("t")}</timeCycle></timerEventDefinition></boundaryEvent>'
            ),
            **dmn(
                table(rules(n, lambda r, c: f"< {r * 3}"), policy="FIRST")
                .replace("a0", "overdue")
                .replace('name="r" typeRef="string"', 'name="next_look"')
                .replace("&quot;x&quot;", "overdue + 1")
            ),
        },
    ),
    "fields": (
        150,
        lambda n: form(
            [{"type": "textfield", "id": f"f{i}", "key": f"k{i}", "label": "x"} for i in range(n)]
        ),
    ),
    "fields with findings": (
        2000,
        lambda n: form(
            [{"type": "textfield", "id": f"f{i}", "key": "for", "label": "x"} for i in range(n)]
        ),
    ),
    "unknown components": (
        5000,
        lambda n: form([{"type": "zzz", "id": f"f{i}"} for i in range(n)]),
    ),
    "components that are none": (50_000, lambda n: form([0] * n)),
    "choices": (
        5000,
        lambda n: form(
            [
                {
                    "type": "select",
                    "id": "f",
                    "key": "k",
                    "values": [{"value": str(i), "label": "x"} for i in range(n)],
                }
            ]
        ),
    ),
    "default choices": (
        5000,
        lambda n: form(
            [
                {
                    "type": "checklist",
                    "id": "f",
                    "key": "k",
                    "defaultValue": [str(i) for i in range(n)],
                    "values": [{"value": str(i), "label": "x"} for i in range(n)],
                }
            ]
        ),
    ),
    "groups": (4, lambda n: form([_grouped(n)])),
    "deep groups": (50, lambda n: form([_grouped(n)])),
    "conditions of fields": (
        150,
        lambda n: form(
            [
                {
                    "type": "textfield",
                    "id": f"f{i}",
                    "key": f"k{i}",
                    "conditional": {"hide": "=" + " and ".join(f"k{j} = 1" for j in range(100))},
                }
                for i in range(n)
            ]
        ),
    ),
    "long condition": (
        10_000,
        lambda n: form(
            [
                {
                    "type": "textfield",
                    "id": "f",
                    "key": "k",
                    "conditional": {"hide": "=" + " and ".join(["k = 1"] * n)},
                }
            ]
        ),
    ),
    "condition brackets": (
        1000,
        lambda n: form(
            [
                {
                    "type": "textfield",
                    "id": "f",
                    "key": "k",
                    "conditional": {"hide": "=" + "(" * n + "k = 1" + ")" * n},
                }
            ]
        ),
    ),
    "long pattern": (
        10_000,
        lambda n: form(
            [{"type": "textfield", "id": "f", "key": "k", "validate": {"pattern": "(a|b)*" * n}}]
        ),
    ),
    "nested pattern": (
        250,
        lambda n: form(
            [
                {
                    "type": "textfield",
                    "id": "f",
                    "key": "k",
                    "validate": {"pattern": "((a{1,10}){1,10}){1,9}" * n},
                }
            ]
        ),
    ),
    "long form text": (
        100_000,
        lambda n: form([{"type": "text", "id": "f", "text": "${x}" * (n // 4)}]),
    ),
    "deep JSON": (250, lambda n: {"scaled.form": b"[" * n + b"]" * n}),
}


def _grouped(n: int) -> object:
    component: object = {"type": "textfield", "id": "f", "key": "k"}
    for i in range(n):
        component = {"type": "group", "id": f"g{i}", "components": [component]}
    return component
