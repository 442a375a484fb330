"""`/engine-rest/deployment`: the deployments, and deploying in the form of Camunda Modeler."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, request

from engine.sentences.errors import BadInput
from engine.sentences.sentence import Sentence
from processes.programs import engine_acts, engine_view
from processes.programs.engine_acts import Deployed
from processes.storage.programs.engine_models import (
    DEPLOYMENT_SORTS,
    DefinitionsWanted,
    Deployment,
    DeploymentsWanted,
)
from processes.storage.programs.engine_tasks import Window
from web.api.caller import reading, scope
from web.api.engine_rest.models import process_definition
from web.api.engine_rest.shapes import query
from web.api.engine_rest.shapes.errors import details_of
from web.api.engine_rest.shapes.links import NO_LINKS, count, link_to
from web.api.engine_rest.shapes.values import read_id, time_text
from web.gate.visitor import service

api = Blueprint("deployment", __name__, url_prefix="/deployment")

UNSUPPORTED = ("nameLike", "source", "withoutSource")
FIELDS = frozenset(
    {
        "deployment-name",
        "deployment-source",
        "enable-duplicate-filtering",
        "deploy-changed-only",
        "deployment-activation-time",
        "tenant-id",
    }
)
"""The parts of a deployment that are no files."""


@api.get("")
def listed() -> list[dict[str, Any]]:
    """Deployments."""
    wanted, window = _wanted(), query.window(DEPLOYMENT_SORTS)
    at = reading()
    found = engine_view.deployments(at.connection, at.scope, wanted, window)
    return [_shape(one) for one in found]


@api.get("/count")
def counted() -> dict[str, int]:
    """The number of deployments."""
    at = reading()
    return count(engine_view.count_deployments(at.connection, at.scope, _wanted()))


@api.get("/<id>")
def get(id: str) -> dict[str, Any]:
    """One deployment."""
    at = reading()
    return _shape(engine_view.deployment(at.connection, at.scope, read_id(id)))


@api.post("/create")
def create() -> dict[str, Any]:
    """Deploy the files of a multipart form. Processes whose files are unchanged keep their version,
    whatever `enable-duplicate-filtering` says."""
    name = request.form.get("deployment-name", "")
    deployed = engine_acts.deploy(service(), scope(), _files(), name)
    newest = max([*deployed.new, *deployed.versions], key=lambda version: version.at)
    return {
        **_named(newest.deployment_id, name or newest.note, newest.at),
        "links": link_to("deployment", newest.deployment_id),
        "source": request.form.get("deployment-source"),
        "deployedProcessDefinitions": _definitions(deployed),
        "deployedCaseDefinitions": None,
        "deployedDecisionDefinitions": None,
        "deployedDecisionRequirementsDefinitions": None,
        "details": details_of(deployed.warnings),
    }


def _wanted() -> DeploymentsWanted:
    query.refuse(*UNSUPPORTED)
    return DeploymentsWanted(
        ids=query.ids("id"),
        names=query.values("name"),
        after=query.moment("after"),
        before=query.moment("before"),
    )


def _files() -> dict[str, bytes]:
    """File name -> content. Raises BadInput for a part that is neither a file nor a known field."""
    stray = request.form.keys() - FIELDS
    if stray:
        template = "No file name found in the part '{name}'."
        raise BadInput(Sentence(template, {"name": min(stray)}))
    parts = list(request.files.items(multi=True))
    files = {part.filename or name: part.read() for name, part in parts}
    if not files:
        raise BadInput(Sentence("There is no file in this deployment."))
    if len(files) < len(parts):
        raise BadInput(Sentence("Two files of this deployment have the same name."))
    return files


def _definitions(deployed: Deployed) -> dict[str, dict[str, Any]] | None:
    """The new versions by id; None if every file was already known."""
    if not deployed.new:
        return None
    wanted = DefinitionsWanted(ids=[version.id for version in deployed.new])
    at = reading()
    found = engine_view.definitions(at.connection, at.scope, wanted, Window(most=len(deployed.new)))
    shapes = [process_definition.shape(one) for one in found]
    return {shape["id"]: shape for shape in shapes}


def _shape(one: Deployment) -> dict[str, Any]:
    return _named(one.id, one.note or one.name, one.at)


def _named(id: UUID, name: str, at: datetime) -> dict[str, Any]:
    return {
        "links": NO_LINKS,
        "id": str(id),
        "name": name or None,
        "source": None,
        "deploymentTime": time_text(at),
        "tenantId": None,
    }
