"""Repeated activities: once for each item of a list, one by one or all at once, or while a
condition holds.

Owns the token that stands for the whole activity and those of its runs. The whole has a scope of
variables with its counts, each run one with its number, its entry of the list and the result it
leaves; whatever else a run writes goes outward.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from engine.execution.border.activities.activity import around
from engine.execution.border.flow.flow_node import FlowNode
from engine.execution.border.tree.expressions import is_true, stored, value_of, write
from engine.execution.border.tree.faults import Fault
from engine.execution.border.tree.kernel import STARTED, Token
from engine.execution.border.tree.node import Library, ProcessSpec
from engine.execution.border.tree.records import LoopRecord
from engine.execution.border.tree.scopes import interrupt
from engine.execution.border.tree.values import Data
from engine.execution.border.tree.variables import Variables
from engine.language.values import show
from engine.models.elements import Element, MultiInstance, StandardLoop
from engine.sentences.sentence import say

MAX_ITEMS = 1_000
FIGURES = re.compile("[0-9]{1,9}")
"""The number of runs, written as text."""

COUNTER = "loopCounter"
"""The number of an item, from 0, under the name that other engines use."""


class Repeated(FlowNode):
    """An activity done more than once; `inner` is the activity of one run."""

    def __init__(
        self, scope: ProcessSpec, name: str, element: Element, library: Library, inner: FlowNode
    ) -> None:
        super().__init__(scope, name, element, library)
        self.inner = inner
        inner.owner = self

    @property
    def visible(self) -> bool:
        """Not visible: the history shows each run."""
        return False


class Many(Repeated):
    """An activity that runs once for each entry of a list, or a number of times."""

    @property
    def loop(self) -> MultiInstance:
        loop = self.element.multi_instance
        assert loop is not None
        return loop

    def arrive(self, token: Token) -> None:
        entries = self.entries(token)
        first = len(entries) if self.loop.parallel else 1
        record = token.record.loop = LoopRecord()
        record.begun, record.done = first, 0
        record.rest, record.results = entries[first:], [None] * len(entries)
        token.variables = Variables("whole", self.element.id, token.variables, {})
        if not entries:
            self.all_left(token, record)
            return
        self.count(token, record)
        token._set_state(STARTED)
        for index, entry in enumerate(entries[:first]):
            self.begin(token, index, entry)

    def count(self, token: Token, record: LoopRecord) -> None:
        """Keep the counts that expressions read, under the names other engines give them."""
        counts = {
            "nrOfInstances": len(record.results),
            "nrOfCompletedInstances": record.done,
            "nrOfActiveInstances": record.begun - record.done,
        }
        for name, value in counts.items():
            token.top.writes.put_quietly(token.variables, name, value)

    def entries(self, token: Token) -> list[object]:
        """The entries to go through. Raises Fault for a value that is no list or number."""
        if self.loop.items is not None:
            found = value_of(token, self.loop.items)
            if isinstance(found, list | tuple) and len(found) <= MAX_ITEMS:
                return self.kept(token, found)
        elif self.loop.cardinality is not None:
            found = value_of(token, self.loop.cardinality)
            number = int(found) if isinstance(found, str) and FIGURES.fullmatch(found) else found
            if isinstance(number, int) and 0 <= number <= MAX_ITEMS:
                return list(range(number))
        else:
            found = None
        raise Fault(
            self.element,
            say("The activity cannot be repeated over {value}.", value=show(found)),
            say("Give a list of at most {limit} entries.", limit=MAX_ITEMS),
        )

    def kept(self, token: Token, entries: Iterable[object]) -> list[object]:
        """The entries as data, under the name by which a run reads its entry. Raises Fault."""
        name = self.loop.item or COUNTER
        kept = stored(token, {name: [*entries]})[name]
        assert isinstance(kept, list)
        return kept

    def begin(self, token: Token, index: int, entry: object) -> None:
        """Start the activity for one entry."""
        own: Data = {COUNTER: index}
        if self.loop.output_item is not None:
            own[self.loop.output_item] = None
        if self.loop.item is not None:
            own[self.loop.item] = entry
        item = start_run(token, self.inner, index, own)
        item.record.item = entry
        self.inner.arrive(item)

    def item_left(self, item: Token) -> None:
        """One run is done: collect its result, and go on after the last run."""
        token = item.workflow.tasks[item._parent]
        record = loop_of(token)
        record.done += 1
        self.keep(record, item)
        self.count(token, record)
        if self.loop.until is not None and is_true(item, self.loop.until):
            for run in self.running(token):
                interrupt(run)
                self.keep(record, run)
            self.all_left(token, record)
        elif record.rest:
            entry, *record.rest = record.rest
            record.begun += 1
            self.count(token, record)
            self.begin(token, record.begun - 1, entry)
        elif not self.running(token):
            self.all_left(token, record)

    def keep(self, record: LoopRecord, item: Token) -> None:
        """Store the result of a run in its place, also of a run that an event ends early."""
        if self.loop.output_item is not None:
            run = around(item)
            record.results[run.run - 1] = run.values.get(self.loop.output_item)

    def running(self, token: Token) -> list[Token]:
        """The runs that are not done."""
        return [one for one in token.children if one.live and one.task_spec is self.inner]

    def all_left(self, token: Token, record: LoopRecord) -> None:
        """Every run is done: the activity goes on."""
        self.collect(token, record)
        assert token.variables.outer is not None
        token.variables = token.variables.outer
        token.forget()
        self.resume(token)

    def collect(self, token: Token, record: LoopRecord) -> None:
        """Write the results around the activity, in the order of the entries, null for none."""
        if self.loop.output_items is not None:
            write(token, {self.loop.output_items: record.results}, token.variables.outer)

    def cut_off(self, token: Token) -> None:
        if (record := token.record.loop) is not None:
            for run in self.running(token):
                self.keep(record, run)
            self.collect(token, record)


def loop_of(token: Token) -> LoopRecord:
    """How far the repeated activity has come that the token stands for."""
    record = token.record.loop
    assert record is not None
    return record


def start_run(token: Token, inner: FlowNode, index: int, own: Data) -> Token:
    """The token of one run of a repeated activity, in a scope of its own."""
    item = token._add_child(inner)
    place = token.task_spec.element.id
    item.variables = Variables("run", place, token.variables, own, index + 1)
    return item


class Again(Repeated):
    """An activity that repeats while its condition holds (BPMN 2.0.2, 10.3.7).

    Of the record it keeps how often it has begun.
    """

    @property
    def loop(self) -> StandardLoop:
        loop = self.element.standard_loop
        assert loop is not None
        return loop

    def arrive(self, token: Token) -> None:
        token.record.loop = record = LoopRecord()
        record.begun = 0
        if self.loop.before and not self.goes_on(token):
            self.done(token)
        else:
            token._set_state(STARTED)
            self.begin(token)

    def goes_on(self, token: Token) -> bool:
        """Whether it is to be done once more. Raises Fault for a condition that gives a text."""
        number = loop_of(token).begun
        if self.loop.most is not None and number >= self.loop.most:
            return False
        return self.loop.condition is None or is_true(token, self.loop.condition, {COUNTER: number})

    def begin(self, token: Token) -> None:
        record = loop_of(token)
        number, record.begun = record.begun, record.begun + 1
        self.inner.arrive(start_run(token, self.inner, number, {COUNTER: number}))

    def item_left(self, item: Token) -> None:
        """Start the next run, or go on."""
        token = item.workflow.tasks[item._parent]
        if self.goes_on(token):
            self.begin(token)
        else:
            self.done(token)

    def done(self, token: Token) -> None:
        token.forget()
        self.resume(token)
