"""The engine's data as a user's program may read them: tasks, instances, versions.

Owns the scoped questions of the engine's API. Every one takes the `Scope`; the engine's own queries
are unscoped. Changes nothing, and knows no shape of an API.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from engine.face.questions import Questions
from engine.models.forms import Form
from engine.sentences.errors import NotFound
from engine.sentences.sentence import say
from engine.storage import counters
from engine.storage.cases.worklist import Task
from processes.acts.reading import Reading
from processes.register.vocabulary import CLASSIFICATIONS
from processes.rights.access import CASE_PROCESSES, Scope, may
from processes.rights.scope import scope_of_user
from processes.rights.visibility import kept_instances, visible_instances, visible_tasks
from processes.storage.people import users
from processes.storage.programs import engine_models, engine_rows, engine_tasks
from processes.storage.programs.engine_models import (
    Definition,
    DefinitionsWanted,
    Deployment,
    DeploymentsWanted,
)
from processes.storage.programs.engine_rows import InstanceRow, InstancesWanted
from processes.storage.programs.engine_tasks import TaskRow, TasksWanted, Window
from processes.work.inbox import access_to

ONE = Window(most=1)


def tasks(
    connection: Connection, scope: Scope, wanted: TasksWanted, window: Window
) -> list[TaskRow]:
    """A window of the open tasks that the reader may read."""
    may(scope, "read_own_work")
    return engine_tasks.open_tasks(connection, visible_tasks(scope), wanted, window)


def count_tasks(connection: Connection, scope: Scope, wanted: TasksWanted) -> int:
    """The number of these tasks."""
    may(scope, "read_own_work")
    return engine_tasks.count_open(connection, visible_tasks(scope), wanted)


def task(connection: Connection, scope: Scope, task_id: UUID) -> TaskRow:
    """One open task. Raises `NotFound`, also for an ended one."""
    found = tasks(connection, scope, TasksWanted(ids=[task_id]), ONE)
    if not found:
        raise _unknown()
    return found[0]


def candidate(connection: Connection, scope: Scope, username: str) -> frozenset[str]:
    """The principals of a user, by which offered tasks are found."""
    if username == scope.username and not scope.is_service:
        return scope.principals
    person = users.by_username(connection, username)
    if person is None or not person.active or person.is_service:
        return frozenset({f"user:{username}"})
    return scope_of_user(connection, person).principals


def form_data(at: Reading, task_id: UUID) -> dict[str, Any]:
    """The variables that the form of a task shows: without fields asked anew, and in a run of a
    multi-instance without the answers of other runs. For a task without a form nothing if the case
    is a real one. Raises `NotFound`, `Conflict` for a task that has ended.
    """
    task = _open_to(at, task_id)
    form, _ = at.ask.form(task_id)
    return {**dict.fromkeys(form.keys if form else ()), **shown_by(at.ask, task, form)}


def shown_by(ask: Questions, task: Task, form: Form | None) -> dict[str, Any]:
    """The same for an open task that the reader may complete, without fields that show nothing, for
    a caller that has read the form."""
    if task.process_key in CASE_PROCESSES and (form is None or _is_former(ask, task)):
        return {}
    return ask.form_data(task.id)


def _is_former(ask: Questions, task: Task) -> bool:
    """Whether the version of a real case is older than fields asked anew: its tasks opened without
    the decisions of an earlier round."""
    elements = ask.program(task.definition_id).model.elements.values()
    return not any(element.asked_anew for element in elements)


def _open_to(at: Reading, task_id: UUID) -> Task:
    """The task, if the reader may read it. Raises `NotFound`."""
    task = at.ask.task(task_id)
    access_to(at.connection, at.scope, task)
    return task


def instance_data(at: Reading, instance_id: UUID) -> dict[str, Any]:
    """The variables of an instance. Those of a real case contain questions to others and their
    decisions, so an institution gets none of them. Raises `NotFound`."""
    found = instance(at.connection, at.scope, instance_id)
    if found.instance.key in CASE_PROCESSES and not at.scope.oversees:
        return {}
    return at.ask.data(instance_id)


def data_after(at: Reading, task_id: UUID, sent: Collection[str]) -> dict[str, Any]:
    """The variables after the reader completed a task. If the instance may be read, all of them;
    always those that were `sent` and that the completion changed. A variable that the reader only
    names is left out."""
    held = _open_to(at, task_id)
    form, _ = at.ask.form(task_id)
    written = _written_by(at.ask, held).intersection(sent if form is None else form.keys)
    data = at.ask.data(held.instance_id)
    own = {name: data[name] for name in sent if name in written and name in data}
    try:
        return instance_data(at, held.instance_id) | own
    except NotFound:
        return own


def _written_by(ask: Questions, task: Task) -> frozenset[str]:
    """The variables of the instance that changed in the step of the task's completion."""
    for event in reversed(ask.history(task.instance_id)):
        if event.kind == "complete" and event.details.get("task") == str(task.id):
            return frozenset(event.changed)
    return frozenset()


