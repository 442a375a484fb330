"""The position of a case on the drawing of its version, as rows.

Pure: a model, the events of an instance and its open tasks go in. Knows neither rights nor pages.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from engine.models.elements import Element, ProcessModel
from engine.records.history import Event

State = Literal["done", "current", "ahead"]
SHOWN: Final = ("userTask", "startEvent", "endEvent")
"""Kinds of elements that people know as steps; the others only connect them."""


@dataclass(frozen=True, slots=True)
class DrawnStep:
    """One step of the drawing. `left_at`: when it was last finished; `times`: how often."""

    element_id: str
    name: str
    lane: str
    state: State
    times: int
    left_at: datetime | None


def positions(
    model: ProcessModel, events: Sequence[Event], current: Collection[str]
) -> list[DrawnStep]:
    """The steps in the order of the drawing; ends only where the case came to one."""
    passed = _passed(events)
    return [
        _step(model, element, passed.get(element.id, []), element.id in current)
        for element in model.elements.values()
        if _is_step(model, element, passed)
    ]


def done(events: Iterable[Event], current: Collection[str]) -> list[str]:
    """Ids of the elements that the case has passed."""
    return sorted({one for event in events for one in event.left} - set(current))


def _is_step(model: ProcessModel, element: Element, passed: Collection[str]) -> bool:
    if element.kind not in SHOWN or not element.name:
        return False
    return element.kind != "endEvent" or element.id in passed


def _passed(events: Iterable[Event]) -> dict[str, list[datetime]]:
    found: dict[str, list[datetime]] = {}
    for event in events:
        for element_id in event.left:
            found.setdefault(element_id, []).append(event.at)
    return found


def _step(
    model: ProcessModel, element: Element, left: Sequence[datetime], is_current: bool
) -> DrawnStep:
    state: State = "current" if is_current else "done" if left else "ahead"
    lane = model.lanes.get(element.lane or "", "")
    return DrawnStep(element.id, element.name, lane, state, len(left), left[-1] if left else None)
