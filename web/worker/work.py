"""One task, one function: what it did, as the report the server is sent.

Knows no HTTP and no thread. What it logs, and the message of an error nobody raised on purpose,
show no value of a variable: an error is told by its kind and place; its words are details, which
the server shows to whoever may read the case.
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
"""A planned wait grows by chance by up to this part: what failed together does not come back so."""

Function = Callable[[Task], Mapping[str, object] | Done | None]


@dataclass(frozen=True, slots=True)
class Report:
    """An act of `/external-task/{id}` with its body, and the counter it belongs to."""

    act: str
    body: Mapping[str, object]
    counted: str
    once: str = ""
    """Idempotency-Key of an act that would else happen again when it is repeated."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic and the function that does its work; times in seconds, see `Worker.task`."""

    name: str
    function: Function
    lease: float
    retries: int
    back_off: Sequence[float]
    variables: Sequence[str] | None
    extend: bool

    def wanted(self) -> dict[str, object]:
        """As `fetchAndLock` takes it."""
        asked: dict[str, object] = {
            "topicName": self.name,
            "lockDuration": milliseconds(self.lease),
            "includeExtensionProperties": True,
        }
        return asked if self.variables is None else {**asked, "variables": list(self.variables)}

    def play(self, task: Task) -> Report:
        """Run the function. Whatever it raises is a report, too."""
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
        """A failure with the retries that are left, and when the next one is."""
        counted = self.retries if task.retries is None else max(task.retries - 1, 0)
        # What a function computes may be below nothing: then there is no wait, and no retry.
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
        """Before the first retry the first pause, and so on; the last one from then on."""
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
    """Without what no database keeps, such as half a character of a broken file name: a failure
    that cannot be told would look like a worker that has died."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def milliseconds(seconds: float) -> int:
    """As the server takes times."""
    return round(seconds * 1000)
