"""`GET /engine-rest/incident`: what is stuck, for those who repair."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from engine.storage.incidents import Incident
from processes import repairs
from web.api.caller import scope
from web.api.engine_rest import query
from web.api.engine_rest.links import count
from web.api.engine_rest.values import definition_id, time_text
from web.i18n import language
from web.visitor import service

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
    return [_shape(*one) for one in found[window.first : window.first + window.most]]


@api.get("/count")
def counted() -> dict[str, int]:
    """How many incidents are open."""
    return count(len(_found()))


def _found() -> list[tuple[Incident, int]]:
    query.refuse(*UNSUPPORTED)
    with service().reading() as connection:
        found = [(one.incident, one.version.number) for one in repairs.stuck(connection, scope())]
    wanted = {
        "id": query.ids("incidentId"),
        "instance_id": query.ids("processInstanceId", "processInstanceIdIn"),
        "definition_id": query.ids("processDefinitionId"),
        "process_key": query.values("", "processDefinitionKeyIn"),
        "element_id": query.values("activityId"),
    }
    asked = {name: values for name, values in wanted.items() if values is not None}
    return [
        (one, version)
        for one, version in found
        if all(getattr(one, name) in values for name, values in asked.items())
    ]


def _shape(one: Incident, version: int) -> dict[str, Any]:
    said = language()
    return {
        "id": str(one.id),
        "processDefinitionId": definition_id(one.process_key, version, one.definition_id),
        "processInstanceId": str(one.instance_id),
        "executionId": str(one.instance_id),
        "incidentTimestamp": time_text(one.at),
        "incidentType": "failedJob",
        "activityId": one.element_id,
        "failedActivityId": one.element_id,
        "causeIncidentId": str(one.id),
        "rootCauseIncidentId": str(one.id),
        "configuration": str(one.task_id) if one.task_id else None,
        "tenantId": None,
        "incidentMessage": f"{said.render(one.what)} {said.render(one.advice)}",
        "jobDefinitionId": None,
        "annotation": None,
    }
