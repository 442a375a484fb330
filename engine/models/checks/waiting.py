"""The elements at which a case waits for an answer, an event or a time."""

from __future__ import annotations

from engine.models.checks.subject import Subject
from engine.models.elements import Element

WAITING = frozenset(
    {"userTask", "manualTask", "receiveTask", "eventBasedGateway", "adHocSubProcess"}
)
AWAITED = frozenset({"timer", "message", "signal", "conditional", "multiple"})
"""The kinds of event that a catch event waits for."""


def stays(subject: Subject, element: Element) -> bool:
    """Whether a case waits at the element itself; a called process may wait."""
    if element.kind == "intermediateCatchEvent":
        return element.event is not None and element.event.kind in AWAITED
    if element.kind == "callActivity":
        called = subject.bundle.processes.get(element.called_process or "")
        return called is None or any(_may_stay(one) for one in called.elements.values())
    is_outside_work = element.topic is not None and element.topic not in subject.known.topics
    return element.kind in WAITING or is_outside_work


def _may_stay(element: Element) -> bool:
    return element.kind in WAITING | {"intermediateCatchEvent", "callActivity"}


def waits(subject: Subject, element: Element) -> bool:
    """Whether a case waits at the element, or somewhere inside it."""
    inside = subject.graph.all_inside(element.id)
    return any(stays(subject, one) for one in (element, *inside))
