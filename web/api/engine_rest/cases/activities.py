"""Activity instances of the history: their shape, Camunda's names of BPMN elements, filters.

Pure except for reading the query: an instance's past goes in, the answer comes out.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from engine.models.elements import Element
from processes.programs.engine_history import Past, Visit
from web.api.engine_rest.shapes import query
from web.api.engine_rest.shapes.values import definition_id, time_text

SORTS: dict[str, Callable[[Visit], Any]] = {
    "activityId": lambda one: one.element_id,
    "activityInstanceId": lambda one: one.id,
    "activityName": lambda one: one.element.name if one.element else "",
    "activityType": lambda one: type_of(one.element),
    "startTime": lambda one: one.started,
    "endTime": lambda one: (one.ended is None, one.ended or one.started),
    "duration": lambda one: (one.ended is None, (one.ended or one.started) - one.started),
}
UNSUPPORTED = (
    "executionId", "taskAssignee", "startedAfter", "startedBefore", "finishedAfter",
    "finishedBefore", "activityInstanceId", "completeScope", "processDefinitionId",
)  # fmt: skip
CATCHES = {"timer": "Timer", "message": "MessageCatch", "signal": "SignalCatch"}
MILLISECOND = timedelta(milliseconds=1)


def window_of(past: Past) -> list[dict[str, Any]]:
    """The wanted visits in the wanted order."""
    window, found = query.window(SORTS), narrowed(past)
    if window.by is not None:
        found.sort(key=SORTS[window.by], reverse=window.descending)
    return [_shape(past, one) for one in found[window.first : window.first + window.most]]


def narrowed(past: Past) -> list[Visit]:
    """The wanted visits, oldest first."""
    elements, names = query.values("activityId"), query.values("activityName")
    kinds = query.values("activityType")
    finished = query.flag("finished") or (False if query.flag("unfinished") else None)
    canceled = query.flag("canceled")
    return [
        one
        for one in past.visits
        if (elements is None or one.element_id in elements)
        and (names is None or (one.element is not None and one.element.name in names))
        and (kinds is None or type_of(one.element) in kinds)
        and (finished is None or finished == (one.ended is not None))
        and (not canceled or one.canceled)
    ]


def duration(started: datetime, ended: datetime | None) -> int | None:
    """Whole milliseconds between the two times; None without an end."""
    return None if ended is None else (ended - started) // MILLISECOND


def type_of(element: Element | None) -> str | None:
    """Camunda's name of an element's kind; for most kinds it is the name of the BPMN element."""
    if element is None:
        return None
    event = element.event.kind if element.event else "none"
    if element.kind == "startEvent":
        return (
            "startEvent"
            if event == "none"
            else f"{event}StartEvent".replace("timerStart", "startTimer")
        )
    if element.kind == "endEvent":
        return f"{event}EndEvent"
    if element.kind == "boundaryEvent":
        return f"boundary{event.capitalize()}"
    if element.kind == "intermediateCatchEvent":
        return f"intermediate{CATCHES.get(event, event.capitalize())}"
    if element.kind == "intermediateThrowEvent":
        return f"intermediate{event.capitalize()}Throw{'Event' if event != 'signal' else ''}"
    return element.kind


def _shape(past: Past, visit: Visit) -> dict[str, Any]:
    instance, task = past.row.instance, visit.task
    key = instance.key
    return {
        "id": f"{visit.id}:{instance.id}",
        "parentActivityInstanceId": f"{visit.inside}:{instance.id}"
        if visit.inside
        else str(instance.id),
        "activityId": visit.element_id,
        "activityName": (visit.element.name or None) if visit.element else None,
        "activityType": type_of(visit.element),
        "processDefinitionKey": key,
        "processDefinitionId": definition_id(key, past.row.version, instance.definition_id),
        "processInstanceId": str(instance.id),
        "executionId": str(instance.id),
        "taskId": str(task.id) if task else None,
        "assignee": (task.ended_by or task.assignee) if task else None,
        "calledProcessInstanceId": None,
        "calledCaseInstanceId": None,
        "startTime": time_text(visit.started),
        "endTime": time_text(visit.ended),
        "durationInMillis": duration(visit.started, visit.ended),
        "canceled": visit.canceled,
        "completeScope": not visit.canceled and _ends(visit.element),
        "tenantId": None,
        "removalTime": None,
        "rootProcessInstanceId": str(instance.id),
    }


def _ends(element: Element | None) -> bool:
    return element is not None and element.kind == "endEvent"
