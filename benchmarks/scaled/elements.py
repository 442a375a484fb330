# ruff: noqa: E501 - a kind is a line, and its braces are places to fill
"""Many other elements of a BPMN file."""

from __future__ import annotations

from benchmarks.scaled.making import SIMPLE, START, TASK, Kinds, bpmn, called, chain, many, nested

KINDS: Kinds = {
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
}
