"""This engine, as an outside program uses it: deploy, start, complete, deliver."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, Final, Self
from uuid import UUID

from sqlalchemy import func, select

from benchmarks.camunda.stage import Stage
from benchmarks.models.answers import filled
from benchmarks.spiff.sides import MESSAGE, SIGNAL, TASK, TIMER, Offer, Stopped, plain
from engine.execution.border import ANYBODY
from engine.models.bundle import Bundle
from engine.models.elements import Element, EventDefinition
from engine.sentences.errors import ModelError, TindakError
from engine.sentences.problems import Problem, errors_of
from engine.storage.cases.worklist import Task
from engine.storage.tables import job

BY: Final = "demo"
KEY: Final = "case-1"
MOMENT: Final = 0.001
"""Seconds after a timer is due: later the second round of a short cycle would also be due."""


class Ours:
    """A case of process `key` from files, in an empty database. `refused`: why they do not
    deploy."""

    def __init__(self, files: Mapping[str, bytes], bundle: Bundle, key: str, url: str) -> None:
        self._stage = Stage(url, {})
        self._engine = self._stage.engine
        self._bundle, self._key = bundle, key
        self._case: UUID | None = None
        self._seen = 0
        self.refused: list[Problem] = []
        try:
            self._stage.deploy(files)
        except ModelError as error:
            self.refused = errors_of(error.problems)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._engine.close()

    def begin(self, data: Mapping[str, object]) -> None:
        if not self._begun_by:
            self._done(lambda: self._engine.start(self._key, data, KEY, BY))

    def offers(self) -> Counter[Offer]:
        if self._case is None:
            return Counter(Offer(kind, id) for kind, id, _ in self._begun_by)
        tasks = [Offer(TASK, task.element_id) for task in self._tasks()]
        awaited = [
            Offer(SIGNAL if one.key == ANYBODY else MESSAGE, one.element_id)
            for one in self._engine.awaited(self._case)
        ]
        return Counter([*tasks, *awaited, *[Offer(TIMER)] * self._timers()])

    def act(self, offer: Offer, data: Mapping[str, object]) -> None:
        if offer.kind == TASK:
            self._done(lambda: self._engine.complete(self._task(offer).id, data, BY))
        else:
            name, key = self._awaited(offer)
            if offer.kind == SIGNAL:
                self._done(lambda: self._stage.ring(name, data))
            else:
                self._done(lambda: self._engine.deliver(name, key, data, wait=False, by=BY))

    def wait(self, seconds: float) -> None:
        self._done(lambda: self._stage.clock.advance(seconds=seconds))

    def passed(self) -> Counter[str]:
        """The elements left, except event gateways (see the other side); and end events whose token
        ended through their own event."""
        if self._case is None:
            return Counter()
        events = self._engine.history(self._case)[self._seen :]
        self._seen += len(events)
        models = self._bundle.processes.values()
        kinds = {id: element.kind for model in models for id, element in model.elements.items()}
        left = (id for event in events for id in event.left if kinds[id] != "eventBasedGateway")
        thrown = (id for event in events for id in event.cancelled if kinds[id] == "endEvent")
        return Counter([*left, *thrown])

    @property
    def ended(self) -> bool:
        return self._case is not None and self._engine.instance(self._case).ended_at is not None

    def data(self) -> dict[str, Any]:
        return {} if self._case is None else plain(self._engine.data(self._case))

    # --- what only this side knows --------------------------------------------------------------

    def seconds_to_timer(self) -> float:
        """Seconds until the next timer is due."""
        return max(self._engine.seconds_to_next_job() or 0, 0) + MOMENT

    def answer(self, offer: Offer, wanted: Mapping[str, object]) -> Mapping[str, object]:
        """A person's answer: if the task has a form, one that it accepts."""
        form, _ = self._engine.form(self._task(offer).id)
        return wanted if form is None else filled(form, wanted)

    @property
    def _begun_by(self) -> list[tuple[str, str, str]]:
        """Kind, element and name of the start events, if the process can start in no other way."""
        elements = self._bundle.processes[self._key].elements.values()
        starts = [e for e in elements if e.kind == "startEvent" and e.process == self._key]
        plain_start = any(e.event is None or e.event.kind == "none" for e in starts)
        begun = [(start, event) for start in starts if start.event for event in start.event.each]
        return [] if plain_start else [_beginning(*one) for one in begun]

    def _awaited(self, offer: Offer) -> tuple[str, str]:
        """Name and key of the wait at the offer."""
        if self._case is None:
            return next(name for _, id, name in self._begun_by if id == offer.element), KEY
        awaited = self._engine.awaited(self._case)
        return next((one.message, one.key) for one in awaited if one.element_id == offer.element)

    def _tasks(self) -> list[Task]:
        return [task for task in self._stage.tasks() if task.instance_id == self._case]

    def _task(self, offer: Offer) -> Task:
        return next(task for task in self._tasks() if task.element_id == offer.element)

    def _timers(self) -> int:
        wanted = select(func.count()).select_from(job)
        wanted = wanted.where(job.c.kind == "timer", job.c.instance_id == self._case)
        with self._engine.reading() as connection:
            return connection.scalar(wanted) or 0

    def _done(self, act: Callable[[], object]) -> None:
        try:
            act()
            self._stage.settle()
        except ModelError as error:
            raise Stopped(str(error.problems[0].what)) from error
        except TindakError as error:
            raise Stopped(str(error)) from error
        for incident in self._engine.incidents():
            raise Stopped(str(incident.what))
        cases = (one.id for one in self._stage.instances() if one.key == self._key)
        self._case = self._case or next(cases, None)


def _beginning(start: Element, event: EventDefinition) -> tuple[str, str, str]:
    if event.timer is not None:
        return TIMER, "", ""
    if event.message is not None:
        return MESSAGE, start.id, event.message.name
    return SIGNAL, start.id, event.code or ""
