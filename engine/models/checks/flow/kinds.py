"""The elements that the engine is proven to run: one table; every other element is refused by name.

A kind enters the table with the tests that prove it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.models.checks.subject import Subject
from engine.models.elements import Element, EventDefinition
from engine.sentences.problems import Problem
from engine.sentences.sentence import Sentence, say

PROVEN_ACTIVITIES = frozenset(
    {
        "task",
        "userTask",
        "manualTask",
        "scriptTask",
        "serviceTask",
        "businessRuleTask",
        "sendTask",
        "receiveTask",
        "callActivity",
        "subProcess",
        "transaction",
        "adHocSubProcess",
    }
)
"""Activities; each of them may be repeated."""

PROVEN_NODES = PROVEN_ACTIVITIES | {
    "exclusiveGateway",
    "inclusiveGateway",
    "parallelGateway",
    "eventBasedGateway",
}

PROVEN_EVENTS: Mapping[str, frozenset[str]] = {
    "startEvent": frozenset({"none"}),
    "intermediateCatchEvent": frozenset({"timer", "message", "signal", "link", "conditional"}),
    "intermediateThrowEvent": frozenset(
        {"none", "message", "signal", "escalation", "link", "compensate"}
    ),
    "endEvent": frozenset(
        {"none", "message", "signal", "error", "escalation", "terminate", "cancel", "compensate"}
    ),
    "boundaryEvent": frozenset(
        {"timer", "message", "signal", "error", "escalation", "cancel", "conditional"}
        | {"compensate"}
    ),
}
"""Kind of event -> kinds of event definition."""

PROVEN_STARTS = frozenset({"none", "timer", "message", "signal"})
"""Events that may start a process."""

PROVEN_TRIGGERS = frozenset(
    {"timer", "message", "signal", "error", "escalation", "conditional", "compensate"}
)
"""Events that may start an event sub-process."""

CAUGHT_TOGETHER = frozenset({"timer", "message", "signal", "conditional"})
THROWN_TOGETHER = frozenset({"message", "signal", "escalation"})
"""Definitions that may be one of several in an event."""

CATCH = "intermediateCatchEvent"

INSTEAD: Mapping[str, Sentence] = {
    "complexGateway": say("Draw it with exclusive and parallel gateways."),
    "multiple": say("Draw one event for each thing that may happen."),
    "standard loop": say("Put the element into a sub-process, and repeat the sub-process."),
    "multi-instance": say("Put the element into a sub-process, and repeat the sub-process."),
    "startEvent": say("Start with a plain start event; wait in a catch event right behind it."),
}
ELSE = say("Draw it with the elements that are supported.")


def check_kinds(subject: Subject) -> Iterator[Problem]:
    """Elements, events and markers that the engine is not proven to run."""
    for element in subject.elements:
        for name, kind in _unproven(element, subject):
            yield subject.error(
                element,
                "not-proven",
                say("{name} is not supported here.", name=name),
                INSTEAD.get(kind, ELSE),
            )


def _unproven(element: Element, subject: Subject) -> Iterator[tuple[str, str]]:
    """(name for the finding, key of its advice) of every unproven part of an element."""
    if element.kind in PROVEN_EVENTS:
        yield from _unproven_event(element, subject)
    elif element.kind not in PROVEN_NODES:
        yield element.kind, element.kind
    for marker, present in (
        ("standard loop", _is_unproven_loop(element)),
        ("multi-instance", _is_unproven_round(element)),
    ):
        if present:
            yield f"{marker} ({element.kind})", marker


def _unproven_event(element: Element, subject: Subject) -> Iterator[tuple[str, str]]:
    kind = element.event.kind if element.event is not None else "none"
    begins = element.kind == "startEvent" and element.process == subject.process.key
    if element.event is not None and element.event.several:
        yield from _unproven_together(element, element.event, begins=begins)
        return
    if begins:
        proven = PROVEN_STARTS
    elif begins_by_event(element, subject):
        proven = PROVEN_TRIGGERS | {"none"}  # it has its own finding: nothing would start it
    else:
        proven = PROVEN_EVENTS[element.kind]
    if kind not in proven:
        yield (
            f"{kind} {element.kind}",
            element.kind if kind in ("timer", "message", "signal", "conditional") else kind,
        )


def _unproven_together(
    element: Element, whole: EventDefinition, *, begins: bool
) -> Iterator[tuple[str, str]]:
    """Of several definitions, those that are proven only alone. Before a process `begins` nothing
    could remember the definitions that have come."""
    throws = element.kind in ("intermediateThrowEvent", "endEvent")
    if begins and whole.all_of:
        yield f"parallel multiple {element.kind}", "multiple"
    for event in whole.several:
        timer = event.timer
        escalates = timer is not None and timer.ladder is not None
        repeats = timer is not None and timer.kind == "cycle" and element.kind == CATCH
        proven = PROVEN_STARTS if begins else THROWN_TOGETHER if throws else CAUGHT_TOGETHER
        if event.kind not in proven or escalates or repeats:
            yield f"{event.kind} in a multiple {element.kind}", "multiple"


def begins_by_event(element: Element, subject: Subject) -> bool:
    """Whether this is the start event of an event sub-process."""
    holder = subject.process.elements.get(element.process)
    return element.kind == "startEvent" and holder is not None and holder.triggered_by_event


def _is_unproven_loop(element: Element) -> bool:
    return element.standard_loop is not None and (
        element.kind not in PROVEN_ACTIVITIES
        or element.triggered_by_event
        or element.multi_instance is not None
    )


def _is_unproven_round(element: Element) -> bool:
    return element.multi_instance is not None and (
        element.kind not in PROVEN_ACTIVITIES or element.triggered_by_event
    )
