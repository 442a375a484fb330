"""The acts of a play, and the expectations after them.

A play is acts between `;`. Words with blanks are quoted; `name=value` gives JSON. Acts:

- `start [process] [@business key] [variables]`, `do task [variables]`, `message name [@key]
  [>element that takes it] [variables]`, `signal name [variables]`, `after 90m`, `timer` (the clock
  goes to the next that is due), `cancel`; `task*3` does three of them. `refuses` before an act: the
  act is refused in words or becomes an incident; `refused [element ...]` alone: the deployment is.
- `at tasks` (the open ones, no others), `waits elements` (for messages and signals), `timers n`,
  `has variables`, `lacks names`, `sees task variables`, `task name facts` (lists in
  order), `ended`, `running`, `none` (nothing runs any more), `case n` (the case of the next
  questions; else the last one), `told codes` (of findings at deployment).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from benchmarks.camunda.stage import Stage, labels
from engine.sentences.errors import ModelError, TindakError
from engine.sentences.problems import Problem, errors_of
from engine.storage.cases.instances import Instance
from engine.storage.cases.worklist import Task

VALUE: Final = r'"[^"]*"|[\[{].*?[\]}](?=\s|;|$)|[^\s;]+'
TOKEN: Final = re.compile(rf'\w+=(?:{VALUE})|[@>]?"[^"]*"|;|[^\s;]+', re.DOTALL)
UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


class Wrong(Exception):
    """The result differs from the expected one."""


@dataclass(frozen=True, slots=True)
class Act:
    """A parsed act: `words` after the first, `values` by name."""

    text: str
    verb: str
    words: list[str] = field(default_factory=list)
    values: Mapping[str, Any] = field(default_factory=dict)

    def word(self, mark: str) -> str | None:
        """The word that begins with `mark`, without it."""
        return next((word[1:] for word in self.words if word.startswith(mark)), None)


def acts_of(play: str) -> Iterator[Act]:
    """The acts of a play. Raises ValueError for values that are not JSON."""
    tokens: list[str] = []
    for token in [*TOKEN.findall(play), ";"]:
        if token != ";":
            tokens.append(token)
        elif tokens:
            yield _act(tokens)
            tokens = []


def _act(tokens: list[str]) -> Act:
    words, values = [], {}
    for token in tokens:
        name, equals, value = token.partition("=")
        if equals and name.isidentifier():
            values[name] = json.loads(value)
        else:
            words.append(token.replace('"', ""))
    return Act(" ".join(tokens), words[0], words[1:], values)


class Play:
    """Plays on one stage. Raises Wrong at the first act with another result."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.engine = stage, stage.engine
        self.chosen: int | None = None
        self.findings: list[Problem] = []

    def run(self, files: Mapping[str, bytes], play: str) -> None:
        """Deploy the files and play."""
        acts = list(acts_of(play))
        self.findings = self.engine.check(files)
        try:
            self.stage.deploy(files)
        except ModelError as error:
            self._refused(acts[0], error)
            return
        _same(acts[0].verb == "refused", False, "refused", "deployed")
        for act in acts:
            self._act(act)

    def _refused(self, act: Act, error: ModelError) -> None:
        found = errors_of(error.problems)
        if act.verb != "refused":
            raise Wrong("deployment refused: " + "; ".join(f"{p.code}: {p.what}" for p in found))
        blamed = {problem.element_id for problem in found}
        _same(set(act.words) <= blamed, True, act.words, sorted(blamed))

    def _act(self, act: Act) -> None:
        refused = act.verb == "refuses"
        told = Act(act.text, act.words[0], act.words[1:], act.values) if refused else act
        work: Callable[[Act], None] = getattr(self, f"_{told.verb}")
        incidents = len(self.engine.incidents())
        try:
            work(told)
            self.stage.settle()
        except TindakError as error:
            if not refused:
                raise Wrong(f"`{act.text}`: {_words(error)}") from error
            return
        except Wrong as wrong:
            raise Wrong(f"`{act.text}`: {wrong}") from wrong
        new = self.engine.incidents()[: len(self.engine.incidents()) - incidents]
        if bool(new) is not refused:
            raise Wrong(f"`{act.text}`: {new[0].what if new else 'not refused'}")

    # --- what is done ---------------------------------------------------------------------------

    def _start(self, act: Act) -> None:
        key = next((word for word in act.words if word[0] != "@"), self.stage.keys[0])
        business_key = act.word("@") or f"case {len(self.stage.instances()) + 1}"
        self.engine.start(key, act.values, business_key, by="kermit")

    def _do(self, act: Act) -> None:
        for word in act.words:
            name, _, count = word.partition("*")
            for task in self._named(name, int(count or 1)):
                self.engine.complete(task.id, act.values, by="kermit")

    def _named(self, name: str, count: int = 1) -> list[Task]:
        found = [one for one in self.stage.tasks() if name in (one.element_id, one.name)]
        if len(found) < count:
            raise Wrong(f"{len(found)} open, not {count}")
        return found[:count]

    def _message(self, act: Act) -> None:
        name, element = act.words[0], act.word(">")
        waiting = [one for one in self.stage.waiting() if one.message == name]
        tokens = [one.token for one in waiting if one.element_id == element]
        keys = [one.key for one in waiting]
        key = act.word("@") or (keys[0] if keys else "new")
        token = tokens[0] if tokens else None
        self.engine.deliver(name, key, act.values, wait=False, by="kermit", token=token)

    def _signal(self, act: Act) -> None:
        self.stage.ring(act.words[0], act.values)

    def _after(self, act: Act) -> None:
        self.stage.clock.advance(**{UNITS[act.words[0][-1]]: float(act.words[0][:-1])})

    def _timer(self, _act: Act) -> None:
        self.stage.to_next_timer()

    def _cancel(self, _act: Act) -> None:
        self.engine.cancel(self._case_now().id, "told so", by="kermit")

    def _case(self, act: Act) -> None:
        self.chosen = int(act.words[0])

    # --- what is seen ---------------------------------------------------------------------------

    def _at(self, act: Act) -> None:
        wanted = _counted(act.words)
        _same(labels(self.stage.tasks(), wanted), wanted, act.words, self._open())

    def _waits(self, act: Act) -> None:
        found = [one.element_id for one in self.stage.waiting()]
        _same(Counter(found), _counted(act.words), act.words, found)

    def _timers(self, act: Act) -> None:
        _same(self.stage.timers(), int(act.words[0]))

    def _has(self, act: Act) -> None:
        self._holds(self.engine.data(self._case_now().id), act.values)

    def _lacks(self, act: Act) -> None:
        data = self.engine.data(self._case_now().id)
        _same([name for name in act.words if data.get(name) is not None], [])

    def _sees(self, act: Act) -> None:
        (task,) = self._named(act.words[0])
        self._holds(self.engine.task_data(task.id), act.values)

    def _task(self, act: Act) -> None:
        (task,) = self._named(act.words[0])
        facts = {name: getattr(task, name) for name in act.values}
        self._holds({name: _plain(fact) for name, fact in facts.items()}, act.values)

    def _told(self, act: Act) -> None:
        codes = {problem.code for problem in self.findings}
        _same(set(act.words) <= codes, True, act.words, sorted(codes))

    def _ended(self, _act: Act) -> None:
        status = self._case_now().status
        _same(status, "completed", "completed", f"{status} at {self._open()}")

    def _running(self, _act: Act) -> None:
        _same(self._case_now().status, "active")

    def _none(self, _act: Act) -> None:
        _same(len(self.stage.running()), 0, "nothing runs", f"at {self._open()}")

    def _open(self) -> list[str]:
        return [task.element_id for task in self.stage.tasks()]

    def _case_now(self) -> Instance:
        all_started = self.stage.instances()
        return all_started[-1 if self.chosen is None else self.chosen - 1]

    def _holds(self, found: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
        seen = {name: found.get(name, "(nothing)") for name in wanted}
        _same(seen, dict(wanted))


def _counted(words: list[str]) -> Counter[str]:
    pairs = (word.partition("*") for word in words)
    return Counter({name: int(count or 1) for name, _, count in pairs})


def _plain(fact: object) -> object:
    if isinstance(fact, list):
        return sorted(fact)
    return fact.isoformat() if isinstance(fact, datetime) else fact


def _words(error: TindakError) -> str:
    problems = error.problems if isinstance(error, ModelError) else ()
    return "; ".join(str(problem.what) for problem in problems) or str(error)


def _same(found: object, wanted: object, expected: object = None, seen: object = None) -> None:
    if found != wanted:
        told = wanted if expected is None else expected
        raise Wrong(f"expected {told}, found {found if seen is None else seen}")
