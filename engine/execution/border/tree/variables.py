"""Variables live in scopes, each with an outer scope.

Owns `Variables`, one scope: the process, a sub-process, an activity with input parameters, a
repeated activity and each of its runs, the facts of a firing. A token holds no variables; it stands
in a scope. Reading goes outward to the process; writing goes to the nearest scope outward that has
the name, else to the process (Camunda 7's AbstractVariableScope; BPMN 2.0.2, 10.4.1).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Generic, Literal, NamedTuple, TypeVar

from engine.execution.border.tree.values import Data, same

T = TypeVar("T")
Kind = Literal["process", "activity", "whole", "run", "firing"]

UNSET = object()
"""The value of a name that no scope has; no other value is this object."""


class Variables:
    """The variables of one scope. `values` are JSON and never changed in place.

    `place`: id of the scope's element, empty for the instance, with the path of the call for a
    called process. `run`: number of the run of a repeated activity, from 1; 0 elsewhere. `outer`:
    None for a process, because a called process reads nothing of its caller.
    """

    __slots__ = ("kind", "outer", "place", "run", "values")

    def __init__(
        self, kind: Kind, place: str, outer: Variables | None, values: Data, run: int = 0
    ) -> None:
        self.kind = kind
        self.place = place
        self.outer = outer
        self.values = values
        self.run = run

    def outward(self) -> Iterator[Variables]:
        """This scope, then the one around it, up to the process."""
        scope: Variables | None = self
        while scope is not None:
            yield scope
            scope = scope.outer

    def visible(self) -> Data:
        """Every variable that this scope can read, as a new dict."""
        if self.outer is None:
            return dict(self.values)
        seen: Data = {}
        for scope in reversed([*self.outward()]):
            seen.update(scope.values)
        return seen

    def of_run(self) -> Data:
        """The variables up to the nearest run of a multi-instance; outside of one, all of them."""
        seen: Data = {}
        for scope in self.outward():
            seen = {**scope.values, **seen}
            if scope.kind == "run" and scope.outer is not None and scope.outer.kind == "whole":
                break
        return seen

    def get(self, name: str) -> object:
        """The value of a name in this scope; None if it is not set."""
        return self.holder(name).values.get(name)

    def holder(self, name: str) -> Variables:
        """The scope to which a name is written: the nearest one that has it, else the process."""
        scope = self
        while name not in scope.values and scope.outer is not None:
            scope = scope.outer
        return scope

    def sees(self, scope: Variables, name: str) -> bool:
        """Whether `name` means the variable of `scope` here."""
        for one in self.outward():
            if one is scope or name in one.values:
                return one is scope
        return False

    @property
    def path(self) -> str:
        """The path of the scope in the history: element ids, outermost first."""
        places = [
            f"{scope.place}[{scope.run}]" if scope.run else scope.place
            for scope in self.outward()
            if scope.place and scope.kind != "whole"
        ]
        return "/".join(reversed(places))


def shared_by(several: Iterable[Variables]) -> Variables:
    """The innermost scope that contains all of these, for branches that meet."""
    first, *rest = several
    for scope in first.outward():
        if all(any(one is scope for one in other.outward()) for other in rest):
            return scope
    raise AssertionError("the tokens of one scope share a process")


class Written(NamedTuple):
    """One write of a variable; `how`: create, update or delete."""

    scope: Variables
    name: str
    how: str


class Rung(NamedTuple, Generic[T]):
    """A thrown signal, and the tokens of the instance that waited for it at that moment."""

    hearing: list[T]
    payload: Data


class Writes(Generic[T]):
    """The writes of one step, for the history. `news` holds them for the conditions that read them,
    in order with two other entries: a token whose condition begins to be evaluated there, and a
    signal that is heard there."""

    def __init__(self) -> None:
        self._before: dict[tuple[int, str], tuple[Variables, Any]] = {}
        self.news: deque[Written | Rung[T] | T] = deque()

    def put(self, scope: Variables, name: str, value: object) -> None:
        """Set a variable of this scope; UNSET removes it."""
        before = scope.values.get(name, UNSET)
        self._before.setdefault((id(scope), name), (scope, before))
        self.put_quietly(scope, name, value)

    def put_quietly(self, scope: Variables, name: str, value: object) -> None:
        """Do the same without a record in the history: for the counts of repeated activities."""
        if value is UNSET:
            scope.values.pop(name, None)
            self.news.append(Written(scope, name, "delete"))
        else:
            how = "update" if name in scope.values else "create"
            scope.values[name] = value
            self.news.append(Written(scope, name, how))

    def write(self, inside: Variables, values: Mapping[str, object]) -> None:
        """Write each value to the scope that has its name, as seen from `inside`."""
        for name, value in values.items():
            self.put(inside.holder(name), name, value)

    def changed(self) -> dict[str, Data]:
        """Path of a scope -> its written variables with their present values, None for a removed
        one. A variable with its old value again is left out."""
        found: dict[str, Data] = {}
        for (_, name), (scope, before) in self._before.items():
            now = scope.values.get(name, UNSET)
            if now is before or (UNSET not in (now, before) and same(now, before)):
                continue
            found.setdefault(scope.path, {})[name] = None if now is UNSET else now
        return found
