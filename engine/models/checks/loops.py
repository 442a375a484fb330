"""Loops that nothing decides to leave (`engine-facts`, trap 26)."""

from __future__ import annotations

from collections.abc import Iterator

from engine.models.checks.graph import circles
from engine.models.checks.subject import Subject
from engine.models.problems import Problem
from engine.words import say

DECIDING = frozenset({"exclusiveGateway", "eventBasedGateway", "boundaryEvent"})
SHOWN = 12
"""Names of a loop in its message; a longer loop is cut."""


def check_loops(subject: Subject) -> Iterator[Problem]:
    """Every loop goes through something that decides whether to go round again."""
    nodes = [element.id for element in subject.elements if element.kind not in DECIDING]
    for circle in circles(nodes, subject.graph.followers):
        first = subject.process.elements[circle[0]]
        yield subject.error(
            first,
            "endless-loop",
            say(
                "The loop {loop} has no exclusive gateway to leave it by.",
                loop=_named(subject, circle),
            ),
            say("Put an exclusive gateway into the loop."),
        )


def _named(subject: Subject, circle: list[str]) -> str:
    names = [subject.process.elements[node].name or node for node in circle]
    shown = names if len(names) <= SHOWN else [*names[: SHOWN - 1], "..."]
    return " > ".join([*shown, names[0]])
