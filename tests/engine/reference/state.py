"""The state of a case in the reference: scopes of variables, tokens, and the armed events beside
them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto
from typing import Any, TypeAlias

from engine.models.elements import Element, EventDefinition, ProcessModel

Values: TypeAlias = dict[str, Any]


class Scope:
    """Variables that belong together. `outer` None: a process, where reading and writing stop.
    `of_firing`: only tokens of one branch behind an event are in it. `news`: of the case, what has
    been written, in order, until somebody asks what it means for the conditions."""

    def __init__(
        self,
        outer: Scope | None,
        names: Mapping[str, Any],
        news: News | None = None,
        *,
        of_firing: bool = False,
    ) -> None:
        self.outer = outer
        self.names: Values = dict(names)
        self.of_firing = of_firing
        self.news: News = deque() if news is None else news
        if outer is not None:
            self.news = outer.news

    def outward(self) -> Iterator[Scope]:
        """This scope, the one around it, ... up to the process."""
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.outer

    def seen(self) -> Values:
        """Every variable that is seen from here."""
        return {**(self.outer.seen() if self.outer else {}), **self.names}

    def write(self, values: Mapping[str, Any]) -> None:
        """Each value goes to the nearest scope that has its name, else to the process."""
        for name, value in values.items():
            *_, process = self.outward()
            holder = next((one for one in self.outward() if name in one.names), process)
            holder.names[name] = value
            self.news.append((holder, name))

    def means(self, name: str) -> Scope | None:
        """The scope whose variable a name is here."""
        return next((one for one in self.outward() if name in one.names), None)


class State(Enum):
    """What a token is about to do."""

    ENTERS = auto()
    """Has come to an activity with boundary events and begins it at its turn."""
    GOES = auto()
    """Does its work and leaves at its turn."""
    WAITS = auto()
    """Somebody or something else has to resume it."""
    LEFT = auto()
    """Its activity has ended; it leaves at its turn."""


@dataclass(eq=False)
class Armed:
    """An event beside an activity (`activity`) or an event sub-process (None) that may come, or
    the catch event or receive task a token stands at. `number`: how many were armed before.

    One of several definitions has `whole`, the event with all of them, which has them as `parts`:
    those that have not come yet.
    """

    element: Element
    body: Body
    activity: Token | None
    reads: Scope
    armed_at: datetime
    event: EventDefinition
    number: int
    whole: Armed | None = None
    parts: list[Armed] = field(default_factory=list)
    due: datetime | None = None
    fired: int = 0

    @property
    def writes(self) -> Scope:
        """The scope from which outward it writes what it brings."""
        return self.body.scope if self.activity is None else self.activity.scope


News: TypeAlias = "deque[tuple[Scope, str] | Armed]"
"""A variable that was written in a scope, or a condition that was armed."""


@dataclass(eq=False)
class Memory:
    """A completed activity that can be undone: by the activity `handler` in `scope`, or, of a
    sub-process, by what is remembered `inside` it. `number`: how many were kept before; `thrower`
    waits for it."""

    body: Body
    activity: str
    number: int
    scope: Scope
    handler: Element | None = None
    inside: Body | None = None
    thrower: Token | Memory | None = None


@dataclass(eq=False)
class Body:
    """A process, or the inside of a sub-process, under way. `holder` is its id in the model,
    `parent` the token of the activity it is the inside of, or what remembers it as a whole.
    `memories`: what can be undone in it, `undoing`: what is being undone."""

    model: ProcessModel
    holder: str
    scope: Scope
    parent: Token | Memory | None
    tokens: list[Token] = field(default_factory=list)
    armed: list[Armed] = field(default_factory=list)
    memories: list[Memory] = field(default_factory=list)
    undoing: list[Memory] = field(default_factory=list)

    def elements(self) -> Iterator[Element]:
        """What is drawn directly in it."""
        return (e for e in self.model.elements.values() if e.process == self.holder)


@dataclass(eq=False)
class Token:
    """A token at an element, or one run of a repeated activity (`whole` is the token of that).

    `arrival` and `opened` number it among those that wait at a join, and among tasks.
    `scope` is the one around the element; `own` that of the activity while it runs. Of a repeated
    activity: `runs` are under way, `entries` all there are, `begun` so many of them, `places` holds
    what was collected for each, `counts` is the scope of the whole, `memories` what its runs have
    left to be undone. `ended_inside`: the body of a completed sub-process; `undoes`: of a handler.
    """

    body: Body
    element: Element
    scope: Scope
    flow: str = ""
    state: State = State.GOES
    alive: bool = True
    arrival: int = 0
    opened: int = 0
    own: Scope | None = None
    inside: Body | None = None
    guards: list[Armed] = field(default_factory=list)
    whole: Token | None = None
    index: int = 0
    runs: list[Token] = field(default_factory=list)
    entries: list[Any] = field(default_factory=list)
    begun: int = 0
    places: list[Any] | None = None
    counts: Scope | None = None
    memories: list[Memory] = field(default_factory=list)
    ended_inside: Body | None = None
    undoes: Memory | None = None
