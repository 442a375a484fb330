"""The bodies of calls on external tasks.

Owns their content. Times are milliseconds; numbers may be text, as in Camunda.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints

from engine.storage.later.externals import TopicWanted
from engine.workers.acts import MOST
from web.api.engine_rest.shapes.bodies import CamundaBody, Key, Name, NoVariables, Variables
from web.api.engine_rest.shapes.values import read_id

Milliseconds = Annotated[int, Field(strict=False, ge=0, le=10**12)]
Number = Annotated[int, Field(strict=False, ge=0, le=2**31 - 1)]
Worker = Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=r"^[^\x00]+$")]
Text = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$")]
Texts = Annotated[list[Text], Field(max_length=MOST)]
Nothing = Annotated[list[Any], Field(max_length=0)] | None
"""A list that must be empty, because no list here has this filter."""


class Held(CamundaBody):
    """A worker's message about a task that it holds."""

    workerId: Worker


class Lease(Held):
    """A lease of a task."""

    lockDuration: Milliseconds


class Extension(Held):
    """A lease that lasts for this time from now."""

    newDuration: Milliseconds


class Finished(Held):
    """The result of a task; `localVariables` are those of its activity."""

    variables: Variables = None
    localVariables: Variables = None


class Failed(Held):
    """A failure; `retries`: the number of further attempts."""

    errorMessage: Text = ""
    errorDetails: Text = ""
    retries: Number = 0
    retryTimeout: Milliseconds = 0
    variables: NoVariables = None
    localVariables: NoVariables = None


class RaisedError(Held):
    """A BPMN error."""

    errorCode: Name
    errorMessage: Text = ""
    variables: Variables = None


class RaisedEscalation(Held):
    """An escalation."""

    escalationCode: Name
    variables: Variables = None


class FetchedTopic(CamundaBody):
    """A request for one topic."""

    topicName: Name
    lockDuration: Milliseconds
    variables: Texts | None = None
    localVariables: bool = False
    includeExtensionProperties: bool = False
    businessKey: Key | None = None
    processVariables: Annotated[dict[str, Any], Field(max_length=MOST)] | None = None
    processDefinitionId: Text | None = None
    processDefinitionIdIn: Texts | None = None
    processDefinitionKey: Text | None = None
    processDefinitionKeyIn: Texts | None = None
    processDefinitionVersionTag: None = None
    tenantIdIn: Nothing = None


class Order(CamundaBody):
    """The order of a list."""

    sortBy: str
    sortOrder: str = "asc"


class OldestFirst(CamundaBody):
    """The one order in which tasks of the same priority are leased."""

    sortBy: Literal["createTime"]
    sortOrder: Literal["asc"] = "asc"


class Fetch(CamundaBody):
    """A worker's request, and its wait if there is no task. The engine limits the number of
    tasks."""

    workerId: Worker
    maxTasks: Annotated[int, Field(strict=False)]
    topics: Annotated[list[FetchedTopic], Field(min_length=1, max_length=MOST)]
    sorting: Annotated[list[OldestFirst], Field(max_length=1)] | None = None
    includeExtensionProperties: bool = False
    asyncResponseTimeout: Annotated[int, Field(strict=False, ge=0, le=1_800_000)] = 0


class Narrowed(CamundaBody):
    """The filters of a list; its members are those of the query string."""

    model_config = ConfigDict(extra="allow")

    sorting: Annotated[list[Order], Field(max_length=1)] | None = None


class Retries(CamundaBody):
    """The remaining retries of a task."""

    retries: Number


class RetriesOfMany(Retries):
    """The same for all of these tasks, those of these instances and those of a list."""

    externalTaskIds: Texts | None = None
    processInstanceIds: Texts | None = None
    externalTaskQuery: Narrowed | None = None
    processInstanceQuery: None = None
    historicProcessInstanceQuery: None = None


class Priority(CamundaBody):
    """The priority of a task."""

    priority: Annotated[int, Field(strict=False, ge=-(2**31), le=2**31 - 1)] = 0


def topic_wanted(one: FetchedTopic) -> TopicWanted:
    """The request for a topic in the engine's form."""
    return TopicWanted(
        topic=one.topicName,
        lease=span(one.lockDuration),
        variables=one.variables,
        local=one.localVariables,
        business_key=one.businessKey,
        process_keys=_both(one.processDefinitionKey, one.processDefinitionKeyIn),
        definition_ids=_ids_of(one.processDefinitionId, one.processDefinitionIdIn),
        holding=one.processVariables or {},
    )


def _both(single: str | None, several: list[str] | None) -> list[str] | None:
    """The values of a field, from a member with one value and another with several."""
    if single is None or several is None:
        return several if single is None else [single]
    return [single] if single in several else []


def _ids_of(single: str | None, several: list[str] | None) -> list[UUID] | None:
    found = _both(single, several)
    return None if found is None else [read_id(one) for one in found]


def span(milliseconds: int) -> timedelta:
    """A duration."""
    return timedelta(milliseconds=milliseconds)
