"""`POST /engine-rest/message`: correlate a message with the one instance that waits for it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from engine.sentences.errors import BadInput
from engine.sentences.sentence import Sentence
from processes.programs import engine_acts
from processes.programs.engine_acts import Correlation
from web.api.caller import request_id, scope
from web.api.engine_rest.shapes.bodies import MessageBody, body_as
from web.api.engine_rest.shapes.links import NO_LINKS, taken_in, told_of
from web.api.engine_rest.shapes.values import plain, read_id
from web.gate.visitor import service

api = Blueprint("message", __name__, url_prefix="/message")


@api.post("")
def correlate() -> ResponseReturnValue:
    """Deliver the message now, or not at all."""
    body = body_as(MessageBody)
    if body.all:
        raise BadInput(Sentence("A message goes to one instance; 'all' is not supported."))
    taken = engine_acts.deliver(service(), scope(), _correlation(body), request_id=request_id())
    if not body.resultEnabled:
        return taken_in(taken)
    return jsonify([_result(taken.instance_id)]), 200, told_of(taken)


def _correlation(body: MessageBody) -> Correlation:
    payload = {**plain(body.processVariables), **plain(body.processVariablesLocal)}
    instance = body.processInstanceId
    return Correlation(
        body.messageName, _key(body), read_id(instance) if instance else None, payload=payload
    )


def _key(body: MessageBody) -> str | None:
    """The one key of a subscription: the business key, or the value of one correlation key."""
    named = plain(body.correlationKeys) | plain(body.localCorrelationKeys)
    keys = {str(value) for value in named.values()}
    keys |= {body.businessKey} if body.businessKey is not None else set()
    if len(keys) > 1:
        raise BadInput(Sentence("Give one key: businessKey, or one entry of correlationKeys."))
    return next(iter(keys), None)


def _result(instance_id: UUID) -> dict[str, Any]:
    execution = {
        "links": NO_LINKS,
        "id": str(instance_id),
        "processInstanceId": str(instance_id),
        "ended": False,
        "tenantId": None,
    }
    return {"resultType": "Execution", "execution": execution, "processInstance": None}
