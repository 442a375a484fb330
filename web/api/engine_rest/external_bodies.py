"""The bodies of calls about external tasks.

Owns what they may hold. Times are milliseconds; numbers may come as text, as Camunda takes them.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints

from engine.storage.later.externals import TopicWanted
from engine.workers.acts import MOST
from web.api.engine_rest.bodies import CamundaBody, Key, Name, NoVariables, Variables
from web.api.engine_rest.values import read_id

Milliseconds = Annotated[int, Field(strict=False, ge=0, le=10**12)]
Number = Annotated[int, Field(strict=False, ge=0, le=2**31 - 1)]
Worker = Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=r"^[^\x00]+$")]
Text = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$")]
Texts = Annotated[list[Text], Field(max_length=MOST)]
Nothing = Annotated[list[Any], Field(max_length=0)] | None
"""A list that must be empty: what it would narrow by, nothing here is narrowed by."""


class Held(CamundaBody):
    """What a worker says of a task that it holds."""

    workerId: Worker


class Lease(Held):
    """A task that is leased."""

    lockDuration: Milliseconds


class Extension(Held):
    """A lease that goes on for so long from now."""

    newDuration: Milliseconds


class Finished(Held):
    """The result of a task; `localVariables` are those of its activity."""

    variables: Variables = None
    localVariables: Variables = None


class Failed(Held):
    """A failure; `retries`: how often the work is tried again."""

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
    """What is fetched of a topic."""

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
    """How a list is sorted."""

    sortBy: str
    sortOrder: str = "asc"


class OldestFirst(CamundaBody):
    """The one order in which tasks of a priority are given out."""

    sortBy: Literal["createTime"]
    sortOrder: Literal["asc"] = "asc"


class Fetch(CamundaBody):
    """What a worker fetches, and how long it waits if there is nothing. The engine knows how much
    it may ask for."""

    workerId: Worker
    maxTasks: Annotated[int, Field(strict=False)]
    topics: Annotated[list[FetchedTopic], Field(min_length=1, max_length=MOST)]
    sorting: Annotated[list[OldestFirst], Field(max_length=1)] | None = None
    includeExtensionProperties: bool = False
    asyncResponseTimeout: Annotated[int, Field(strict=False, ge=0, le=1_800_000)] = 0


class Narrowed(CamundaBody):
    """What a list is narrowed by; its members are those of the query string."""

    model_config = ConfigDict(extra="allow")

    sorting: Annotated[list[Order], Field(max_length=1)] | None = None


class Retries(CamundaBody):
    """How often a task may still fail."""

    retries: Number


class RetriesOfMany(Retries):
    """The same for all of these tasks, those of these instances and those of a list."""

    externalTaskIds: Texts | None = None
    processInstanceIds: Texts | None = None
    externalTaskQuery: Narrowed | None = None
    processInstanceQuery: None = None
    historicProcessInstanceQuery: None = None


class Priority(CamundaBody):
    """How early a task is given out."""

    priority: Annotated[int, Field(strict=False, ge=-(2**31), le=2**31 - 1)] = 0


def topic_wanted(one: FetchedTopic) -> TopicWanted:
    """What is fetched of a topic, as the engine is asked for it."""
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
    """What a field may be, by a member with one value and another with several."""
    if single is None or several is None:
        return several if single is None else [single]
    return [single] if single in several else []


def _ids_of(single: str | None, several: list[str] | None) -> list[UUID] | None:
    found = _both(single, several)
    return None if found is None else [read_id(one) for one in found]


def span(milliseconds: int) -> timedelta:
    """A length of time."""
    return timedelta(milliseconds=milliseconds)
