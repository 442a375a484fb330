"""The engine and the reference side by side: the same model, the same acts, the same results.

`compare` plays one seed and gives the first difference, None if there is none. Between two acts the
engine keeps only its stored data.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Any
from uuid import UUID

from engine import Engine, ModelError
from engine.models.bundle import read_bundle
from engine.time.clock import ManualClock
from tests.engine.reference.drawn_activities import DATA
from tests.engine.reference.interpreter import Case
from tests.engine.reference.models import Sketch
from tests.engine.reference.newer_models import Newer
from tests.engine.reference.state import Token

MOST_ACTS = 25
NEWER_SEEDS = 10_000
"""From here on seeds draw the newer elements too."""


class Refused(Exception):
    """The engine does not deploy the model of this seed."""


@dataclass
class Play:
    """One case in both; `acts` says what was done so far."""

    seed: int
    engine: Engine
    clock: ManualClock
    files: dict[str, bytes]
    acts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.key = f"seed {self.seed}"
        self.random = Random(self.seed)
        self.engine._stepper.cache._capacity = 0  # each act begins with what is stored
        try:
            self.engine.deploy(self.files, "owner")
        except ModelError as refused:
            raise Refused from refused
        models = read_bundle(self.files).processes
        self.case = Case(models, "p", DATA, self.clock.now)

    def difference(self) -> str | None:
        """Play; the first difference in words."""
        try:
            self.id = self.engine.start("p", DATA, self.key)
        except ModelError as failed:
            return None if self.case.stuck else f"the engine does not start it: {failed}"
        while not (found := self.differs()) and len(self.acts) < MOST_ACTS:
            if not (acts := list(self.possible())):
                break
            said, act = self.random.choice(acts)
            self.acts.append(said)
            act()
            if self.case.stuck:
                # A join waits for what never comes: no step of the engine ends so.
                incidents = [one.instance_id for one in self.engine.incidents()]
                return None if self.id in incidents else "the engine lets the case be stuck"
        return found

    def possible(self) -> Iterator[tuple[str, Callable[[], None]]]:
        """What may be done next, in words and deed."""
        for index, task in enumerate(self.tasks()):
            answers = self.answers(task)
            said = f"complete {task.element.id} ({index}) {json.dumps(answers)}"
            yield said, partial(self.complete, task, index, answers)
        for kind in ("message", "signal"):
            for name, waiting in sorted(self.case.awaiting(kind).items()):
                if len(waiting) == 1:
                    yield f"deliver {name}", partial(self.deliver, kind, name)
        if timers := self.case.timers():
            yield f"wait for {timers[0].element.id}", self.wait

    def answers(self, task: Token) -> dict[str, Any]:
        """Answers under some of the names that the task sees."""
        assert task.own is not None
        names = sorted(task.own.seen().keys() & {"x", "y", "answer", "local", "item"})
        return {name: self.random.randrange(4) for name in names if self.random.random() < 0.5}

    def complete(self, task: Token, index: int, answers: dict[str, Any]) -> None:
        row = sorted(self.rows())[index]
        self.engine.complete(UUID(row[2]), answers, "ani")
        self.case.complete(task, answers)

    def deliver(self, kind: str, name: str) -> None:
        payload = {"word": name}
        if kind == "message":
            self.engine.deliver(name, self.key, payload)
        else:
            self.engine.start("ringing", {"name": name, **payload})
            self.engine.run_due()
        self.case.deliver(kind, name, payload)

    def wait(self) -> None:
        """Let time pass to the next timer; what is due at the same moment fires too."""
        due = self.case.timers()[0].due
        assert due is not None
        self.clock.now = self.case.now = due
        self.engine.run_due()
        while (timers := self.case.timers()) and timers[0].due == due:
            self.case.fire(timers[0])

    def told(self) -> str:
        """The model, the seed and the acts."""
        files = [f"--- {name}\n{file.decode()}" for name, file in self.files.items()]
        return "\n".join([*files, f"--- seed {self.seed}", *self.acts])

    # --- what is to be seen -----------------------------------------------------------------------

    def tasks(self) -> list[Token]:
        """The open tasks of the reference, in the order of `rows`."""
        return sorted(
            self.case.tasks(), key=lambda task: (task.element.id, seen(task), task.opened)
        )

    def rows(self) -> list[tuple[str, str, str]]:
        """Element, what is seen, and id of the engine's open tasks."""
        tasks = self.engine.tasks(instance_id=self.id, limit=1_000)
        return [(t.element_id, shown(self.engine.task_data(t.id)), str(t.id)) for t in tasks]

    def differs(self) -> str | None:
        """What the engine shows, if it is not what the reference says."""
        incidents = [str(one.what) for one in self.engine.incidents() if one.instance_id == self.id]
        engine = {
            "incidents": incidents,
            "ended": self.engine.instance(self.id).status == "completed",
            "variables": self.engine.data(self.id),
            "tasks": [row[:2] for row in sorted(self.rows())],
        }
        reference = {
            "incidents": [],
            "ended": self.case.ended,
            "variables": self.case.variables.names,
            "tasks": [(task.element.id, seen(task)) for task in self.tasks()],
        }
        wrong = [name for name in reference if engine[name] != reference[name]]
        return "\n".join(
            f"{name}\n  engine    {engine[name]}\n  reference {reference[name]}" for name in wrong
        )


def seen(task: Token) -> str:
    """What a task of the reference sees, as text."""
    assert task.own is not None
    return shown(task.own.seen())


def shown(data: dict[str, Any]) -> str:
    """Variables as text; the ids of tasks in `timer` are the engine's alone."""
    facts = data.get("timer")
    if isinstance(facts, dict):
        data = {**data, "timer": {k: v for k, v in facts.items() if k not in ("task", "tasks")}}
    return json.dumps(data, sort_keys=True)


def compare(seed: int, engine: Engine, clock: ManualClock) -> str | None:
    """The first difference of a seed, None if there is none. Raises Refused."""
    play = Play(seed, engine, clock, (Sketch if seed < NEWER_SEEDS else Newer)(seed).files)
    try:
        found = play.difference()
    except Exception as error:
        error.add_note(play.told())
        raise
    finally:
        with suppress(Exception):
            engine.cancel(play.id, "end of the example", "owner")
    return f"{play.told()}\n{found}" if found else None
