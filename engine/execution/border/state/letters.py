"""The letters under which the stored form keeps what tokens carry.

A case has them many times, so they are short. None is ever given another meaning. Owns the way from
a record to its letters and back; only `codec` and `folding` ask it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, Generic, NamedTuple, TypeVar
from uuid import UUID

from engine.execution.border.tree.records import (
    LoopRecord,
    MessageRecord,
    TaskRecord,
    TimerRecord,
    TokenRecord,
)

R = TypeVar("R")


class Letter(NamedTuple):
    """The letter of one name. `write` and `read`: how its value is stored, if not as it is; `type`:
    the type of the stored value, if the letter has two names."""

    letter: str
    write: Callable[[Any], Any] | None = None
    read: Callable[[Any], Any] | None = None
    type: type[Any] | None = None


class Letters(Generic[R]):
    """The letters of one kind of record, by name."""

    def __init__(self, kind: type[R], **of: Letter) -> None:
        self.kind = kind
        self.of = of
        self._outward = {name: (one.letter, one.write) for name, one in of.items()}
        self._inward = {
            (one.letter, one.type) if one.type else one.letter: (name, one.read)
            for name, one in of.items()
        }

    def write(self, record: R) -> dict[str, Any]:
        """What the record holds, in its order."""
        stored, outward = {}, self._outward
        for name, value in record.__dict__.items():
            letter, write = outward[name]
            stored[letter] = write(value) if write else value
        return stored

    def read(self, stored: Mapping[str, Any]) -> R:
        """The record that was written. Raises LookupError, TypeError or ValueError for what no
        program has written."""
        record = self.kind()
        self.fill(record, stored)
        return record

    def fill(self, record: R, stored: Mapping[str, Any]) -> None:
        """Let a new record hold what was written."""
        held, inward = record.__dict__, self._inward
        for letter, value in stored.items():
            name, read = inward.get(letter) or inward[letter, type(value)]
            held[name] = read(value) if read else value


def _message(record: MessageRecord) -> list[Any]:
    return [*record] if record.number else [record.message, record.key]


def _external(priority: int) -> list[int] | int:
    return [priority] if priority else 1


def _priority(stored: list[int] | int) -> int:
    return stored[0] if isinstance(stored, list) else 0


def _hex(id: UUID) -> str:
    return id.hex


TASK: Final = Letters(
    TaskRecord,
    row=Letter("r"),
    created=Letter("c"),
    round=Letter("n"),
    due=Letter("d"),
    moved=Letter("x"),
    follow_up=Letter("f"),
    priority=Letter("p"),
    assignee=Letter("a"),
    users=Letter("u"),
    groups=Letter("g"),
    name=Letter("t"),
)
TIMER: Final = Letters(TimerRecord, due=Letter("d"), armed=Letter("a"), number=Letter("k"))
LOOP: Final = Letters(
    LoopRecord, begun=Letter("k"), done=Letter("d"), rest=Letter("r"), results=Letter("w")
)
TOKEN: Final = Letters(
    TokenRecord,
    task=Letter("h", TASK.write, TASK.read),
    timer=Letter("t", TIMER.write, TIMER.read),
    loop=Letter("i", LOOP.write, LOOP.read),
    message=Letter("m", _message, lambda stored: MessageRecord(*stored)),
    external=Letter("x", _external, _priority),
    flow=Letter("f"),
    arrived=Letter("o"),
    armed=Letter("q"),
    code=Letter("c", type=str),
    copy=Letter("c", type=dict),
    version=Letter("p", _hex, UUID),
    business_key=Letter("y"),
    began_with=Letter("b"),
    undone_for=Letter("u", _hex, UUID, type=str),
    undoing=Letter("u", type=int),
    item=Letter("v"),
)
