"""`/engine-rest`: the engine in the shapes of the Camunda 7 REST API, one module for each resource.

Modelers, scripts and workers made for that API work here; `docs/api.md` lists the differences. Owns
the list of resources. The shapes are Camunda's contract, the rights are those of the pages.
"""

from __future__ import annotations

from flask import Blueprint, Flask

from web.api.engine_rest import version
from web.api.engine_rest.cases import execution, history, incident, message, process_instance
from web.api.engine_rest.models import deployment, process_definition
from web.api.engine_rest.shapes.errors import camunda_json
from web.api.engine_rest.work import external_task, task
from web.gate.errors import shape_errors

PREFIX = "/engine-rest"
RESOURCES = (
    deployment,
    execution,
    external_task,
    history,
    incident,
    message,
    process_definition,
    process_instance,
    task,
    version,
)


def register(app: Flask) -> None:
    """Add every resource and the shape of errors."""
    root = Blueprint("engine_rest", __name__, url_prefix=PREFIX)
    for resource in RESOURCES:
        root.register_blueprint(resource.api)
    app.register_blueprint(root)
    # Some clients write a slash at the end of every address.
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith(f"{root.name}."):
            rule.strict_slashes = False
    shape_errors(app, PREFIX, camunda_json)
