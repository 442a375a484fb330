"""Gateways that might read the answer of an earlier round (`engine-facts`, trap 28).

If the human task in front of a gateway asks for the value the gateway reads, it must insist on an
answer: left open, the gateway would decide by nothing, or by what an earlier round left behind.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.models.checks.subject import Subject
from engine.models.elements import Element
from engine.models.forms import Field
from engine.models.problems import Problem
from engine.words import say

HUMAN = frozenset({"userTask", "manualTask"})
LOOK_BACK = 30
"""Elements looked at behind a gateway; bounds the work on drawings of gateways only."""
ALWAYS_ANSWERED = frozenset({"checkbox"})
"""Not ticked is an answer."""


def check_stale_answers(subject: Subject) -> Iterator[Problem]:
    """Fields that a gateway right behind the form decides by are required."""
    for gateway in subject.of_kind("exclusiveGateway"):
        for name in sorted(_names_read(subject, gateway)):
            for task in _askers(subject, gateway, name):
                field = _optional_field(subject, task, name)
                if field is not None:
                    yield _problem(subject, task, gateway, field)


def _names_read(subject: Subject, gateway: Element) -> frozenset[str]:
    flows = subject.graph.outgoing(gateway.id)
    conditions = [flow.condition for flow in flows if flow.condition is not None]
    return frozenset(name for condition in conditions for name in condition.names)


def _askers(subject: Subject, gateway: Element, name: str) -> Iterator[Element]:
    """The human tasks last passed before the gateway, unless something in between sets `name`."""
    seen = {gateway.id}
    open_ends = [gateway.id]
    while open_ends and len(seen) < LOOK_BACK:
        for flow in subject.graph.incoming(open_ends.pop()):
            source = subject.process.elements[flow.source]
            if source.id in seen:
                continue
            seen.add(source.id)
            if source.kind in HUMAN:
                yield source
            elif not sets(source, name):
                open_ends.append(source.attached_to or source.id)


def sets(element: Element, name: str) -> bool:
    """Whether a script, result or output parameter of the element sets the variable `name`."""
    scripts = (element.script, element.pre_script, element.post_script)
    return (
        element.result_variable == name
        or any(output == name for output, _ in element.outputs)
        or any(script is not None and name in script.assigned for script in scripts)
    )


def _optional_field(subject: Subject, task: Element, name: str) -> Field | None:
    if sets(task, name):
        return None
    form = subject.bundle.form_of(task)
    field = form.field(name) if form is not None else None
    if field is None or field.required or field.locked or field.type in ALWAYS_ANSWERED:
        return None
    return field


def _problem(subject: Subject, task: Element, gateway: Element, field: Field) -> Problem:
    return subject.error(
        task,
        "stale-answer",
        say(
            "{gateway} decides by the field {field}, which the form of this task lets people skip.",
            gateway=gateway.name or gateway.id,
            field=field.label or field.key,
        ),
        say("Make the field required."),
    )
