"""The filters of external tasks, by Camunda's parameters or a body with them."""

from __future__ import annotations

from uuid import UUID

from processes.storage.programs.engine_externals import ExternalsWanted
from web.api.engine_rest.shapes import query
from web.api.engine_rest.work.external_bodies import Narrowed

UNSUPPORTED = ("processDefinitionName", "processDefinitionNameLike")


def narrow(body: Narrowed) -> None:
    """Use a body as the filters of this request."""
    query.in_body(body.model_extra or {}, body.sorting[0].model_dump() if body.sorting else {})


def wanted_externals() -> ExternalsWanted:
    """The filters of this request. Raises BadInput for a filter that this list lacks."""
    query.refuse(*UNSUPPORTED)
    held, free = query.flag("locked"), query.flag("notLocked")
    left, ended = query.flag("withRetriesLeft"), query.flag("noRetriesLeft")
    # Nothing is ever suspended here.
    none = query.flag("suspended") or (held and free) or (left and ended)
    return ExternalsWanted(
        ids=[] if none else _ids(),
        instance_ids=query.ids("processInstanceId", "processInstanceIdIn"),
        definition_ids=query.ids("processDefinitionId"),
        process_keys=query.values("processDefinitionKey", "processDefinitionKeyIn"),
        element_ids=query.values("activityId", "activityIdIn"),
        topics=query.values("topicName"),
        workers=query.values("workerId"),
        leased=one_of(held, free),
        has_failed_for_good=one_of(ended, left),
        leased_after=query.moment("lockExpirationAfter"),
        leased_before=query.moment("lockExpirationBefore"),
        lowest=query.bound("priorityHigherThanOrEquals"),
        highest=query.bound("priorityLowerThanOrEquals"),
    )


def _ids() -> list[UUID] | None:
    """The execution of an external task has the same id."""
    tasks, executions = query.ids("externalTaskId", "externalTaskIdIn"), query.ids("executionId")
    if tasks is None or executions is None:
        return executions if tasks is None else tasks
    return [id for id in tasks if id in executions]


def one_of(yes: bool | None, no: bool | None) -> bool | None:
    """The value of two parameters, each of which may only be true."""
    return True if yes else False if no else None
