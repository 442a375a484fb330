"""One task, one function: its result, as the report for the server.

Knows no HTTP and no thread. Its log, and the message of an unexpected exception, show no value of a
variable: only the exception's class and place. Its text goes into the details, which the server
shows only to readers of the case.
"""

from __future__ import annotations

import logging
import random
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from web.worker.task import BpmnError, Done, Escalation, Failure, Task
from web.worker.values import Unfit, typed

log = logging.getLogger("tindak.worker")

LONGEST_MESSAGE, LONGEST_DETAILS = 600, 4000
JITTER = 0.2
"""A planned wait grows by chance by up to this part, so that tasks that failed together do not
return together."""

Function = Callable[[Task], Mapping[str, object] | Done | None]


@dataclass(frozen=True, slots=True)
class Report:
    """A call of `/external-task/{id}` with its body, and its counter."""

    act: str
    body: Mapping[str, object]
    counted: str
    once: str = ""
    """Idempotency-Key of a call that would otherwise act again when it is repeated."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic and its function; times in seconds, see `Worker.task`."""

    name: str
    function: Function
    lease: float
    retries: int
    back_off: Sequence[float]
    variables: Sequence[str] | None
    extend: bool

    def wanted(self) -> dict[str, object]:
        """The topic in the form of `fetchAndLock`."""
        asked: dict[str, object] = {
            "topicName": self.name,
            "lockDuration": milliseconds(self.lease),
            "includeExtensionProperties": True,
        }
        return asked if self.variables is None else {**asked, "variables": list(self.variables)}

    def play(self, task: Task) -> Report:
        """Run the function. An exception becomes a report too."""
        try:
            return _ended(self.function, task)
        except Failure as failure:
            log.warning("Task %s of %s failed", task.id, self.name)
            return self.failed(task, failure)
        except Unfit as answer:
            log.warning("Task %s of %s failed: %s", task.id, self.name, answer)
            return self.failed(task, Failure(str(answer)))
        except (Exception, SystemExit) as error:
            kind = type(error).__name__
            place = "".join(traceback.format_tb(error.__traceback__)[2:])
            log.warning("Task %s of %s failed: %s\n%s", task.id, self.name, kind, place)
            told = f"{kind} in the worker's function"
            return self.failed(task, Failure(told, f"{kind}: {error}\n{place}"))

    def failed(self, task: Task, failure: Failure) -> Report:
        """A failure with the retries that are left, and the wait before the next attempt."""
        counted = self.retries if task.retries is None else max(task.retries - 1, 0)
        # A function may compute a negative number: then there is no wait, and no retry.
        left = counted if failure.retries is None else max(failure.retries, 0)
        body = {
            "errorMessage": _sendable(str(failure))[:LONGEST_MESSAGE],
            "errorDetails": _sendable(failure.details)[:LONGEST_DETAILS],
            "retries": left,
            "retryTimeout": milliseconds(
                self._wait(left) if failure.wait is None else max(failure.wait, 0.0)
            ),
        }
        return Report("failure", body, "failed")

    def _wait(self, left: int) -> float:
        """The first pause before the first retry, and so on; after the last pause always the last
        one."""
        if not self.back_off or not left:
            return 0.0
        gone = min(max(self.retries - left, 0), len(self.back_off) - 1)
        return self.back_off[gone] * random.uniform(1, 1 + JITTER)


def _ended(function: Function, task: Task) -> Report:
    try:
        answer = function(task)
    except BpmnError as error:
        told = {"errorCode": error.code, "errorMessage": error.message}
        return Report("bpmnError", {**told, "variables": typed(error.variables)}, "errors")
    except Escalation as raised:
        body = {"escalationCode": raised.code, "variables": typed(raised.variables)}
        return Report("bpmnEscalation", body, "errors", f"{task.id} {raised.code}")
    if not isinstance(answer, Mapping | Done | None):
        kind = type(answer).__name__
        raise Unfit(f"The worker answered a {kind}; write a dict of variables, or nothing.")
    return completed(answer if isinstance(answer, Done) else Done(answer or {}))


def completed(done: Done) -> Report:
    """The task is done."""
    local = typed(done.local_variables)
    body = {"variables": typed(done.variables), "localVariables": local}
    return Report("complete", body, "completed")


def _sendable(text: str) -> str:
    """The text without characters that no database stores, such as half a character of a broken
    file name: without the report the worker would look dead."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def milliseconds(seconds: float) -> int:
    """A time in the server's form."""
    return round(seconds * 1000)
