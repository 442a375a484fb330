"""Where a case stays until somebody answers, something happens or time has passed."""

from __future__ import annotations

from engine.models.checks.subject import Subject
from engine.models.elements import Element

WAITING = frozenset(
    {"userTask", "manualTask", "receiveTask", "eventBasedGateway", "adHocSubProcess"}
)
AWAITED = frozenset({"timer", "message", "signal", "conditional", "multiple"})
"""What a catch event waits for."""


def stays(subject: Subject, element: Element) -> bool:
    """Whether a case stays at the element itself; a process that is called may do so."""
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
    """Whether a case stays at the element, or somewhere inside it."""
    inside = subject.graph.all_inside(element.id)
    return any(stays(subject, one) for one in (element, *inside))
