"""Compensation: each throwing event has activities to undo, and each of them has a handler."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile
from operator import attrgetter

from engine.models.bpmn.events.compensation import is_compensation
from engine.models.checks.flow.shape import HOLDERS
from engine.models.checks.subject import Subject
from engine.models.elements import Element
from engine.sentences.problems import Problem
from engine.sentences.sentence import say

THROWING = frozenset({"intermediateThrowEvent", "endEvent"})


def check_handlers(subject: Subject) -> Iterator[Problem]:
    """A compensation boundary event has a handler and no outgoing flow, and no flow leads to a
    handler or out of it (BPMN 2.0.2, 10.7.1)."""
    graph = subject.graph
    for element in subject.elements:
        if is_compensation(element) and (graph.outgoing(element.id) or not element.handler):
            yield subject.error(
                element,
                "compensation",
                say("An association leads from this event to the task that undoes, and no flow."),
                say("Mark a task beside it as compensation, and associate the event with it."),
            )
        elif element.for_compensation and (
            graph.incoming(element.id) or graph.outgoing(element.id)
        ):
            yield subject.error(
                element,
                "compensation",
                say("What undoes is begun by its event alone; no flow leads in or out."),
                say("Remove the flow, or the mark of compensation."),
            )


def check_throws(subject: Subject) -> Iterator[Problem]:
    """An activity that an event undoes by name can be undone."""
    for event in subject.of_kind(*THROWING):
        thrown = event.event if event.event and event.event.kind == "compensate" else None
        if thrown is not None and thrown.code and not _can_be_undone(subject, event, thrown.code):
            yield subject.error(
                event,
                "compensation",
                say("{activity} is nothing that could be undone from here.", activity=thrown.code),
                say("Name a step of this sub-process with a compensation event, or none for all."),
            )


def _can_be_undone(subject: Subject, event: Element, activity: str) -> bool:
    """Whether the activity lies in a scope that the event undoes."""
    target = subject.process.elements.get(activity)
    if target is None or target.process not in _places(subject, event):
        return False
    return target.kind in HOLDERS or any(map(is_compensation, subject.graph.attached(activity)))


def _places(subject: Subject, event: Element) -> set[str]:
    """The scopes that the event undoes: its own, and for an event sub-process the one around it."""
    around = takewhile(attrgetter("triggered_by_event"), subject.graph.holders_of(event))
    return {event.process, *(holder.process for holder in around)}


def undone_by(event: Element) -> frozenset[str | None]:
    """The ids of the activities that an event undoes; None stands for all."""
    if event.event is None or event.kind not in THROWING:
        return frozenset()
    return frozenset(one.code for one in event.event.each if one.kind == "compensate")


def begun_by(subject: Subject, event: Element) -> Iterator[Element]:
    """The elements that a thrown compensation may start: handlers, the elements behind their
    boundary events, and compensation event sub-processes with everything inside."""
    graph, elements, named = subject.graph, subject.process.elements, undone_by(event)
    if None in named:
        undone = [one for place in _places(subject, event) for one in graph.inside(place)]
    else:
        undone = [elements[id] for id in named if id is not None and id in elements]
    reach = [*undone, *(one for holder in undone for one in graph.all_inside(holder.id))]
    begun = [e.id for one in reach for e in graph.attached(one.id) if is_compensation(e)]
    starts = (one for one in reach if one.kind == "startEvent" and one.process in elements)
    begun += [start.process for start in starts if _undoes(start)]
    for id in graph.reachable(begun):
        yield from (elements[id], *graph.all_inside(id))


def check_beginnings(subject: Subject) -> Iterator[Problem]:
    """A sub-process contains at most one compensation event sub-process; a process contains none,
    because it is never undone."""
    seen: set[str] = set()
    for start in subject.of_kind("startEvent"):
        if start.event is None or start.event.kind != "compensate":
            continue
        body = subject.process.elements.get(start.process)
        if body is None or not body.triggered_by_event:
            continue
        if body.process == subject.process.key or body.process in seen:
            yield subject.error(
                start,
                "compensation",
                say("This undoes a sub-process as a whole; it lies inside one, alone of its kind."),
                say("Put it into the sub-process it undoes, and draw everything in one."),
            )
        seen.add(body.process)


def check_undone_once(subject: Subject) -> Iterator[Problem]:
    """One event undoes an activity, on its border or inside it (BPMN 2.0.2, 10.7.1)."""
    inside = {
        subject.process.elements[body].process
        for body in (start.process for start in subject.of_kind("startEvent") if _undoes(start))
        if body in subject.process.elements
    }
    for event in subject.of_kind("boundaryEvent"):
        if not is_compensation(event):
            continue
        if event.attached_to in inside:
            yield subject.error(
                event,
                "compensation",
                say("{activity} is undone by something else already.", activity=event.attached_to),
                say("Remove one, and draw everything that undoes it behind the other."),
            )
        inside.add(event.attached_to or "")


def _undoes(start: Element) -> bool:
    return start.event is not None and start.event.kind == "compensate"
