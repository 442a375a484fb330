"""Errors, escalations and cancels: at one place only one event can catch each of them."""

from __future__ import annotations

from collections.abc import Iterator

from engine.models.checks.flow.kinds import begins_by_event
from engine.models.checks.subject import Subject
from engine.models.elements import Element
from engine.sentences.problems import Problem
from engine.sentences.sentence import say

CAUGHT_ONCE = frozenset({"error", "escalation", "cancel"})


def check_caught_once(subject: Subject) -> Iterator[Problem]:
    """Two events that catch the same at the same place; one with a code and one for any code
    differ."""
    met: dict[tuple[str, str, str | None], Element] = {}
    for event in subject.of_kind("boundaryEvent", "startEvent"):
        if event.event is None or event.event.kind not in CAUGHT_ONCE:
            continue
        place = _place(event, subject)
        first = met.setdefault((place, event.event.kind, event.event.code), event)
        if first is not event:
            name = subject.process.called(first.id)
            yield subject.error(
                event,
                "caught-twice",
                say("{first} catches the same, so this is never met.", first=name),
                say("Remove one of the two.")
                if event.event.kind == "cancel"
                else say("Give it a code of its own, or remove one of the two."),
            )


def _place(event: Element, subject: Subject) -> str:
    """The activity an event is attached to, or the scope around its event sub-process."""
    if begins_by_event(event, subject):
        return subject.process.elements[event.process].process
    return f"at {event.attached_to}"
