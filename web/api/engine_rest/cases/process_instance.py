"""`/engine-rest/process-instance`: running instances; ended ones are history."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue

from engine.records.states import InstanceStatus
from engine.sentences.errors import NotFound
from engine.sentences.sentence import Sentence
from processes.programs import engine_acts, engine_view, steering
from processes.storage.programs.engine_rows import InstanceRow, InstancesWanted
from web.api.caller import reading, request_id, scope
from web.api.engine_rest.shapes import query
from web.api.engine_rest.shapes.bodies import Modification, body_as
from web.api.engine_rest.shapes.links import NO_LINKS, count, taken_in
from web.api.engine_rest.shapes.values import definition_id, plain, read_id
from web.gate.visitor import service

api = Blueprint("process_instance", __name__, url_prefix="/process-instance")

SORTS = ("instanceId", "definitionId", "definitionKey", "businessKey")
UNSUPPORTED = (
    "processDefinitionKeyNotIn", "deploymentId", "superProcessInstance", "subProcessInstance",
    "superCaseInstance", "subCaseInstance", "incidentId", "incidentType", "incidentMessage",
    "incidentMessageLike", "activityIdIn", "rootProcessInstances", "leafProcessInstances",
)  # fmt: skip
REASON = "Deleted over the engine's API."


@api.get("")
def listed() -> list[dict[str, Any]]:
    """Running instances."""
    wanted, window = _wanted(), query.window(SORTS)
    at = reading()
    found = engine_view.instances(at.connection, at.scope, wanted, window)
    return [shape(one) for one in found]


@api.get("/count")
def counted() -> dict[str, int]:
    """The number of running instances."""
    at = reading()
    return count(engine_view.count_instances(at.connection, at.scope, _wanted()))


@api.get("/<id>")
def get(id: str) -> dict[str, Any]:
    """One running instance."""
    at = reading()
    found = engine_view.instance(at.connection, at.scope, read_id(id))
    if found.instance.ended_at is not None:
        raise NotFound(Sentence("It has ended."))
    return shape(found)


@api.delete("/<id>")
def delete(id: str) -> ResponseReturnValue:
    """End an instance, whatever it waits for."""
    return taken_in(engine_acts.cancel(service(), scope(), read_id(id), REASON))


@api.post("/<id>/modification")
def modify(id: str) -> ResponseReturnValue:
    """Start an activity of an ad-hoc sub-process."""
    [wanted] = body_as(Modification).instructions
    waiting = wanted.ancestorActivityInstanceId
    received = steering.start(
        service(),
        scope(),
        read_id(id),
        wanted.activityId,
        plain(wanted.variables),
        token=None if waiting is None else read_id(waiting),
        request_id=request_id(),
    )
    return taken_in(received)


def shape(row: InstanceRow) -> dict[str, Any]:
    """An instance in Camunda's form."""
    one = row.instance
    return {
        "links": NO_LINKS,
        "id": str(one.id),
        "definitionId": definition_id(one.key, row.version, one.definition_id),
        "definitionKey": one.key,
        "businessKey": one.business_key,
        "caseInstanceId": None,
        "ended": one.ended_at is not None,
        "suspended": False,
        "tenantId": None,
    }


def _wanted() -> InstancesWanted:
    query.refuse(*UNSUPPORTED)
    # Nothing is ever suspended here: `active` is every running instance, `suspended` none.
    none = query.flag("suspended")
    return InstancesWanted(
        ids=query.ids("", "processInstanceIds"),
        definition_ids=query.ids("processDefinitionId"),
        keys=query.values("processDefinitionKey", "processDefinitionKeyIn"),
        business_keys=query.values("businessKey"),
        statuses=[] if none else [InstanceStatus.ACTIVE],
        business_key_like=query.text("businessKeyLike"),
        stuck=query.flag("withIncident") or None,
    )
