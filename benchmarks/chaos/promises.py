"""Whether every answer to a client is true: done exactly once, or not at all."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterator
from uuid import UUID

from benchmarks.chaos.evidence import Event, Evidence
from benchmarks.chaos.ledger import Act

EXPECTED = {
    "complete": {204, 409},
    "message": {204, 400},
    "start": {200},
    "external": {204, 400, 404},
}
"""The allowed answers to a client, besides 503, which it repeats: done, or somebody else was
faster."""


STEPS = frozenset(EXPECTED) - {"start"}
"""Acts that are one step, whose event has the same name."""


def broken(
    evidence: Evidence, acts: Collection[Act], user_id: str, worker_id: str
) -> Iterator[str]:
    """Every broken promise, in words. External workers have the id `worker_id`, all other clients
    `user_id`."""
    by_request: dict[str | None, list[Event]] = {}
    for event in evidence.events():
        by_request.setdefault(event.request_id, []).append(event)
    asked, finished = set[str](), Counter[str]()
    for act in acts:
        if act.status not in {0, *EXPECTED[act.kind]}:
            yield f"{act.kind} {act.request} was answered {act.status}"
        if act.kind == "start":
            yield from _start(evidence, act)
            continue
        stored = stored_request(act, worker_id if act.kind == "external" else user_id)
        asked.add(stored)
        events = by_request.get(stored, [])
        yield from _step(evidence, act, events)
        if act.kind == "external":
            finished[act.subject] += len(events)
            if act.late and act.acknowledged:
                yield f"external {act.request} was taken though its lease had run out"
    yield from (f"external task {task} was finished {times} times"
                for task, times in finished.items() if times > 1)  # fmt: skip
    yield from _invented(evidence, asked)


def stored_request(act: Act, user_id: str) -> str:
    """The request id in the history: one key of one user at one address."""
    return hashlib.sha256("\0".join([user_id, "POST", act.path, act.request]).encode()).hexdigest()


def _start(evidence: Evidence, act: Act) -> Iterator[str]:
    found = [case for case in evidence.cases if case.business_key == act.subject]
    if len(found) > 1 or (act.acknowledged and not found):
        yield f"start {act.request} (acknowledged: {act.acknowledged}) made {len(found)} cases"
    if act.acknowledged and found and found[0].id != UUID(act.told):
        yield f"start {act.request} was answered {act.told}, stored is {found[0].id}"


def _step(evidence: Evidence, act: Act, events: list[Event]) -> Iterator[str]:
    if len(events) > 1 or (act.acknowledged and not events):
        yield f"{act.kind} {act.request} (status {act.status}) was done {len(events)} times"
    if act.refused and events:
        yield f"{act.kind} {act.request} was refused with {act.status}, but it was done"
    for event in events:
        if event.kind != act.kind:
            yield f"{act.kind} {act.request} is an event of kind {event.kind}"
        if act.kind == "complete" and not _is_completion_of(evidence, event, act.subject):
            yield f"complete {act.request} of task {act.subject} is told as {event.details}"


def _is_completion_of(evidence: Evidence, event: Event, task: str) -> bool:
    return event.details.get("task") == task and evidence.task_status[UUID(task)] == "completed"


def _invented(evidence: Evidence, asked: set[str]) -> Iterator[str]:
    """Steps without a request, and tasks completed twice."""
    steps = [event for event in evidence.events() if event.kind in STEPS]
    for event in steps:
        if event.request_id not in asked:
            yield f"case {event.instance_id}: nobody asked for its event {event.seq}"
    done = Counter(event.details["task"] for event in steps if event.kind == "complete")
    yield from (f"task {task} was completed {times} times" for task, times in done.items()
                if times > 1)  # fmt: skip
    completed = {str(id) for id, status in evidence.task_status.items() if status == "completed"}
    yield from (f"task {task} is completed without an event" for task in completed - set(done))
