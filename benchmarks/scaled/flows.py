# ruff: noqa: E501 - a kind is a line, and its braces are places to fill
"""Many flow nodes and flows of a process."""

from __future__ import annotations

from benchmarks.scaled.making import (
    FLOW,
    SIMPLE,
    TASK,
    Kinds,
    bpmn,
    chain,
    dmn,
    many,
    mesh,
    rules,
    split,
    table,
)

KINDS: Kinds = {
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
}
