"""`/engine-rest/task`: open human tasks: claiming, handing on, completing.

A task completed here runs the same form check and the same handlers as one completed on its page.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from engine.sentences.errors import BadInput
from engine.sentences.sentence import Sentence
from processes.programs import engine_acts, engine_view
from processes.storage.programs.engine_tasks import SORTS, TaskRow
from processes.work import tasks
from web.api.caller import reading, request_id, scope
from web.api.engine_rest.shapes import query
from web.api.engine_rest.shapes.bodies import Completion, User, body_as
from web.api.engine_rest.shapes.links import NO_CONTENT, count, taken_in, told_of
from web.api.engine_rest.shapes.values import all_typed, definition_id, plain, read_id, time_text
from web.api.engine_rest.work.task_query import wanted_tasks
from web.gate.visitor import service

api = Blueprint("task", __name__, url_prefix="/task")


@api.get("")
def listed() -> list[dict[str, Any]]:
    """Open tasks."""
    window = query.window(SORTS)
    at = reading()
    found = engine_view.tasks(at.connection, at.scope, wanted_tasks(at), window)
    return [_shape(one) for one in found]


@api.get("/count")
def counted() -> dict[str, int]:
    """The number of open tasks."""
    at = reading()
    return count(engine_view.count_tasks(at.connection, at.scope, wanted_tasks(at)))


@api.get("/<id>")
def get(id: str) -> dict[str, Any]:
    """One open task."""
    at = reading()
    return _shape(engine_view.task(at.connection, at.scope, read_id(id)))


@api.get("/<id>/form-variables")
def form_variables(id: str) -> dict[str, Any]:
    """The first values for a form of the task."""
    data = engine_view.form_data(reading(), read_id(id))
    names = query.values("", "variableNames")
    return all_typed({name: data[name] for name in data if names is None or name in names})


@api.post("/<id>/claim")
def claim(id: str) -> ResponseReturnValue:
    """Claim a free task for oneself."""
    user = body_as(User).userId
    if user not in (None, scope().username):
        raise BadInput(Sentence("A task is taken for oneself; POST assignee hands it to others."))
    tasks.claim(service(), scope(), read_id(id))
    return NO_CONTENT


@api.post("/<id>/unclaim")
def unclaim(id: str) -> ResponseReturnValue:
    """Return a task to its candidates."""
    tasks.give_back(service(), scope(), read_id(id))
    return NO_CONTENT


@api.post("/<id>/assignee")
def set_assignee(id: str) -> ResponseReturnValue:
    """Hand a task to one of its candidates; without `userId` return it to all of them."""
    engine_acts.set_assignee(service(), scope(), read_id(id), body_as(User).userId)
    return NO_CONTENT


@api.post("/<id>/complete")
def complete(id: str) -> ResponseReturnValue:
    """Complete a task with the answers of its form."""
    body, task_id = body_as(Completion), read_id(id)
    received = tasks.hand_in(
        service(), scope(), task_id, plain(body.variables), request_id=request_id()
    )
    if not body.withVariablesInReturn:
        return taken_in(received)
    data = engine_view.data_after(reading(), task_id, body.variables or ())
    return jsonify(all_typed(data)), 200, told_of(received)


def _shape(row: TaskRow) -> dict[str, Any]:
    one = row.task
    form = {"key": one.form_ref, "binding": "deployment", "version": None}
    return {
        "id": str(one.id),
        "name": one.name,
        "assignee": one.assignee,
        "created": time_text(one.created_at),
        "due": time_text(one.due_at),
        "followUp": time_text(one.follow_up_at),
        "lastUpdated": time_text(one.held_since),
        "delegationState": None,
        "description": None,
        "executionId": str(one.instance_id),
        "owner": None,
        "parentTaskId": None,
        "priority": one.priority,
        "processDefinitionId": definition_id(one.process_key, row.version, one.definition_id),
        "processInstanceId": str(one.instance_id),
        "caseExecutionId": None,
        "caseDefinitionId": None,
        "caseInstanceId": None,
        "taskDefinitionKey": one.element_id,
        "suspended": False,
        "formKey": None,
        "camundaFormRef": form if one.form_ref else None,
        "tenantId": None,
        "taskState": "CREATED",
    }
