"""Boundary events: what they hang on, and whether they may leave it running."""

from __future__ import annotations

from collections.abc import Iterator

from engine.models.checks.kinds import GUARDED
from engine.models.checks.subject import Subject
from engine.models.elements import Element
from engine.models.problems import Problem
from engine.words import say


def check_attachment(subject: Subject) -> Iterator[Problem]:
    """A boundary event hangs on an activity beside it, and something follows it."""
    for event in subject.of_kind("boundaryEvent"):
        activity = subject.process.elements.get(event.attached_to or "")
        if activity is None or activity.kind not in GUARDED or activity.process != event.process:
            yield subject.error(
                event,
                "attachment",
                say("The boundary event is not attached to a task or sub-process beside it."),
                say("Attach it to the border of a task, call activity or sub-process."),
            )


def check_interruption(subject: Subject) -> Iterator[Problem]:
    """An error always ends its activity; a message that leaves it running works once only."""
    for event in subject.of_kind("boundaryEvent"):
        kind = event.event.kind if event.event is not None else "none"
        if kind == "message" and not event.interrupting:
            yield _non_interrupting_message(subject, event)
        if kind == "error" and not event.interrupting:
            yield subject.error(
                event,
                "interruption",
                say("An error boundary event always interrupts its activity."),
                say("Make it interrupting, or throw an escalation instead of an error."),
            )


def _non_interrupting_message(subject: Subject, event: Element) -> Problem:
    """`engine-facts`, trap 29."""
    return subject.error(
        event,
        "interruption",
        say("A message boundary event that leaves its task running works once only."),
        say("Draw a track of its own behind a parallel gateway, waiting in a message catch event."),
    )