def instances(
    connection: Connection, scope: Scope, wanted: InstancesWanted, window: Window
) -> list[InstanceRow]:
    """A window of the instances that the reader may read, ended ones too."""
    may(scope, "read_own_work")
    return engine_rows.instances(connection, visible_instances(scope), wanted, window)


def instance(connection: Connection, scope: Scope, instance_id: UUID) -> InstanceRow:
    """One instance, running or ended. Raises `NotFound`."""
    found = instances(connection, scope, InstancesWanted(ids=[instance_id]), ONE)
    if not found:
        raise _unknown()
    return found[0]


def kept(
    connection: Connection, scope: Scope, wanted: InstancesWanted, window: Window = ONE
) -> list[InstanceRow]:
    """A window of the instances that are no real cases and that the reader keeps; empty for a
    reader who keeps none."""
    return engine_rows.instances(connection, kept_instances(scope), wanted, window)


def count_instances(connection: Connection, scope: Scope, wanted: InstancesWanted) -> int:
    """The number of these instances. With a filter of only process and state, processes of which
    the reader may read every instance are counted by their counters, so the cost does not grow with
    them."""
    may(scope, "read_own_work")
    visible = visible_instances(scope)
    bare = InstancesWanted(keys=wanted.keys, statuses=wanted.statuses)
    if wanted != bare:
        return engine_rows.count_instances(connection, visible, wanted)
    keys = set(engine_models.process_keys(connection) if wanted.keys is None else wanted.keys)
    whole = {key for key in keys if _sees_all(scope, key)}
    counted = _counters(connection, engine_models.definition_ids(connection, whole), wanted)
    if whole == keys:
        return counted
    rest = replace(wanted, keys=keys - whole)
    return counted + engine_rows.count_instances(connection, visible, rest)


def _sees_all(scope: Scope, key: str) -> bool:
    if key in CASE_PROCESSES:
        return scope.oversees and scope.clearance == CLASSIFICATIONS[-1]
    return scope.keeps


def _counters(
    connection: Connection, definition_ids: Iterable[UUID], wanted: InstancesWanted
) -> int:
    found = counters.read_all(connection, [f"instances:{one}" for one in definition_ids])
    states = [state for counted in found.values() for state in counted.items()]
    return sum(n for status, n in states if wanted.statuses is None or status in wanted.statuses)


def definitions(
    connection: Connection, scope: Scope, wanted: DefinitionsWanted, window: Window
) -> list[Definition]:
    """A window of the process versions. Raises `Forbidden`."""
    may(scope, "read_processes")
    return engine_models.definitions(connection, wanted, window)


def definition(connection: Connection, scope: Scope, wanted: DefinitionsWanted) -> Definition:
    """The wanted process version. Raises `NotFound`, `Forbidden`."""
    found = definitions(connection, scope, wanted, ONE)
    if not found:
        raise _unknown()
    return found[0]


def bpmn(at: Reading, wanted: DefinitionsWanted) -> tuple[Definition, bytes]:
    """The wanted process version, and its BPMN. Raises the errors of `definition`."""
    found = definition(at.connection, at.scope, wanted)
    return found, at.ask.files(found.id)[found.resource]


def count_definitions(connection: Connection, scope: Scope, wanted: DefinitionsWanted) -> int:
    """The number of these versions."""
    may(scope, "read_processes")
    return engine_models.count_definitions(connection, wanted)


def deployments(
    connection: Connection, scope: Scope, wanted: DeploymentsWanted, window: Window
) -> list[Deployment]:
    """A window of the deployments. Raises `Forbidden`."""
    may(scope, "read_processes")
    return engine_models.deployments(connection, wanted, window)


def deployment(connection: Connection, scope: Scope, deployment_id: UUID) -> Deployment:
    """One deployment. Raises `NotFound`, `Forbidden`."""
    found = deployments(connection, scope, DeploymentsWanted(ids=[deployment_id]), ONE)
    if not found:
        raise _unknown()
    return found[0]


def count_deployments(connection: Connection, scope: Scope, wanted: DeploymentsWanted) -> int:
    """The number of these deployments."""
    may(scope, "read_processes")
    return engine_models.count_deployments(connection, wanted)


def _unknown() -> NotFound:
    return NotFound(say("There is no such thing, or it is not open to you."))
