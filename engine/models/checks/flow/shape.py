"""The connection of a drawing: starts, ends, flows between neighbours, reachable elements."""

from __future__ import annotations

from collections.abc import Iterator

from engine.models.checks.graph import Graph
from engine.models.checks.subject import Subject
from engine.models.elements import Element, Flow
from engine.sentences.problems import Problem
from engine.sentences.sentence import say

HOLDERS = frozenset({"subProcess", "transaction", "adHocSubProcess"})


def check_starts_and_ends(subject: Subject) -> Iterator[Problem]:
    """Each process and sub-process has a beginning: a sub-process at most one start event, a
    process one for each event that may happen. A process has an end event."""
    yield from _check_start(subject, subject.process.key, None)
    for holder in subject.of_kind(*HOLDERS):
        yield from _check_start(subject, holder.id, holder)
    if not any(element.kind == "endEvent" for element in subject.graph.inside(subject.process.key)):
        yield subject.warning(
            None,
            "no-end",
            say("The process has no end event; it is completed when nothing is left to do."),
            say("Draw an end event behind the last step."),
        )


def _check_start(subject: Subject, holder: str, at: Element | None) -> Iterator[Problem]:
    inside = subject.graph.inside(holder)
    starts = [e for e in inside if e.kind == "startEvent"]
    advice = say("Draw a start event in front of the first step.")
    if not inside:
        yield subject.error(at, "no-start", say("There is nothing in it to begin with."), advice)
    elif not starts and not begins_at(subject.graph, holder):
        yield subject.error(at, "no-start", say("There is no start event."), advice)
    elif not starts and (at is None or at.ad_hoc is None):
        what = say("There is no start event: it begins at every step that no flow leads to.")
        yield subject.warning(at, "no-start", what, advice)
    seen: set[object] = set()
    for start in starts:
        events = _begun_by(start) if at is None else {None}
        if events & seen:
            yield subject.error(
                start,
                "two-starts",
                say("Another start event begins by the same, so this one would not be used."),
                say("Draw one start event, and an exclusive gateway behind it."),
            )
        seen |= events


def _begun_by(start: Element) -> set[object]:
    """The events of a start event, for comparison; each timer differs from every other."""
    if start.event is None or start.event.kind == "none":
        return {None}
    return {
        start.id
        if event.kind == "timer"
        else (event.kind, event.message.name if event.message else event.code)
        for event in start.event.each
    }


def begins_at(graph: Graph, holder: str) -> list[Element]:
    """The first elements of a process or sub-process: its start events, else all elements without
    an incoming flow (BPMN 2.0.2, 13.2)."""
    inside = graph.inside(holder)
    return [e for e in inside if e.kind == "startEvent"] or [
        e
        for e in inside
        if not (graph.incoming(e.id) or e.kind == "boundaryEvent" or e.triggered_by_event)
        and not e.for_compensation
    ]


def check_flows(subject: Subject) -> Iterator[Problem]:
    """Every sequence flow joins two elements of the same process or sub-process."""
    for flow in subject.process.flows.values():
        if not subject.graph.joins_neighbours(flow):
            yield subject.error(
                flow,
                "flow-ends",
                say("The sequence flow does not join two elements of the same (sub-)process."),
                say("Draw it again, from an element to a neighbour inside the same frame."),
            )
        elif _is_wrong_end(subject, flow):
            yield subject.error(
                flow,
                "flow-ends",
                say("The flow leads into a start or boundary event, or out of an end event."),
                say("Lead it to the next task, gateway or end event instead."),
            )


def _is_wrong_end(subject: Subject, flow: Flow) -> bool:
    source, target = subject.process.elements[flow.source], subject.process.elements[flow.target]
    return source.kind == "endEvent" or target.kind in ("startEvent", "boundaryEvent")


def check_reach(subject: Subject) -> Iterator[Problem]:
    """Elements that no token reaches, and branches that end without an end event."""
    holders = [subject.process.key, *(holder.id for holder in subject.of_kind(*HOLDERS))]
    starts = [e.id for holder in holders for e in begins_at(subject.graph, holder)]
    reached = subject.graph.reachable(starts)
    for element in subject.elements:
        if element.triggered_by_event:
            continue
        if element.id not in reached and element.kind != "boundaryEvent":
            yield subject.warning(
                element,
                "unreachable",
                say("No sequence flow leads here, so that it would never be reached."),
                say("Join it with the step before it, or remove it."),
            )
        elif element.for_compensation or element.handler or _is_chosen_in(subject, element):
            continue
        elif element.kind != "endEvent" and not subject.graph.outgoing(element.id):
            yield _dead_end(subject, element)


def _is_chosen_in(subject: Subject, element: Element) -> bool:
    """Whether the element lies in an ad-hoc sub-process, which has no end event."""
    holder = subject.process.elements.get(element.process)
    return holder is not None and holder.ad_hoc is not None


def _dead_end(subject: Subject, element: Element) -> Problem:
    return subject.warning(
        element,
        "dead-end",
        say("Nothing follows; the branch ends here without an end event."),
        say("Draw a sequence flow to the next step or to an end event."),
    )
