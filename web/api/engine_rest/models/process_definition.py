"""`/engine-rest/process-definition`: versions of processes, their XML, and starting them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint

from processes.programs import engine_acts, engine_view
from processes.storage.programs.engine_models import DEFINITION_SORTS, Definition, DefinitionsWanted
from web.api.caller import reading, request_id, scope
from web.api.engine_rest.cases import process_instance
from web.api.engine_rest.shapes import query
from web.api.engine_rest.shapes.bodies import StartOf, body_as
from web.api.engine_rest.shapes.links import count, link_to
from web.api.engine_rest.shapes.values import all_typed, definition_id, plain, read_id
from web.gate.visitor import service

api = Blueprint("process_definition", __name__, url_prefix="/process-definition")

UNSUPPORTED = (
    "category", "categoryLike", "resourceName", "resourceNameLike", "startableBy",
    "suspended", "incidentId", "incidentType", "incidentMessage", "incidentMessageLike",
    "versionTag", "versionTagLike", "deployedAfter", "deployedAt", "notStartableInTasklist",
)  # fmt: skip


@api.get("")
def listed() -> list[dict[str, Any]]:
    """Process versions."""
    wanted, window = _wanted(), query.window(DEFINITION_SORTS)
    at = reading()
    found = engine_view.definitions(at.connection, at.scope, wanted, window)
    return [shape(one) for one in found]


@api.get("/count")
def counted() -> dict[str, int]:
    """The number of process versions."""
    at = reading()
    return count(engine_view.count_definitions(at.connection, at.scope, _wanted()))


@api.get("/<id>")
def get(id: str) -> dict[str, Any]:
    """One process version."""
    return _one(DefinitionsWanted(ids=[read_id(id)]))


@api.get("/key/<key>")
def get_by_key(key: str) -> dict[str, Any]:
    """The newest version of a process."""
    return _one(_newest(key))


@api.get("/<id>/xml")
def xml(id: str) -> dict[str, Any]:
    """The BPMN of a version."""
    return _xml(DefinitionsWanted(ids=[read_id(id)]))


@api.get("/key/<key>/xml")
def xml_by_key(key: str) -> dict[str, Any]:
    """The BPMN of the newest version."""
    return _xml(_newest(key))


@api.post("/<id>/start")
def start(id: str) -> dict[str, Any]:
    """Start a version, which must be the newest."""
    body = body_as(StartOf)
    instance_id = engine_acts.start_version(
        service(), scope(), read_id(id), plain(body.variables),
        business_key=body.businessKey, request_id=request_id(),
    )  # fmt: skip
    return _started(instance_id, body)


@api.post("/key/<key>/start")
def start_by_key(key: str) -> dict[str, Any]:
    """Start the newest version of a process."""
    body = body_as(StartOf)
    instance_id = engine_acts.start(
        service(), scope(), key, plain(body.variables),
        business_key=body.businessKey, request_id=request_id(),
    )  # fmt: skip
    return _started(instance_id, body)


def shape(one: Definition) -> dict[str, Any]:
    """A process version in Camunda's form."""
    return {
        "id": definition_id(one.key, one.number, one.id),
        "key": one.key,
        "category": None,
        "description": None,
        "name": one.name,
        "version": one.number,
        "resource": one.resource,
        "deploymentId": str(one.deployment_id),
        "diagram": None,
        "suspended": False,
        "tenantId": None,
        "versionTag": None,
        "historyTimeToLive": None,
        "startableInTasklist": True,
    }


def _wanted() -> DefinitionsWanted:
    query.refuse(*UNSUPPORTED)
    return DefinitionsWanted(
        ids=query.ids("processDefinitionId", "processDefinitionIdIn"),
        keys=query.values("key", "keysIn"),
        names=query.values("name"),
        numbers=query.numbers("version"),
        deployment_ids=query.ids("deploymentId"),
        key_like=query.text("keyLike"),
        name_like=query.text("nameLike"),
        latest=bool(query.flag("latestVersion")),
    )


def _newest(key: str) -> DefinitionsWanted:
    return DefinitionsWanted(keys=[key], latest=True)


def _one(wanted: DefinitionsWanted) -> dict[str, Any]:
    at = reading()
    return shape(engine_view.definition(at.connection, at.scope, wanted))


def _xml(wanted: DefinitionsWanted) -> dict[str, Any]:
    found, content = engine_view.bpmn(reading(), wanted)
    id = definition_id(found.key, found.number, found.id)
    return {"id": id, "bpmn20Xml": content.decode("utf-8", "replace")}


def _started(instance_id: UUID, body: StartOf) -> dict[str, Any]:
    at = reading()
    row = engine_view.instance(at.connection, at.scope, instance_id)
    answer = {**process_instance.shape(row), "links": link_to("process-instance", instance_id)}
    if body.withVariablesInReturn:
        answer["variables"] = all_typed(engine_view.instance_data(at, instance_id))
    return answer
