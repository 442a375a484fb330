"""`/engine-rest/execution`: tokens that wait for a message or a signal, and delivering to one of
them.

An execution is listed while it waits for something that can be sent; its id is the id of its token.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue

from processes.programs import engine_acts
from processes.programs.engine_acts import Correlation
from processes.storage.programs.engine_rows import Listener, ListenersWanted
from web.api.caller import reading, request_id, scope
from web.api.engine_rest.shapes import query
from web.api.engine_rest.shapes.bodies import Told, body_as
from web.api.engine_rest.shapes.links import taken_in
from web.api.engine_rest.shapes.values import plain, read_id
from web.gate.visitor import service

api = Blueprint("execution", __name__, url_prefix="/execution")

UNSUPPORTED = (
    "businessKey", "processDefinitionId", "processDefinitionKey", "active", "suspended",
    "incidentId", "incidentType", "incidentMessage", "incidentMessageLike",
    "signalEventSubscriptionName", "processVariables",
)  # fmt: skip


@api.get("")
def listed() -> list[dict[str, Any]]:
    """Executions that wait for a message or a signal, or at a receive task without one."""
    query.refuse(*UNSUPPORTED)
    wanted = ListenersWanted(
        messages=query.values("messageEventSubscriptionName"),
        instance_ids=query.ids("processInstanceId"),
        element_ids=query.values("activityId"),
    )
    at = reading()
    found = engine_acts.listeners(at.connection, at.scope, wanted, query.window(()))
    return [_shape(one) for one in found]


@api.post("/<id>/messageSubscriptions/<name>/trigger")
def trigger(id: str, name: str) -> ResponseReturnValue:
    """Deliver a message to exactly this execution."""
    told = Correlation(name, token=read_id(id), payload=plain(body_as(Told).variables))
    return taken_in(engine_acts.deliver(service(), scope(), told, request_id=request_id()))


@api.post("/<id>/signal")
def signal(id: str) -> ResponseReturnValue:
    """Complete a receive task without a message."""
    data = plain(body_as(Told).variables)
    taken = engine_acts.signal(service(), scope(), read_id(id), data, request_id=request_id())
    return taken_in(taken)


def _shape(one: Listener) -> dict[str, Any]:
    return {
        "id": str(one.token),
        "processInstanceId": str(one.instance_id),
        "ended": False,
        "tenantId": None,
    }
