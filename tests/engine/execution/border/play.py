"""Plays one instance step by step, like the engine: only bytes survive between two steps.

Every act loads the stored state, does one thing, compacts and stores; every read uses a freshly
loaded state. `Play` is also the host: a test sets its clock, case and handlers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from engine.execution.border import (
    Activities,
    CalledProcess,
    HumanTask,
    Live,
    Program,
    Signal,
    Waiting,
    WaitingTimer,
)
from engine.execution.border.state.codec import unpack
from engine.models.bundle import Bundle, read_bundle
from engine.models.elements import Element
from engine.sentences.problems import errors_of
from engine.time.calendar import Calendar
from engine.time.looks import Looks
from tests.engine.models.building import Part, bpmn, process

MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
"""09.00 in Jakarta on a working Monday."""

Act = Callable[[Live], None]
Handler = Callable[["Call"], Mapping[str, object] | None]


class Call:
    """What a handler was called with."""

    def __init__(self, element: Element, token: UUID, data: Any, inputs: Any, task: Any) -> None:
        self.element, self.token, self.data, self.inputs, self.task = (
            element,
            token,
            data,
            inputs,
            task,
        )


def bundle_of(*parts: Part, files: Mapping[str, bytes] | None = None) -> Bundle:
    """The process `p` made of these parts, with further files."""
    whole = [part for part in parts if part.xml.startswith("<process")]
    processes = whole or [process("p", *parts)]
    bundle = read_bundle({"p.bpmn": bpmn(*processes), **(files or {})})
    assert not errors_of(bundle.problems), bundle.problems
    return bundle


def program_of(*parts: Part, files: Mapping[str, bytes] | None = None) -> Program:
    """The program of the process `p`, or of the first process given."""
    bundle = bundle_of(*parts, files=files)
    return Program.build(bundle, next(iter(bundle.processes)))


LOOKS = Looks(time(7, 30), timedelta(minutes=90), "normal")


class Play:
    """An instance and the world around it."""

    def __init__(
        self,
        program: Program,
        data: Mapping[str, object] | None = None,
        *,
        case: Mapping[str, object] | None = None,
        handlers: Mapping[str, Handler] | None = None,
        business_key: str | None = "case-1",
        calendar: Calendar | None = None,
        now: datetime = MONDAY,
        looks: Looks = LOOKS,
        compacting: bool = True,
    ) -> None:
        self.program = program
        self.case = dict(case or {})
        self.handlers = dict(handlers or {})
        self.business_key = business_key
        self.by: str | None = "ani"
        self.calendar = calendar or Calendar()
        self.looks = looks
        self.now = now
        self.compacting = compacting
        self.sent: list[tuple[str, str, dict[str, object]]] = []
        self.signalled: list[tuple[str, dict[str, object]]] = []
        self.thrown: Signal
        self.answers: dict[str, object] = {}
        self.calls: list[Call] = []
        self.last: Activities
        live = Live.start(program, data or {}, self)
        self._save(live, None)

    def has_topic(self, topic: str) -> bool:
        return topic in self.handlers

    def call(
        self, topic: str, element: Element, token: UUID, data: Any, inputs: Any, task: Any
    ) -> Mapping[str, object] | None:
        self.calls.append(Call(element, token, data, inputs, task))
        return self.handlers[topic](self.calls[-1])

    def called(self, key: str, version: int | None) -> CalledProcess | None:
        name = f"{key}/{key}"
        known = name in self.program.specs
        return CalledProcess(None, name, self.program.specs) if known else None

    def send(self, message: str, key: str, payload: dict[str, object], sender: Element) -> None:
        self.sent.append((message, key, payload))

    def signal(self, signal: Signal) -> None:
        self.signalled.append((signal.name, signal.payload))
        self.thrown = signal

    def step(self, act: Act) -> None:
        """One step from bytes to bytes; nothing is kept if it raises."""
        live = self.live
        snapshot = live.snapshot()
        act(live)
        self._save(live, snapshot)

    def _save(self, live: Live, snapshot: Any) -> None:
        if self.compacting:
            live.compact()
        self.last = live.activities(snapshot)
        self.body = live.dump()
        again = Live.load(self.program, self.body)
        if self.compacting:
            assert again.dump() == self.body
        else:  # finished items, which compaction drops, may name their keys in another order
            assert unpack(again.dump()) == unpack(self.body)
        assert again.waiting() == live.waiting()
        assert again.data == live.data

    @property
    def live(self) -> Live:
        """The instance as it is stored."""
        return Live.load(self.program, self.body)

    @property
    def waiting(self) -> Waiting:
        return self.live.waiting()

    @property
    def open(self) -> list[str]:
        """Element ids of the open human tasks, sorted."""
        return sorted(task.element.id for task in self.waiting.tasks.values())

    @property
    def due(self) -> dict[str, datetime]:
        """When each armed timer is due, by element id."""
        return {timer.element_id: timer.due_at for timer in self.waiting.timers.values()}

    @property
    def ended(self) -> bool:
        return self.live.ended

    @property
    def data(self) -> dict[str, object]:
        return self.live.data

    @property
    def tasks(self) -> int:
        """How many tasks SpiffWorkflow's tree holds, sub-processes included."""
        return sum(len(scope.tasks) for scope in self.live._top.scopes())

    def task(self, element_id: str, index: int = 0) -> HumanTask:
        """An open human task; `index` among several of one element."""
        return [t for t in self.waiting.tasks.values() if t.element.id == element_id][index]

    def complete(self, element_id: str, index: int = 0, /, **answers: object) -> None:
        token = self.task(element_id, index).token
        self.step(lambda live: live.complete(token, answers, self))

    def fire(self, element_id: str) -> None:
        """Fire an armed timer now, whenever it is due."""
        [token] = [t.token for t in self.waiting.timers.values() if t.element_id == element_id]
        self.step(lambda live: live.fire(token, self))

    def advance(self, **span: float) -> int:
        """Let time pass in one leap, then fire what is due by then, earliest first, until nothing
        is: the service was down meanwhile. Returns the number of fires."""
        self.now += timedelta(**span)
        fires = 0
        while due := [t for t in self.waiting.timers.values() if t.due_at <= self.now]:
            self._fire_planned(min(due, key=lambda timer: timer.due_at))
            fires += 1
        return fires

    def _fire_planned(self, timer: WaitingTimer) -> None:
        self.step(lambda live: live.fire(timer.token, self, timer.due_at))

    def days(self, count: int) -> int:
        """Let days pass one by one. Returns the number of fires."""
        return sum(self.advance(days=1) for _ in range(count))

    def deliver(self, message: str, /, **payload: object) -> None:
        """Deliver to the one token that waits for this message."""
        [token] = [s.token for s in self.waiting.subscriptions.values() if s.message == message]
        self.step(lambda live: live.deliver(token, payload, self))

    @property
    def choices(self) -> dict[str, list[str]]:
        """Ids of the activities that can be started, by ad-hoc sub-process."""
        return {
            one.element.id: [activity.id for activity in one.activities]
            for one in self.live.choices()
        }

    def choose(self, activity: str, index: int = 0, /, **values: object) -> None:
        """Start an activity of an ad-hoc sub-process; `index` among several that are open."""
        token = self.live.choices()[index].token
        self.step(lambda live: live.start_activity(token, activity, values, self))

    def conclude(self, index: int = 0, /, **values: object) -> None:
        """Complete an ad-hoc sub-process."""
        token = self.live.choices()[index].token
        self.step(lambda live: live.deliver(token, values, self))

    def external(self, topic: str) -> UUID:
        """The token of the one external task of a topic."""
        [token] = [e.token for e in self.waiting.externals.values() if e.topic == topic]
        return token

    def today(self) -> date:
        return self.calendar.today(self.now)
