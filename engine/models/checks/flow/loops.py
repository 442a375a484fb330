"""Loops that never wait and have no decision to leave (`engine-facts`, trap 26).

A loop that waits is harmless: each round needs an answer or time. A boundary event or an event
sub-process around it may end it.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.models.checks.graph import circles
from engine.models.checks.subject import Subject
from engine.models.checks.waiting import waits
from engine.models.elements import Element
from engine.sentences.problems import Problem
from engine.sentences.sentence import say

DECIDING = frozenset({"exclusiveGateway", "inclusiveGateway"})
SHOWN = 12
"""Number of names in the message about a loop; a longer loop is cut."""


def check_loops(subject: Subject) -> Iterator[Problem]:
    """Every loop waits somewhere, or has an element that decides about the next round."""
    nodes = [
        element.id
        for element in subject.elements
        if not waits(subject, element) and not _decides(subject, element)
    ]
    for circle in circles(nodes, subject.graph.followers):
        first = subject.process.elements[circle[0]]
        yield subject.error(
            first,
            "endless-loop",
            say(
                "The loop {loop} waits nowhere, and nothing decides to leave it.",
                loop=_named(subject, circle),
            ),
            say("Put an exclusive gateway into the loop."),
        )


def _decides(subject: Subject, element: Element) -> bool:
    flows = subject.graph.outgoing(element.id)
    if element.kind in DECIDING and len(flows) > 1:
        return True
    return element.kind == "boundaryEvent" or any(flow.condition is not None for flow in flows)


def _named(subject: Subject, circle: list[str]) -> str:
    names = [subject.process.elements[node].name or node for node in circle]
    shown = names if len(names) <= SHOWN else [*names[: SHOWN - 1], "..."]
    return " > ".join([*shown, names[0]])
