"""The input of a worker's function, and its possible answers and exceptions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from web.worker.values import plain


@dataclass(slots=True)
class Task:
    """An external task while this worker holds it. `retries`: attempts left after the next failure,
    None if it never failed. `properties`: those of the element in the model. `lost` becomes true if
    the task was taken away (its lease ended, its case went another way): then the function's answer
    does not count. Its text shows no value of a variable."""

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
        """Extend the lease to so many seconds from now. Raises an error of `web.worker.client`."""
        if self._extend:
            self._extend(self, seconds)


def read_task(row: Mapping[str, Any], extend: Callable[[Task, float], None]) -> Task:
    """A task from an answer of `fetchAndLock`."""
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
    """A function raises it: a business error. The boundary event that catches `code` continues with
    `variables`."""

    def __init__(
        self, code: str, message: str = "", variables: Mapping[str, object] | None = None
    ) -> None:
        super().__init__(code)
        self.code, self.message, self.variables = code, message, variables or {}


class Escalation(Exception):
    """A function raises it: the task escalates with this code and `variables`. Then it is
    completed, unless the catching event has ended it."""

    def __init__(self, code: str, variables: Mapping[str, object] | None = None) -> None:
        super().__init__(code)
        self.code, self.variables = code, variables or {}


class Failure(Exception):
    """A function raises it: the work failed. `retries`: attempts left (0: an incident); `wait`:
    seconds before the next one; the worker computes missing values itself."""

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
