"""Compensation: each event that undoes finds what to undo, and what undoes it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile
from operator import attrgetter

from engine.models.bpmn.compensation import is_compensation
from engine.models.checks.shape import HOLDERS
from engine.models.checks.subject import Subject
from engine.models.elements import Element
from engine.models.problems import Problem
from engine.words import say


def check_handlers(subject: Subject) -> Iterator[Problem]:
    """A compensation event on a border has a handler and nothing else behind it, and no flow
    leads to a handler or out of it (BPMN 2.0.2, 10.7.1)."""
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
    """The activity that is to be undone by name is one that can be."""
    for event in subject.of_kind("intermediateThrowEvent", "endEvent"):
        thrown = event.event if event.event and event.event.kind == "compensate" else None
        if thrown is not None and thrown.code and not _can_be_undone(subject, event, thrown.code):
            yield subject.error(
                event,
                "compensation",
                say("{activity} is nothing that could be undone from here.", activity=thrown.code),
                say("Name a step of this sub-process with a compensation event, or none for all."),
            )


def _can_be_undone(subject: Subject, event: Element, activity: str) -> bool:
    """Whether it lies where the event undoes: in its holder, or around its event sub-process."""
    target = subject.process.elements.get(activity)
    around = takewhile(attrgetter("triggered_by_event"), subject.graph.holders_of(event))
    places = {event.process, *(holder.process for holder in around)}
    if target is None or target.process not in places:
        return False
    return target.kind in HOLDERS or any(map(is_compensation, subject.graph.attached(activity)))


def check_beginnings(subject: Subject) -> Iterator[Problem]:
    """What undoes a sub-process as a whole lies inside it, once: a process is not undone."""
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
    """An activity is undone by one event on its border or inside it (BPMN 2.0.2, 10.7.1)."""
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
