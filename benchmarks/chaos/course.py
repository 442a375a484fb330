"""Whether each case went an allowed way, and every timer fired once: not early, not twice, none
left out.

The history is played against `model.MOVES`; the timers of a place are computed again from the
moment at which the place was entered. An unbroken chain of hashes shows that the history is whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from benchmarks.chaos import model
from benchmarks.chaos.evidence import Case, Event, expected_hash

FIRST_AFTER = {
    "prepare": model.REMIND_EVERY,
    "pause": model.PAUSE,
    "decide": model.DECIDE_WITHIN,
}
"""Place -> time from entering it until its timer is due."""


@dataclass
class Position:
    """The position of a case, its beginning, and the firings of its reminder there."""

    place: str
    since: datetime
    planned: datetime | None = None
    fired: datetime | None = None

    def may_be_due(self, moment: datetime) -> bool:
        """Whether the next firing at this place may be planned for this moment."""
        first = self.since + FIRST_AFTER[self.place]
        if self.planned is None or self.fired is None:
            return moment == first
        if (moment - self.since) % model.REMIND_EVERY != timedelta(0):
            return False
        # Occurrences may only be left out if they had passed when the one before fired.
        return moment > self.planned and (
            moment == self.planned + model.REMIND_EVERY or moment - model.REMIND_EVERY <= self.fired
        )


def wrong(case: Case) -> Iterator[str]:
    """The errors in the history of a case, in words."""
    for finding in (*_chain(case), *_way(case)):
        yield f"case {case.id}: {finding}"


def _chain(case: Case) -> Iterator[str]:
    previous = bytes(32)
    for number, event in enumerate(case.events, start=1):
        previous = expected_hash(previous, event)
        if event.seq != number or event.hash != previous:
            yield f"the chain breaks at {number}"
            return
    if (case.last_seq, case.last_hash) != (len(case.events), previous):
        yield "the case does not know its last event"


def _way(case: Case) -> Iterator[str]:
    if not case.events or case.events[0].kind != "start":
        yield "it does not begin with its start"
        return
    here = Position(model.START, case.events[0].at)
    for event in case.events[1:]:
        element = event.details.get("element", "")
        allowed = model.MOVES.get((here.place, event.kind, element))
        if allowed is None:
            yield f"event {event.seq}: {event.kind} of {element} while it stood at {here.place}"
            return
        if event.kind == "timer":
            yield from _fired(here, event)
        here = _next(here, allowed, event)
    yield from _rows(case, here)


def _fired(here: Position, event: Event) -> Iterator[str]:
    planned = datetime.fromisoformat(event.details["planned"])
    if event.at < planned:
        yield f"event {event.seq} fired {planned - event.at} too early"
    if not here.may_be_due(planned):
        yield f"event {event.seq} at {here.place} since {here.since} was planned for {planned}"


def _next(here: Position, allowed: frozenset[str], event: Event) -> Position:
    entered = event.parts.get("e", [])
    [place] = allowed if len(allowed) == 1 else {model.END if "done" in entered else "prepare"}
    if place == here.place and event.kind == "timer":
        planned = datetime.fromisoformat(event.details["planned"])
        return Position(place, here.since, planned, event.at)
    return Position(place, event.at)


def _rows(case: Case, here: Position) -> Iterator[str]:
    """Errors in the rows of the history's last place, which must have no others."""
    if case.status != ("completed" if here.place == model.END else "active"):
        yield f"it is {case.status} at {here.place}"
    tasks = [element for _, element in case.open_tasks.values()]
    if tasks != [here.place] * (here.place in model.TASKS):
        yield f"its open tasks at {here.place} are {tasks}"
    if len(case.subscriptions) != (here.place == "go"):
        yield f"it listens to {len(case.subscriptions)} messages at {here.place}"
    if len(case.externals) != (here.place == "work"):
        yield f"{len(case.externals)} external tasks wait at {here.place}"
    due = list(case.timers.values())
    if len(due) != (here.place in FIRST_AFTER) or not all(map(here.may_be_due, due)):
        yield f"its timers at {here.place} since {here.since} are due {[str(one) for one in due]}"
