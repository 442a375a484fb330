"""What a token carries through one passage of an element, and what an element notes about it.

A record holds what has been set, in that order; everything else reads as its default, and takes no
room. What a record holds is stored, under letters that `state.letters` alone knows. So no record is
a dataclass: that would hold its defaults too. Knows no token.
"""

from __future__ import annotations

from typing import Literal, NamedTuple
from uuid import UUID

from engine.execution.border.tree.values import Data


class TaskRecord:
    """What is fixed when a human task opens. What the model gives as a constant is not set, nor is
    an attribute that comes out empty. Times are ISO text."""

    row: str
    created: str
    round: int
    due: str | None = None
    moved: Literal[0, 1] = 0
    """1: a person has set the deadline."""
    follow_up: str | None = None
    priority: str | int | None = None
    assignee: str | int | None = None
    users: list[str] | None = None
    groups: list[str] | None = None
    name: str | None = None


class TimerRecord:
    """When a waiting timer is due. Times are ISO text in UTC."""

    due: str | None = None
    """None: it sleeps."""
    armed: str | None = None
    """Since when a duration or a cycle counts."""
    number: int | None = None
    """Of the next occurrence of a cycle."""


class LoopRecord:
    """How far a repeated activity has come. One that repeats while a condition holds only counts
    what has begun."""

    begun: int
    done: int = 0
    rest: list[object]
    """Entries for which no run has begun."""
    results: list[object]


class MessageRecord(NamedTuple):
    """What a token listens for."""

    message: str
    key: str
    number: int = 0
    """Its place in the order of waiting; 0: a program of the first form has stored none."""


class TokenRecord:
    """What a token carries."""

    task: TaskRecord | None = None
    timer: TimerRecord | None = None
    loop: LoopRecord | None = None
    message: MessageRecord | None = None
    external: int | None = None
    """Waits for a worker outside, with this priority."""
    flow: str = ""
    """The flow by which it came."""
    arrived: int = 0
    """Its place in the order of arrival at a gateway."""
    armed: int = 0
    """Its place in the order in which conditions were armed."""
    code: str | None = None
    """The code that an event catches, where it is computed."""
    version: UUID | None = None
    """The version of the process that a call began with."""
    business_key: str | None = None
    """The business key that a call gave."""
    copy: Data | None = None
    """The variables that a call of the first form began with."""
    began_with: Data | None = None
    """Variables for an event sub-process, until it has begun."""
    undone_for: UUID | None = None
    """Of a memory that is being undone: the token that waits for it."""
    undoing: Literal[0, 1] = 0
    """1: it has thrown a compensation."""
    item: object = None
    """The entry of the list that a run is for."""
