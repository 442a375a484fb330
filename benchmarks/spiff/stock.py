"""Stock SpiffWorkflow, run as in its documentation: parser, workflow, engine steps.

Wall clock time stands still, and moves only to a timer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import time_machine
from lxml import etree
from SpiffWorkflow.bpmn import BpmnEvent, BpmnWorkflow
from SpiffWorkflow.bpmn.specs.event_definitions.item_aware_event import SignalEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import EventBasedGateway
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.camunda.parser import CamundaParser
from SpiffWorkflow.dmn.parser import BpmnDmnParser
from SpiffWorkflow.spiff.parser import SpiffBpmnParser
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from benchmarks.spiff.sides import MESSAGE, SIGNAL, TASK, TIMER, Offer, Stopped, plain
from engine.models.bundle import kind_of

PARSERS: Mapping[str, type[BpmnDmnParser]] = {
    "bpmn": BpmnDmnParser, "camunda": CamundaParser, "spiff": SpiffBpmnParser
}  # fmt: skip
KINDS = {
    MessageEventDefinition: MESSAGE, SignalEventDefinition: SIGNAL, TimerEventDefinition: TIMER
}  # fmt: skip


class Stock:
    """A case of process `key` from files. `reader`: which of Spiff's three parsers. Raises Stopped
    for files that it cannot read."""

    def __init__(self, files: Mapping[str, bytes], key: str, reader: str, begin: datetime) -> None:
        self._now, self._reader = begin, reader
        self._passed: list[str] = []
        with self._running():
            parser = PARSERS[reader]()
            for name, content in files.items():
                add = parser.add_dmn_xml if kind_of(name) == "dmn" else parser.add_bpmn_xml
                add(etree.fromstring(content), name)
            spec, inner = parser.get_spec(key), parser.get_subprocess_specs(key)
            # A process that calls itself is in both.
            for one in {id(one): one for one in (spec, *inner.values())}.values():
                for task_spec in one.task_specs.values():
                    task_spec.completed_event.connect(self._note)
            self._workflow = BpmnWorkflow(spec, inner)

    def begin(self, data: Mapping[str, object]) -> None:
        with self._running():
            objects = self._workflow.data_objects
            objects.update((name, data[name]) for name in data.keys() & objects.keys())
            for task in self._workflow.get_tasks(state=TaskState.READY):
                task.set_data(**{k: v for k, v in data.items() if k not in objects})
            self._go_on()

    def offers(self) -> Counter[Offer]:
        ready = self._workflow.get_tasks(state=TaskState.READY)
        offers = [Offer(TASK, task.task_spec.bpmn_id) for task in ready]
        offers += [Offer(kind, id) for kind, id, _ in self._awaited()]
        return Counter(offers)

    def act(self, offer: Offer, data: Mapping[str, object]) -> None:
        with self._running():
            if offer.kind == TASK:
                ready = self._workflow.get_tasks(state=TaskState.READY)
                task = next(one for one in ready if one.task_spec.bpmn_id == offer.element)
                task.set_data(**data)
                task.run()
            else:
                wanted = (definition for *one, definition in self._awaited() if (*one,) == offer)
                self._workflow.send_event(self._event(next(wanted), data))
            self._go_on()

    def wait(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)
        with self._running():
            self._go_on()

    def passed(self) -> Counter[str]:
        found, self._passed = Counter(self._passed), []
        return found

    @property
    def ended(self) -> bool:
        return bool(self._workflow.completed)

    def data(self) -> dict[str, Any]:
        objects = self._workflow.data.get("data_objects", {})
        variables = {k: v for k, v in self._workflow.data.items() if k != "data_objects"}
        return plain(variables | objects)

    @contextmanager
    def _running(self) -> Iterator[None]:
        with time_machine.travel(self._now, tick=False):
            try:
                yield
            except Exception as error:  # any exception of stock ends its play, and is compared
                raise Stopped(f"{type(error).__name__}: {error}") from error

    def _go_on(self) -> None:
        """Run until every task waits."""
        while True:
            self._workflow.refresh_timers()
            self._workflow.do_engine_steps()
            ready = self._workflow.get_tasks(state=TaskState.READY)
            if all(task.task_spec.manual for task in ready):
                return

    def _event(self, definition: Any, data: Mapping[str, object]) -> BpmnEvent:
        """The event with its correlation keys from the data; in Camunda's dialect the payload is in
        an envelope."""
        keys = {}
        if isinstance(definition, MessageEventDefinition):
            properties = definition.correlation_properties
            keys = definition.calculate_correlations(
                self._workflow.script_engine, properties, dict(data)
            )
        payload = {"payload": dict(data)} if self._reader == "camunda" else dict(data)
        return BpmnEvent(definition, payload, keys)

    def _note(self, _workflow: object, task: Task) -> None:
        """Count a repeated activity once for each run, and an event gateway never: here it is left
        when an event comes, elsewhere as soon as it waits for events."""
        id = task.task_spec.bpmn_id
        if id is not None and not isinstance(task.task_spec, LoopTask | EventBasedGateway):
            self._passed.append(id)

    def _awaited(self) -> Iterator[tuple[str, str, Any]]:
        """Kind, id of the element (none for a timer) and definition of each awaited event."""
        for id, definition in self._definitions():
            for of_kind, kind in KINDS.items():
                if isinstance(definition, of_kind):
                    yield kind, "" if kind == TIMER else id, definition

    def _definitions(self) -> Iterator[tuple[str, Any]]:
        for task in self._workflow.event_manager.tasks.values():
            spec = task.task_spec
            inside: Any = getattr(spec.event_definition, "event_definitions", None)
            if isinstance(spec, EventBasedGateway):
                yield from zip((one.bpmn_id for one in spec.outputs), inside, strict=True)
            elif inside is not None:
                seen = [e.event_definition for e in task.internal_data.get("seen_events", ())]
                yield from ((spec.bpmn_id, one) for one in inside if one not in seen)
            else:
                yield spec.bpmn_id, spec.event_definition
        yield from ((spec.bpmn_id, spec.event_definition) for spec in self._triggers())

    def _triggers(self) -> Iterator[Any]:
        """Starts of event sub-processes: no task waits there before the event comes."""
        if not self._workflow.completed:
            for name in self._workflow.spec.start.trigger_specs:
                yield from self._workflow.subprocess_specs[name].bpmn_start_events
