"""`GET /engine-rest/incident`: open incidents, for readers who repair."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from processes.desk import repairs
from processes.desk.repairs import Stuck
from web.api.caller import reading
from web.api.engine_rest.shapes import query
from web.api.engine_rest.shapes.links import count
from web.api.engine_rest.shapes.values import definition_id, time_text
from web.words.i18n import language

api = Blueprint("incident", __name__, url_prefix="/incident")

SORTS = ("incidentId", "incidentTimestamp")
UNSUPPORTED = (
    "incidentType", "incidentMessage", "incidentMessageLike", "executionId", "causeIncidentId",
    "rootCauseIncidentId", "configuration", "jobDefinitionIdIn", "failedActivityId",
    "incidentTimestampBefore", "incidentTimestampAfter",
)  # fmt: skip


@api.get("")
def listed() -> list[dict[str, Any]]:
    """Open incidents, newest first unless sorted otherwise."""
    window, found = query.window(SORTS), _found()
    if window.by is not None and not window.descending:
        found.reverse()
    return [_shape(one) for one in found[window.first : window.first + window.most]]


@api.get("/count")
def counted() -> dict[str, int]:
    """The number of open incidents."""
    return count(len(_found()))


def _found() -> list[Stuck]:
    query.refuse(*UNSUPPORTED)
    at = reading()
    found = repairs.stuck(at.connection, at.scope)
    wanted = {
        "id": query.ids("incidentId"),
        "instance_id": query.ids("processInstanceId", "processInstanceIdIn"),
        "definition_id": query.ids("processDefinitionId"),
        "process_key": query.values("", "processDefinitionKeyIn"),
        "element_id": query.values("activityId"),
    }
    asked = {name: values for name, values in wanted.items() if values is not None}
    return [
        stuck
        for stuck in found
        if all(getattr(stuck.incident, name) in values for name, values in asked.items())
    ]


def _shape(stuck: Stuck) -> dict[str, Any]:
    """The form of Camunda's failed job, or of an external task without retries; after a failed
    start no instance exists."""
    one, version, said = stuck.incident, stuck.version.number, language()
    instance = str(one.instance_id) if stuck.has_begun else None
    return {
        "id": str(one.id),
        "processDefinitionId": definition_id(one.process_key, version, one.definition_id),
        "processInstanceId": instance,
        "executionId": instance,
        "incidentTimestamp": time_text(one.at),
        "incidentType": "failedExternalTask" if stuck.gave_up else "failedJob",
        "activityId": one.element_id,
        "failedActivityId": one.element_id,
        "causeIncidentId": str(one.id),
        "rootCauseIncidentId": str(one.id),
        "configuration": one.command["token"]
        if stuck.gave_up
        else one.task_id and str(one.task_id),
        "tenantId": None,
        "incidentMessage": f"{said.render(one.what)} {said.render(one.advice)}",
        "jobDefinitionId": None,
        "annotation": None,
    }
