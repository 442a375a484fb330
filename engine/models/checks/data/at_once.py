"""Variables that two branches write at the same time, so that the later one wins.

A variable belongs to a scope, and every branch of that scope reads it. Each report is certain:
branches of one split, event or repetition reach it. A model without a report may still be wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.models.checks.events.compensation import undone_by
from engine.models.checks.flow.kinds import begins_by_event
from engine.models.checks.flow.shape import begins_at
from engine.models.checks.subject import Subject
from engine.models.checks.waiting import waits
from engine.models.checks.writes import own_names, read_in, written
from engine.models.elements import Element
from engine.sentences.problems import Problem
from engine.sentences.sentence import say

ALTERNATIVE = frozenset({"exclusiveGateway", "eventBasedGateway"})
"""The gateways that take one way only; elsewhere only the default flow excludes the others."""
MAX_WALK = 200_000
"""Number of elements that the walks of one process touch together."""


@dataclass(slots=True)
class _Search:
    """The search in one process: the writers of each name, and the rest of the walk's limit."""

    subject: Subject
    writers: Mapping[str, frozenset[str]]
    """Element id -> the names that it writes."""
    left: int = MAX_WALK
    told: set[tuple[str, str]] = field(default_factory=set)

    def reached(self, starts: list[str], stop: str) -> set[str]:
        """Everything reached without passing `stop`, with all inner elements."""
        if self.left <= 0:
            return set()
        graph = self.subject.graph
        found = graph.reach_further(starts, {stop})
        found |= {one.id for id in list(found) for one in graph.all_inside(id)}
        self.left -= len(found)
        return found


def check_writes_at_once(subject: Subject) -> Iterator[Problem]:
    """No name is written by two branches that may run at once, unless it is local to one."""
    search = _Search(subject, _writers(subject))
    if not search.writers:
        return
    for branches in _sides(search):
        yield from _conflicts(search, branches)
    for element in subject.elements:
        if element.multi_instance is not None and element.multi_instance.parallel:
            yield from _sibling_conflicts(search, element)


def _writers(subject: Subject) -> dict[str, frozenset[str]]:
    read = read_in(subject)
    found = {element.id: written(subject, element, read) for element in subject.elements}
    return {element_id: names for element_id, names in found.items() if names}


def _sides(search: _Search) -> Iterator[list[set[str]]]:
    """The branches of each split. An event that leaves its activity running splits it off. In an
    ad-hoc sub-process all choices may run at once."""
    subject, graph = search.subject, search.subject.graph
    for element in subject.elements:
        flows = graph.outgoing(element.id)
        if element.kind not in ALTERNATIVE and len(flows) > 1:
            ways = [flow.target for flow in flows if flow.id != element.default_flow]
            yield [search.reached([way], element.id) for way in ways]
        if element.ad_hoc is not None and not element.ad_hoc.sequential:
            chosen = begins_at(graph, element.id)
            yield [search.reached([one.id], "") for one in chosen]
        if _splits_off(search, element) and element.attached_to:
            beside = search.reached([flow.target for flow in flows], element.id)
            on = search.reached([flow.target for flow in graph.outgoing(element.attached_to)], "")
            inside = {one.id for one in graph.all_inside(element.attached_to)}
            yield [on | inside | {element.attached_to}, beside]
        elif element.kind == "startEvent" and _splits_off(search, element):
            holder = subject.process.elements[element.process]
            beside = {one.id for one in graph.all_inside(holder.id)}
            around = {one.id for one in graph.all_inside(holder.process)} - {holder.id}
            yield [around - beside, beside]


def _splits_off(search: _Search, event: Element) -> bool:
    """Whether a non-interrupting event leads to something that may run beside the rest. A branch
    behind a timer ends in the step of its firing if neither it nor its compensation waits."""
    subject = search.subject
    if event.interrupting or event.event is None:
        return False
    if event.kind != "boundaryEvent" and not begins_by_event(event, subject):
        return False
    if event.event.kind != "timer":
        return True
    elements = subject.process.elements
    targets = [flow.target for flow in subject.graph.outgoing(event.id)]
    behind = [elements[id] for id in search.reached(targets, event.id)]
    return any(waits(subject, one) or undone_by(one) for one in behind)


def _conflicts(search: _Search, branches: list[set[str]]) -> Iterator[Problem]:
    """Conflicts: names written in two branches, by elements that lie in one of them only."""
    times = Counter(element_id for branch in branches for element_id in branch)
    first: dict[str, str] = {}
    for branch in branches:
        own = sorted(id for id in branch & search.writers.keys() if times[id] == 1)
        here = [(id, name) for id in own for name in sorted(_carried(search, id, branch))]
        for element_id, name in here:
            if name in first:
                yield from _told(search, element_id, name, first[name])
        for element_id, name in here:
            first.setdefault(name, element_id)


def _carried(search: _Search, element_id: str, branch: set[str]) -> frozenset[str]:
    """The names that the element writes beyond the scopes around it that are part of the branch."""
    element = search.subject.process.elements[element_id]
    names = search.writers[element_id]
    for holder in search.subject.graph.holders_of(element):
        if holder.id in branch:
            names -= own_names(holder)
    return names


def _sibling_conflicts(search: _Search, repeated: Element) -> Iterator[Problem]:
    collected = repeated.multi_instance.output_items if repeated.multi_instance else None
    inside = [repeated, *search.subject.graph.all_inside(repeated.id)]
    branch = {element.id for element in inside}
    for element in inside:
        if element.id in search.writers:
            for name in sorted(_carried(search, element.id, branch) - {collected}):
                yield from _told(search, element.id, name, element.id)


def _told(search: _Search, element_id: str, name: str, other: str) -> Iterator[Problem]:
    if (element_id, name) in search.told:
        return
    search.told.add((element_id, name))
    process = search.subject.process
    what = (
        say(
            "Every round of {other} writes {name} at once; one value stays.",
            name=name,
            other=process.called(other),
        )
        if other == element_id
        else say(
            "{name} is written here and by {other}, which may run at once; one value stays.",
            name=name,
            other=process.called(other),
        )
    )
    yield search.subject.warning(
        process.elements[element_id],
        "written-at-once",
        what,
        say(
            "Give each branch a name of its own, or collect the results of the rounds in a list"
            " (outputDataItem, loopDataOutputRef)."
        ),
    )
