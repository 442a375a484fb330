"""Event sub-processes: one event starts them, and no flow leads in or out."""

from __future__ import annotations

from collections.abc import Iterator

from engine.models.checks.subject import Subject
from engine.models.elements import Element
from engine.sentences.problems import Problem
from engine.sentences.sentence import say


def check_event_sub_processes(subject: Subject) -> Iterator[Problem]:
    """An event sub-process has one start event with a definition (BPMN 2.0.2, 10.5.6)."""
    for holder in [element for element in subject.elements if element.triggered_by_event]:
        yield from _check_alone(subject, holder)
        starts = [e for e in subject.graph.inside(holder.id) if e.kind == "startEvent"]
        for start in starts[:1]:
            yield from _check_start(subject, start)
        if not starts:
            yield subject.error(
                holder,
                "event-scope",
                say("The event sub-process has no start event, so that nothing would begin it."),
                say("Draw inside it a start event with a timer, message, condition or error."),
            )


def _check_alone(subject: Subject, holder: Element) -> Iterator[Problem]:
    graph = subject.graph
    if graph.incoming(holder.id) or graph.outgoing(holder.id) or graph.attached(holder.id):
        yield subject.error(
            holder,
            "event-scope",
            say("A flow or a boundary event is attached to an event sub-process."),
            say("Remove it: an event sub-process begins by its start event and leads nowhere."),
        )


def _check_start(subject: Subject, start: Element) -> Iterator[Problem]:
    kind = start.event.kind if start.event is not None else "none"
    if kind == "none":
        yield subject.error(
            start,
            "event-scope",
            say("The start event says not what begins the event sub-process."),
            say("Give the start event a timer, message, condition or error."),
        )
    elif kind == "error" and not start.interrupting:
        yield subject.error(
            start,
            "interruption",
            say("An error always ends what it was thrown in."),
            say("Make the start event interrupting, or throw an escalation instead of an error."),
        )
