"""`/engine-rest/external-task`: service tasks for external workers.

A worker fetches tasks of its topics and holds each under a lease (Camunda: lock), by real time;
each report about a task is one call. `bpmnEscalation` is an addition to Camunda's calls.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from engine.sentences.errors import BadInput
from engine.sentences.sentence import Sentence
from engine.storage.later.externals import ExternalTask
from processes.programs import external_work
from processes.storage.programs.engine_externals import SORTS, ExternalsWanted
from web.api.caller import reading, request_id, scope
from web.api.engine_rest.shapes import query
from web.api.engine_rest.shapes.bodies import body_as
from web.api.engine_rest.shapes.links import NO_CONTENT, count, taken_in
from web.api.engine_rest.shapes.values import all_typed, definition_id, plain, read_id, time_text
from web.api.engine_rest.work.external_bodies import (
    Extension,
    Failed,
    Fetch,
    Finished,
    Lease,
    Narrowed,
    Priority,
    RaisedError,
    RaisedEscalation,
    Retries,
    RetriesOfMany,
    span,
    topic_wanted,
)
from web.api.engine_rest.work.external_query import narrow, one_of, wanted_externals
from web.front.waiting import Wait
from web.gate.visitor import service

NOTHING_YET = b"[]"
api = Blueprint("external_task", __name__, url_prefix="/external-task")


@api.get("")
def listed() -> list[dict[str, Any]]:
    """External tasks, by the query string."""
    wanted, window = wanted_externals(), query.window(SORTS)
    at = reading()
    found = external_work.listed(at.connection, at.scope, wanted, window)
    return [_shape(row.task, row.key, row.version) for row in found]


@api.post("")
def queried() -> list[dict[str, Any]]:
    """The same with a body; the window is in the query string."""
    narrow(body_as(Narrowed))
    return listed()


@api.get("/count")
def counted() -> dict[str, int]:
    """The number of these tasks."""
    at = reading()
    return count(external_work.count(at.connection, at.scope, wanted_externals()))


@api.post("/count")
def query_counted() -> dict[str, int]:
    """The same with a body."""
    narrow(body_as(Narrowed))
    return counted()


@api.get("/topic-names")
def topic_names() -> list[str]:
    """The topics of external tasks."""
    held, free = query.flag("withLockedTasks"), query.flag("withUnlockedTasks")
    wanted = ExternalsWanted(
        ids=[] if held and free else None,
        leased=one_of(held, free),
        has_failed_for_good=False if query.flag("withRetriesLeft") else None,
    )
    at = reading()
    return external_work.topic_names(at.connection, at.scope, wanted)


@api.get("/<id>")
def get(id: str) -> dict[str, Any]:
    """One external task."""
    at = reading()
    row = external_work.one(at.connection, at.scope, read_id(id))
    return _shape(row.task, row.key, row.version)


@api.get("/<id>/errorDetails")
def error_details(id: str) -> ResponseReturnValue:
    """The worker's long description of the task's last failure."""
    at = reading()
    found = external_work.error_details(at.connection, at.scope, read_id(id))
    return Response(found, mimetype="text/plain") if found else NO_CONTENT


@api.post("/fetchAndLock")
def fetch_and_lock() -> list[dict[str, Any]]:
    """Lease tasks to a worker; raises `Wait` if there is none yet and the worker would wait."""
    body = body_as(Fetch)
    topics = [topic_wanted(one) for one in body.topics]
    found = external_work.fetch(service(), scope(), body.workerId, topics, body.maxTasks)
    if not found and body.asyncResponseTimeout:
        named = {one.topic for one in topics}
        raise Wait(named, scope().username, body.asyncResponseTimeout / 1000, NOTHING_YET)
    details = external_work.details_of(service(), [one.task for one in found])
    told = {one.topicName for one in body.topics if one.includeExtensionProperties}
    return [
        {
            **_shape(one.task, one.version.key, one.version.number),
            "errorDetails": details.get(one.task.id),
            "variables": all_typed(one.variables),
            "extensionProperties": dict(one.properties)
            if body.includeExtensionProperties or one.task.topic in told
            else {},
        }
        for one in found
    ]


@api.post("/<id>/complete")
def complete(id: str) -> ResponseReturnValue:
    """Complete a task."""
    body = body_as(Finished)
    return taken_in(
        external_work.complete(
            service(), scope(), read_id(id), body.workerId, plain(body.variables),
            plain(body.localVariables), request_id=request_id(),
        )
    )  # fmt: skip


@api.post("/<id>/failure")
def failure(id: str) -> ResponseReturnValue:
    """Report that the work failed."""
    body = body_as(Failed)
    external_work.fail(
        service(), scope(), read_id(id), body.workerId, body.errorMessage, body.errorDetails,
        body.retries, span(body.retryTimeout),
    )  # fmt: skip
    return NO_CONTENT


@api.post("/<id>/bpmnError")
def bpmn_error(id: str) -> ResponseReturnValue:
    """Raise a BPMN error."""
    body = body_as(RaisedError)
    return taken_in(
        external_work.throw_error(
            service(), scope(), read_id(id), body.workerId, body.errorCode, body.errorMessage,
            plain(body.variables), request_id=request_id(),
        )
    )  # fmt: skip


@api.post("/<id>/bpmnEscalation")
def bpmn_escalation(id: str) -> ResponseReturnValue:
    """Raise an escalation."""
    body = body_as(RaisedEscalation)
    return taken_in(
        external_work.escalate(
            service(), scope(), read_id(id), body.workerId, body.escalationCode,
            plain(body.variables), request_id=request_id(),
        )
    )  # fmt: skip


@api.post("/<id>/lock")
def lock(id: str) -> ResponseReturnValue:
    """Lease this one task."""
    body = body_as(Lease)
    lasts = span(body.lockDuration)
    external_work.lease(service(), scope(), read_id(id), body.workerId, lasts)
    return NO_CONTENT


@api.post("/<id>/extendLock")
def extend_lock(id: str) -> ResponseReturnValue:
    """Extend the lease of a task."""
    body = body_as(Extension)
    lasts = span(body.newDuration)
    external_work.extend(service(), scope(), read_id(id), body.workerId, lasts)
    return NO_CONTENT


@api.post("/<id>/unlock")
def unlock(id: str) -> ResponseReturnValue:
    """End the lease of a task."""
    external_work.release(service(), scope(), read_id(id))
    return NO_CONTENT


@api.put("/<id>/retries")
def set_retries(id: str) -> ResponseReturnValue:
    """Set the remaining retries of a task."""
    retries = body_as(Retries).retries
    external_work.set_retries(service(), scope(), [read_id(id)], retries)
    return NO_CONTENT


@api.put("/retries")
def set_many_retries() -> ResponseReturnValue:
    """The same for several tasks at once: all or none."""
    body, lists = body_as(RetriesOfMany), []
    if body.processInstanceIds is not None:
        lists.append(ExternalsWanted(instance_ids=[read_id(id) for id in body.processInstanceIds]))
    if body.externalTaskQuery is not None:
        narrow(body.externalTaskQuery)
        lists.append(wanted_externals())
    ids = [read_id(id) for id in body.externalTaskIds or ()]
    if not (ids or lists):
        raise BadInput(Sentence("Name external tasks, process instances or a query."))
    external_work.set_retries(service(), scope(), ids, body.retries, lists)
    return NO_CONTENT


@api.put("/<id>/priority")
def set_priority(id: str) -> ResponseReturnValue:
    """Set the priority of a task."""
    external_work.set_priority(service(), scope(), read_id(id), body_as(Priority).priority)
    return NO_CONTENT


def _shape(one: ExternalTask, key: str, version: int) -> dict[str, Any]:
    return {
        "activityId": one.element_id,
        "activityInstanceId": f"{one.element_id}:{one.id}",
        "businessKey": one.business_key,
        "createTime": time_text(one.created_at),
        "errorMessage": one.error_message,
        "executionId": str(one.id),
        "id": str(one.id),
        "lockExpirationTime": time_text(one.leased_until),
        "priority": one.priority,
        "processDefinitionId": definition_id(key, version, one.definition_id),
        "processDefinitionKey": key,
        "processDefinitionVersionTag": None,
        "processInstanceId": str(one.instance_id),
        "retries": one.retries,
        "suspended": False,
        "tenantId": None,
        "topicName": one.topic,
        "workerId": one.worker,
    }
