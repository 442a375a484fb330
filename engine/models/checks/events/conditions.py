"""Conditional events: they read variables that are written, otherwise nothing would evaluate
them.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.models.checks.subject import Subject
from engine.sentences.problems import Problem
from engine.sentences.sentence import say

FACTS = frozenset({"business_key", "case", "due_at", "task"})
CLOCKS = frozenset({"now", "today", "next_look"})


def check_conditional_events(subject: Subject) -> Iterator[Problem]:
    """A condition is evaluated when a variable is written, and at no other time."""
    conditions = [
        (element, event.condition.expression)
        for element in subject.elements
        for event in (element.event.each if element.event is not None else ())
        if event.condition is not None
    ]
    for event, read in conditions:
        unheard = sorted(read.names & FACTS) + [f"{name}()" for name in sorted(read.calls & CLOCKS)]
        if unheard:
            yield subject.error(
                event,
                "unheard",
                say(
                    "The condition reads {name}, and no write of a variable tells when that"
                    " changes.",
                    name=unheard[0],
                ),
                say("Let it read variables only; wait for a time with a timer event."),
            )
