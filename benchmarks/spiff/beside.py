"""Two cases with the same acts, and their differences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from benchmarks.spiff.ours import Ours
from benchmarks.spiff.sides import EVENTS, TASK, TIMER, Offer, Side, Stopped

ROUNDS: Final = 30
"""Number of acts in one play; a case that waits longer is in a loop that its people may repeat."""
BOTH_STOP: Final = "both stop: "

Answer = Callable[[Offer, int], Mapping[str, object]]
"""(the offer, number of the act) -> its variables."""


@dataclass(frozen=True, slots=True)
class _Act:
    """An act on both: begin without an offer, or answer the offer after `seconds`."""

    offer: Offer | None
    data: Mapping[str, object]
    seconds: float = 0

    def on(self, side: Side) -> str:
        """Do the act; return the reason if the side stops, else an empty text."""
        try:
            if self.offer is None:
                side.begin(self.data)
            elif self.offer.kind == TIMER:
                side.wait(self.seconds)
            else:
                side.act(self.offer, self.data)
        except Stopped as stopped:
            return f"stops ({stopped})"
        return ""

    def told(self, stock: str, ours: str) -> str:
        return f"after {self.offer or 'start'}: {_told(stock, ours)}"


def differences(
    stock: Side, ours: Ours, start: Mapping[str, object], answer: Answer, events_first: bool = False
) -> list[str]:
    """Run both to the end with the same acts. Return the acts in which they complete different
    elements, and their different variables at the end; or the place where one stopped or waited for
    something else."""
    found: list[str] = []
    act = _Act(None, start)
    for number in range(ROUNDS):
        stops = [act.on(side) for side in (stock, ours)]
        if any(stops):
            both = BOTH_STOP if all(stops) else ""
            return [*found, both + act.told(*(stop or "goes on" for stop in stops))]
        found += _apart(act, _passed(stock), _passed(ours))
        if apart := _apart(act, _waits(stock), _waits(ours)):
            return found + apart
        offer = _chosen(ours.offers(), events_first)
        if ours.ended:
            return found + _data_apart(stock, ours)
        if offer is None:
            break
        if offer.kind == TIMER:
            act = _Act(offer, {}, ours.seconds_to_timer())
        else:
            act = _Act(offer, answer(offer, number))
    return found


def _passed(side: Side) -> Counter[str]:
    return Counter({f"passes {id}": count for id, count in side.passed().items()})


def _waits(side: Side) -> Counter[str]:
    if side.ended:
        return Counter(["ended"])
    return Counter({f"waits for {offer}": count for offer, count in side.offers().items()})


def _apart(act: _Act, stock: Counter[str], ours: Counter[str]) -> list[str]:
    more, less = stock - ours, ours - stock
    return [act.told(_listed(more), _listed(less))] if more or less else []


def _data_apart(stock: Side, ours: Side) -> list[str]:
    one, other = stock.data(), ours.data()
    names = sorted(
        name for name in one.keys() | other.keys() if one.get(name, ...) != other.get(name, ...)
    )
    shown = (
        ", ".join(f"{name}={side[name]!r}" for name in names if name in side)
        for side in (one, other)
    )
    return [f"at the end: {_told(*shown)}"] if names else []


def _told(stock: str, ours: str) -> str:
    return f"stock {stock or 'nothing'} | ours {ours or 'nothing'}"


def _listed(found: Counter[str]) -> str:
    return ", ".join(f"{one} x{n}" if n > 1 else one for one, n in sorted(found.items()))


def _chosen(offers: Counter[Offer], events_first: bool) -> Offer | None:
    """The first offer by name: of people first, else of events."""
    order = [*EVENTS, TASK] if events_first else [TASK, *EVENTS]
    return min(offers, key=lambda one: (order.index(one.kind), one.element), default=None)
