"""What a function of a worker is given, and what it may answer or raise."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from web.worker.values import plain


@dataclass(slots=True)
class Task:
    """An external task while this worker holds it. `retries`: how often it is tried again after
    the next failure, null if it never failed. `properties`: those drawn at the element. `lost`
    becomes true when the task was taken away (its lease ran out, its case went another way): what
    the function answers then counts no more. Its text shows no value of a variable."""

    id: str
    topic: str
    variables: dict[str, Any] = field(repr=False)
    business_key: str | None
    instance_id: str
    process_key: str
    definition_id: str
    element_id: str
    retries: int | None
    priority: int
    properties: Mapping[str, str] = field(repr=False)
    lost: bool = False
    _extend: Callable[[Task, float], None] | None = field(default=None, repr=False)

    def extend(self, seconds: float) -> None:
        """Hold the task for so many seconds from now. Raises an error of `web.worker.client`."""
        if self._extend:
            self._extend(self, seconds)


def read_task(row: Mapping[str, Any], extend: Callable[[Task, float], None]) -> Task:
    """A task out of an answer of `fetchAndLock`."""
    return Task(
        id=row["id"],
        topic=row["topicName"],
        variables=plain(row.get("variables") or {}),
        business_key=row.get("businessKey"),
        instance_id=row["processInstanceId"],
        process_key=row["processDefinitionKey"],
        definition_id=row["processDefinitionId"],
        element_id=row["activityId"],
        retries=row.get("retries"),
        priority=row.get("priority") or 0,
        properties=row.get("extensionProperties") or {},
        _extend=extend,
    )


@dataclass(frozen=True, slots=True)
class Done:
    """The answer of a function that also writes variables of the activity alone."""

    variables: Mapping[str, object] = field(default_factory=dict)
    local_variables: Mapping[str, object] = field(default_factory=dict)


class BpmnError(Exception):
    """Raised by a function: an error of the business. The boundary event that catches `code`
    goes on with `variables`."""

    def __init__(
        self, code: str, message: str = "", variables: Mapping[str, object] | None = None
    ) -> None:
        super().__init__(code)
        self.code, self.message, self.variables = code, message, variables or {}


class Escalation(Exception):
    """Raised by a function: the task escalates with this code and `variables`, and is then
    completed, unless what catches the escalation has ended it."""

    def __init__(self, code: str, variables: Mapping[str, object] | None = None) -> None:
        super().__init__(code)
        self.code, self.variables = code, variables or {}


class Failure(Exception):
    """Raised by a function: it did not work. `retries`: how often it is tried again (0: an
    incident), `wait`: seconds until then; what is left out, the worker counts itself."""

    def __init__(
        self,
        message: str,
        details: str = "",
        *,
        retries: int | None = None,
        wait: float | None = None,
    ) -> None:
        super().__init__(message)
        self.details, self.retries, self.wait = details, retries, wait
