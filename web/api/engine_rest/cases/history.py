"""`/engine-rest/history`: instances with their ends, and the passages of one through its
elements.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from engine.records.states import InstanceStatus
from engine.sentences.errors import BadInput
from engine.sentences.sentence import Sentence
from processes.programs import engine_history, engine_view
from processes.storage.programs.engine_rows import InstanceRow, InstancesWanted
from web.api.caller import reading
from web.api.engine_rest.cases import activities
from web.api.engine_rest.shapes import query
from web.api.engine_rest.shapes.links import count
from web.api.engine_rest.shapes.values import definition_id, read_id, time_text

api = Blueprint("history", __name__, url_prefix="/history")

SORTS = ("instanceId", "definitionId", "definitionKey", "businessKey", "startTime", "endTime")
STATES = {
    InstanceStatus.ACTIVE: "ACTIVE",
    InstanceStatus.COMPLETED: "COMPLETED",
    InstanceStatus.WITHDRAWN: "EXTERNALLY_TERMINATED",
    InstanceStatus.FAILED: "INTERNALLY_TERMINATED",
}
FLAGS = {
    "active": InstanceStatus.ACTIVE,
    "completed": InstanceStatus.COMPLETED,
    "externallyTerminated": InstanceStatus.WITHDRAWN,
    "internallyTerminated": InstanceStatus.FAILED,
}
UNSUPPORTED = (
    "processDefinitionName", "processDefinitionNameLike", "processDefinitionKeyNotIn",
    "processInstanceBusinessKeyIn", "rootProcessInstances", "superProcessInstanceId",
    "subProcessInstanceId", "superCaseInstanceId", "subCaseInstanceId", "executedActivityAfter",
    "executedActivityBefore", "executedActivityIdIn", "executedJobAfter", "executedJobBefore",
    "activeActivityIdIn", "incidentType", "incidentStatus", "incidentMessage",
    "incidentMessageLike", "incidentIdIn", "suspended", "withRootIncidents",
)  # fmt: skip


@api.get("/process-instance")
def instances() -> list[dict[str, Any]]:
    """Instances, running and ended."""
    wanted, window = _wanted(), query.window(SORTS)
    at = reading()
    found = engine_view.instances(at.connection, at.scope, wanted, window)
    starts = engine_history.started_at(at, found)
    return [_shape(one, starts[one.instance.id]) for one in found]


@api.get("/process-instance/count")
def instance_count() -> dict[str, int]:
    """The number of these instances."""
    at = reading()
    return count(engine_view.count_instances(at.connection, at.scope, _wanted()))


@api.get("/process-instance/<id>")
def instance(id: str) -> dict[str, Any]:
    """One instance."""
    at = reading()
    found = engine_view.instance(at.connection, at.scope, read_id(id))
    return _shape(found, engine_history.started_at(at, [found])[found.instance.id])


@api.get("/activity-instance")
def activity_instances() -> list[dict[str, Any]]:
    """The passages of an instance through its elements."""
    return activities.window_of(_past())


@api.get("/activity-instance/count")
def activity_instance_count() -> dict[str, int]:
    """The number of these passages."""
    return count(len(activities.narrowed(_past())))


def _past() -> engine_history.Past:
    query.refuse(*activities.UNSUPPORTED)
    id = query.text("processInstanceId")
    if id is None:
        raise BadInput(Sentence("Name the instance by processInstanceId."))
    return engine_history.of_instance(reading(), read_id(id))


def _wanted() -> InstancesWanted:
    query.refuse(*UNSUPPORTED)
    states = [status for name, status in FLAGS.items() if query.flag(name)]
    ended = query.flag("finished") or (False if query.flag("unfinished") else None)
    return InstancesWanted(
        ids=query.ids("processInstanceId", "processInstanceIds"),
        definition_ids=query.ids("processDefinitionId"),
        keys=query.values("processDefinitionKey", "processDefinitionKeyIn"),
        business_keys=query.values("processInstanceBusinessKey"),
        business_key_like=query.text("processInstanceBusinessKeyLike"),
        statuses=states or None,
        starters=query.values("startedBy"),
        ended=ended,
        stuck=query.flag("withIncidents") or None,
        started_after=query.moment("startedAfter"),
        started_before=query.moment("startedBefore"),
        ended_after=query.moment("finishedAfter"),
        ended_before=query.moment("finishedBefore"),
    )


def _shape(row: InstanceRow, start: str | None) -> dict[str, Any]:
    one = row.instance
    withdrawn = one.status == InstanceStatus.WITHDRAWN
    return {
        "id": str(one.id),
        "businessKey": one.business_key,
        "processDefinitionId": definition_id(one.key, row.version, one.definition_id),
        "processDefinitionKey": one.key,
        "processDefinitionName": row.name,
        "processDefinitionVersion": row.version,
        "startTime": time_text(one.started_at),
        "endTime": time_text(one.ended_at),
        "removalTime": None,
        "durationInMillis": activities.duration(one.started_at, one.ended_at),
        "startUserId": one.started_by,
        "startActivityId": start,
        "deleteReason": "withdrawn" if withdrawn else None,
        "rootProcessInstanceId": str(one.id),
        "superProcessInstanceId": None,
        "superCaseInstanceId": None,
        "caseInstanceId": None,
        "tenantId": None,
        "state": STATES[InstanceStatus(one.status)],
        "restartedProcessInstanceId": None,
    }
