"""Repeated activities: one item of a list at a time or all at once, or as long as something holds.

Owns the token that stands for the whole activity and those of its items. Each item's token carries
its entry of the list in its data; what an item changes is merged when it is done, the entry itself
is not. Keys of the record: k items begun, r entries still to come, c changes of parallel items so
far, w collected results, d items done where a condition counts them; v of an item: its entry.
"""

from __future__ import annotations

import re
from typing import Any

from engine.execution.border.expressions import is_true, value_of
from engine.execution.border.faults import Fault
from engine.execution.border.kernel import STARTED, ProcessSpec, Token, discard
from engine.execution.border.node import Library, Node
from engine.execution.border.values import Data, add_changes, changes, with_changes
from engine.language.values import show
from engine.models.elements import Element, MultiInstance, StandardLoop
from engine.words import say

MAX_ITEMS = 1_000
FIGURES = re.compile("[0-9]{1,9}")
"""How often, written as text."""

COUNTER = "loopCounter"
"""The number of an item, from 0, under the name other engines give it."""


class Repeated(Node):
    """An activity done more than once; `inner` does it each time."""

    def __init__(
        self, scope: ProcessSpec, name: str, element: Element, library: Library, inner: Node
    ) -> None:
        super().__init__(scope, name, element, library)
        self.inner = inner
        inner.owner = self

    @property
    def visible(self) -> bool:
        """The history shows each time it is done."""
        return False


class Many(Repeated):
    """An activity that runs once for each entry of a list, or a number of times."""

    @property
    def loop(self) -> MultiInstance:
        loop = self.element.multi_instance
        assert loop is not None
        return loop

    def known(self, token: Token) -> Data | None:
        record = token.internal_data.get("i")
        return with_changes(token.data, record["c"]) if record else token.data

    def arrive(self, token: Token) -> None:
        entries = self.entries(token)
        first = len(entries) if self.loop.parallel else 1
        record = {"k": first, "r": entries[first:], "c": {}, "w": []}
        if not entries:
            self.all_left(token, record)
            return
        token._set_state(STARTED)
        token.internal_data["i"] = record
        for index, entry in enumerate(entries[:first]):
            self.begin(token, index, entry)

    def entries(self, token: Token) -> list[object]:
        """The entries to go through. Raises Fault for anything that is no list or number."""
        if self.loop.items is not None:
            found = value_of(token, self.loop.items)
            if isinstance(found, list | tuple) and len(found) <= MAX_ITEMS:
                return list(found)
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

    def begin(self, token: Token, index: int, entry: object) -> None:
        """Start the activity for one entry."""
        item = token._add_child(self.inner)
        item.data = dict(token.data)
        item.internal_data["v"] = entry
        item.data[COUNTER] = index
        if self.loop.item is not None:
            item.data[self.loop.item] = entry
        self.inner.arrive(item)

    def item_left(self, item: Token) -> None:
        """One item is done: keep what it changed, go on when it was the last."""
        token = item.workflow.tasks[item._parent]
        record = token.internal_data["i"]
        self.keep(token, item, record)
        if self.is_enough(token, record):
            for child in [child for child in token.children if child.live]:
                discard(child)
            self.all_left(token, record)
        elif record["r"]:
            token.data, record["c"] = with_changes(token.data, record["c"]), {}
            entry, *record["r"] = record["r"]
            record["k"] += 1
            self.begin(token, record["k"] - 1, entry)
        elif not any(child.live for child in token.children):
            self.all_left(token, record)

    def is_enough(self, token: Token, record: dict[str, Any]) -> bool:
        """Whether the completion condition holds: no other item is begun or waited for then."""
        if self.loop.until is None:
            return False
        record["d"] = record.get("d", 0) + 1
        counts = {
            "nrOfInstances": record["k"] + len(record["r"]),
            "nrOfCompletedInstances": record["d"],
            "nrOfActiveInstances": record["k"] - record["d"],
        }
        names = {**with_changes(token.data, record["c"]), **counts}
        return is_true(token, self.loop.until, names)

    def keep(self, token: Token, item: Token, record: dict[str, Any]) -> None:
        """Note what the item changed since it began, but for its own entry and number."""
        own = {COUNTER, self.loop.item, self.loop.output_item}
        changed = changes(token.data, item.data)
        add_changes(record["c"], {key: one for key, one in changed.items() if key not in own})
        if self.loop.output_item is not None and self.loop.output_item in item.data:
            record["w"].append(item.data[self.loop.output_item])

    def all_left(self, token: Token, record: dict[str, Any]) -> None:
        """Every item is done: the activity goes on with what they left."""
        token.data = with_changes(token.data, record["c"])
        if self.loop.output_items is not None:
            token.data[self.loop.output_items] = record["w"]
        token.internal_data = {}
        self.resume(token)


class Again(Repeated):
    """An activity that is repeated as long as its condition holds (BPMN 2.0.2, 10.3.7).

    Keys of the record: k how often it has begun.
    """

    @property
    def loop(self) -> StandardLoop:
        loop = self.element.standard_loop
        assert loop is not None
        return loop

    def arrive(self, token: Token) -> None:
        token.internal_data["i"] = {"k": 0}
        if self.loop.before and not self.goes_on(token):
            self.done(token)
        else:
            token._set_state(STARTED)
            self.begin(token)

    def goes_on(self, token: Token) -> bool:
        """Whether it is to be done once more. Raises Fault for a condition that gives a text."""
        number = token.internal_data["i"]["k"]
        if self.loop.most is not None and number >= self.loop.most:
            return False
        return self.loop.condition is None or is_true(token, self.loop.condition, {COUNTER: number})

    def begin(self, token: Token) -> None:
        item = token._add_child(self.inner)
        item.data = {**token.data, COUNTER: token.internal_data["i"]["k"]}
        token.internal_data["i"]["k"] += 1
        self.inner.arrive(item)

    def item_left(self, item: Token) -> None:
        """Take over what this time has changed, and see whether there is another."""
        token = item.workflow.tasks[item._parent]
        own = {COUNTER: token.data[COUNTER]} if COUNTER in token.data else {}
        token.data = {key: value for key, value in item.data.items() if key != COUNTER} | own
        if self.goes_on(token):
            self.begin(token)
        else:
            self.done(token)

    def done(self, token: Token) -> None:
        token.internal_data = {}
        self.resume(token)
