"""Runs a model as far as possible and records everything visible from outside.

Two models are equal if their records are equal. Facts that are only read from the file (the XML,
the elements) are left out, except the content of an open task's page: the record holds the acts and
the stored data of the case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from engine import Engine
from engine.execution.border import ANYBODY, UNNAMED, Choice, Subscription
from engine.models.bundle import read_bundle
from engine.models.checks import Known, check_bundle
from engine.ports.handlers import BpmnError, Step
from engine.sentences.errors import ModelError, TindakError
from engine.storage import tables
from engine.storage.cases.worklist import Task
from engine.time.clock import ManualClock
from tests.engine.conftest import MONDAY
from tests.engine.models.bpmn.descriptors import without

MOST_ACTS = 12
"""On a case; some models go on for ever."""
IDS = re.compile(r"[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}")
Seen = tuple[object, ...]


@dataclass(frozen=True)
class Row:
    """A model in which a word stands, and how it is run.

    `less`: (text, what stands there instead) makes the model without the word, or with another
    value of it; None: the word is left out wherever it stands.
    `refused`: the code of the finding that stops the deployment of that one, where nothing can run
    without the word. `warned`: both run alike, but the deployment warns of one of them otherwise.
    `files` come with both; `before` are deployed before both, one after the other, and `after` is
    deployed behind them, before the case begins.
    `data` starts the case; `answers` by element; tasks in `open` stay so, and so do catch events.
    """

    model: bytes
    less: tuple[str, str] | None = None
    refused: str | None = None
    warned: bool = False
    files: Mapping[str, bytes] = field(default_factory=dict)
    before: tuple[Mapping[str, bytes], ...] = ()
    after: Mapping[str, bytes] = field(default_factory=dict)
    data: Mapping[str, object] = field(default_factory=dict)
    answers: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    open: frozenset[str] = frozenset()

    def other(self, name: str, word: str) -> bytes:
        """The model without the word of BPMN or Camunda (`name`)."""
        if self.less is None:
            return without(self.model, name, word)
        text, instead = self.less
        assert text.encode() in self.model, text
        return self.model.replace(text.encode(), instead.encode())

    def findings(self, model: bytes) -> list[tuple[str, str, str, str]]:
        """What the deployment says of a model: element, code, what is wrong, what to do."""
        found = check_bundle(
            read_bundle({"m.bpmn": model, **self.files}), Known(topics={"note": None, "fail": None})
        )
        return [(one.element_id, one.code, str(one.what), str(one.advice)) for one in found]


class Stage:
    """An engine in memory on which models are run one after the other, each as if it were alone."""

    def __init__(self) -> None:
        self.clock = ManualClock(MONDAY)
        self.calls: list[Seen] = []
        handlers = {"note": self._note, "fail": _fail}
        self.engine = Engine.open("sqlite://", handlers, self.clock)

    def close(self) -> None:
        self.engine.close()

    def _note(self, step: Step) -> dict[str, object]:
        self.calls.append((step.element_id, step.data, step.inputs, step.answers))
        return {"noted": step.element_id}

    def seen(self, row: Row, model: bytes) -> str:
        """Everything that can be seen of a process and of a case of it."""
        self._clear()
        for files in row.before:
            self.engine.deploy(files, "owner")
        versions = self.engine.deploy({"m.bpmn": model, **row.files}, "owner")
        names = [(one.key, one.name) for one in versions]
        if row.after:
            self.engine.deploy(row.after, "owner")
        try:
            case = self.engine.start(versions[0].key, row.data, "case-1", "ani")
        except ModelError as failed:
            return _plain((names, str(failed)))
        told = list(self._acts(row, case))
        instance, data = self.engine.instance(case), self.engine.data(case)
        return _plain((names, told, self._history(case), instance.status, data, self.calls))

    def _clear(self) -> None:
        self.clock.now, self.calls = MONDAY, []
        with self.engine.transaction() as connection:
            for table in tables.metadata.sorted_tables:
                if table is not tables.setting:
                    connection.execute(delete(table))

    def _acts(self, row: Row, case: UUID) -> Iterator[Seen]:
        """What waits and what is stored, before each act that brings the case on."""
        begun: set[str] = set()
        for _ in range(MOST_ACTS):
            tasks = [self._shown(task) for task in self.engine.tasks()]
            waits = [(one.element_id, one.message, one.key) for one in self.engine.awaited(case)]
            chosen = [a.id for one in self._choices(case) for a in one.activities]
            yield (tasks, waits, chosen, *self._stored())
            if not (self._choose(case, begun) or self._go_on(row, case)):
                return

    def _choices(self, case: UUID) -> list[Choice]:
        ended = self.engine.instance(case).status != "active"
        return [] if ended else self.engine.choices(case)

    def _choose(self, case: UUID, begun: set[str]) -> bool:
        """Begin an activity of an ad-hoc sub-process that has not begun yet."""
        for choice in self._choices(case):
            for activity in choice.activities:
                if activity.id not in begun:
                    begun.add(activity.id)
                    self.engine.start_activity(case, activity.id, token=choice.token)
                    return True
        return False

    def _shown(self, task: Task) -> Seen:
        """An open task as its page shows it."""
        element = self.engine.program(task.definition_id).element(task.element_id)
        form, _ = self.engine.form(task.id)
        return (
            *(task.element_id, task.name, task.assignee, task.candidate_users),
            *(task.candidate_groups, task.form_ref, task.priority, task.due_at, task.follow_up_at),
            *(element.documentation, repr(form), self.engine.form_data(task.id)),
            self.engine.task_data(task.id),
        )

    def _stored(self) -> Iterator[Seen]:
        """Instances, later work, kept messages, incidents."""
        case, job, message = tables.instance.c, tables.job.c, tables.message.c
        incident, external = tables.incident.c, tables.external_task.c
        asked = (
            select(case.key, case.business_key, case.status),
            select(job.kind, job.due_at),
            select(message.name, message.key, message.payload),
            select(incident.element_id, incident.what),
            select(external.element_id, external.topic, external.priority),
        )
        with self.engine.reading() as connection:
            for one in asked:
                yield tuple(sorted(repr(tuple(row)) for row in connection.execute(one)))

    def _history(self, case: UUID) -> list[Seen]:
        return [
            (
                *(one.kind, one.by, one.at, one.entered, one.left, one.cancelled),
                *(one.changed, one.scoped, one.details),
            )
            for one in self.engine.history(case)
        ]

    def _go_on(self, row: Row, case: UUID) -> bool:
        """One act: what is due, else a task, else a message, else wait for what falls due next."""
        if self.engine.run_due():
            return True
        for task in self.engine.tasks():
            if task.element_id not in row.open and not task.repairing:
                self._complete(task, row.answers.get(task.element_id, {}))
                return True
        for one in self.engine.awaited(case):
            if one.element_id not in row.open and _is_message(one):
                payload = row.answers.get(one.element_id, {})
                self.engine.deliver(one.message, one.key, payload, False, token=one.token)
                return True
        wait = self.engine.seconds_to_next_job()
        self.clock.advance(seconds=wait or 0)
        return wait is not None

    def _complete(self, task: Task, answers: Mapping[str, object]) -> None:
        try:
            self.engine.complete(task.id, answers, "budi")
        except TindakError as refused:
            self.calls.append((task.element_id, str(refused)))


def _fail(step: Step) -> Any:
    raise BpmnError("bad", "It went wrong.")


def _is_message(one: Subscription) -> bool:
    return one.message != UNNAMED and one.key != ANYBODY


def _plain(seen: Seen) -> str:
    """Without the ids that differ from one run to the next."""
    return IDS.sub("ID", "\n".join(map(repr, seen)))
