"""Boundary events: their activity, and whether they may leave it running."""

from __future__ import annotations

from collections.abc import Iterator

from engine.models.checks.flow.kinds import PROVEN_ACTIVITIES
from engine.models.checks.subject import Subject
from engine.models.elements import Element
from engine.sentences.problems import Problem
from engine.sentences.sentence import say


def check_attachment(subject: Subject) -> Iterator[Problem]:
    """A boundary event is attached to an activity in the same scope, and has an outgoing flow."""
    for event in subject.of_kind("boundaryEvent"):
        activity = subject.process.elements.get(event.attached_to or "")
        if (
            activity is None
            or activity.kind not in PROVEN_ACTIVITIES
            or activity.process != event.process
        ):
            yield subject.error(
                event,
                "attachment",
                say("The boundary event is not attached to a task or sub-process beside it."),
                say("Attach it to the border of a task, call activity or sub-process."),
            )


def check_cancelling(subject: Subject) -> Iterator[Problem]:
    """Cancel events belong to transactions; every thrown one has a catching event (BPMN 2.0.2,
    10.5.6)."""
    elements = subject.process.elements
    for event in subject.of_kind("boundaryEvent", "endEvent"):
        if event.event is None or event.event.kind != "cancel":
            continue
        where = event.attached_to if event.kind == "boundaryEvent" else event.process
        transaction = elements.get(where or "")
        if transaction is None or transaction.kind != "transaction" or not event.interrupting:
            yield subject.error(
                event,
                "cancel",
                say("A cancel event ends a transaction; it stands nowhere else."),
                say("Draw it inside a transaction or on its border, or use an error event."),
            )
        elif event.kind == "endEvent" and not _catches_cancel(subject, transaction):
            yield subject.error(
                event,
                "cancel",
                say("The transaction is cancelled here, and no boundary event of it goes on."),
                say("Attach a cancel boundary event to the transaction."),
            )


def _catches_cancel(subject: Subject, transaction: Element) -> bool:
    guards = subject.graph.attached(transaction.id)
    return any(guard.event is not None and guard.event.kind == "cancel" for guard in guards)


def check_interruption(subject: Subject) -> Iterator[Problem]:
    """An error always ends its activity (BPMN 2.0.2, 10.5.6)."""
    for event in subject.of_kind("boundaryEvent"):
        if event.event is not None and event.event.kind == "error" and not event.interrupting:
            yield subject.error(
                event,
                "interruption",
                say("An error boundary event always interrupts its activity."),
                say("Make it interrupting, or throw an escalation instead of an error."),
            )
