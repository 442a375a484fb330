"""The elements that a step entered, left and cancelled, for the history.

Owns the record of the moving tokens. Entering and leaving are written as they happen, because most
elements come and go within one step. Cancelled elements are found by set difference, because a
removed token reports nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID


class Passage(NamedTuple):
    """One token at one element of the diagram."""

    element_id: str
    token: UUID


@dataclass(frozen=True, slots=True)
class Activities:
    """The element ids a step entered, left and cancelled, in order."""

    entered: tuple[str, ...]
    left: tuple[str, ...]
    cancelled: tuple[str, ...]


class Journal:
    """The elements entered and left since the journal was cleared."""

    def __init__(self) -> None:
        self.entered: list[Passage] = []
        self.left: list[Passage] = []

    def enter(self, element_id: str, token: UUID) -> None:
        self.entered.append(Passage(element_id, token))

    def leave(self, element_id: str, token: UUID) -> None:
        self.left.append(Passage(element_id, token))

    def clear(self) -> None:
        self.entered, self.left = [], []

    def activities(self, before: Iterable[Passage], now: Iterable[Passage]) -> Activities:
        """`before`: the passages open when the journal was cleared; `now`: the passages open
        now."""
        begun = dict.fromkeys([*before, *self.entered])
        gone = set(self.left).union(now)
        return Activities(
            tuple(passage.element_id for passage in self.entered),
            tuple(passage.element_id for passage in self.left),
            tuple(passage.element_id for passage in begun if passage not in gone),
        )
