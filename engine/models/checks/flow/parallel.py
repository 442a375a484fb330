"""Parallel gateways after alternatives, and parallel branches that meet without a join.

Follows only plain chains of steps: each report is certain; a model without a report may still be
wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from engine.models.checks.graph import Graph
from engine.models.checks.subject import Subject
from engine.models.elements import Flow
from engine.sentences.problems import Problem
from engine.sentences.sentence import say

ALTERNATIVES = frozenset({"exclusiveGateway", "eventBasedGateway"})


def check_joins(subject: Subject) -> Iterator[Problem]:
    """A parallel join waits for all its branches. Two alternatives of one gateway never both come;
    neither do two start events."""
    for join in subject.of_kind("parallelGateway"):
        incoming = subject.graph.incoming(join.id)
        if len(incoming) < 2:
            continue
        origins = Counter(_origin(subject.graph, flow) for flow in incoming)
        if sum(subject.process.elements[one].kind == "startEvent" for one in origins) > 1:
            yield subject.error(
                join,
                "join-stuck",
                say("This gateway waits for two start events, but a case begins at one of them."),
                say("Join alternatives with an exclusive gateway."),
            )
        for origin, branches in origins.items():
            element = subject.process.elements[origin]
            if branches > 1 and element.kind in ALTERNATIVES:
                yield subject.error(
                    join,
                    "join-stuck",
                    say(
                        "This gateway waits for two ways out of {name}, but only one is taken.",
                        name=element.name or element.id,
                    ),
                    say("Join alternatives with an exclusive gateway."),
                )


def _origin(graph: Graph, flow: Flow) -> str:
    """The element at the beginning of a branch, back along steps with one way in and one way
    out."""
    seen: set[str] = set()
    while flow.source not in seen:
        seen.add(flow.source)
        incoming = graph.incoming(flow.source)
        if len(graph.outgoing(flow.source)) != 1 or len(incoming) != 1:
            break
        [flow] = incoming
    return flow.source


def check_splits(subject: Subject) -> Iterator[Problem]:
    """An element where parallel branches meet without a join runs once for each branch."""
    for split in subject.of_kind("parallelGateway"):
        outgoing = subject.graph.outgoing(split.id)
        if len(outgoing) < 2:
            continue  # a walk along a chain of these would take each of them to its end
        meetings = Counter(_meeting(subject.graph, flow) for flow in outgoing)
        for meeting, branches in meetings.items():
            element = subject.process.elements[meeting]
            if branches > 1 and element.kind not in ("parallelGateway", "endEvent"):
                yield subject.warning(
                    element,
                    "runs-twice",
                    say(
                        "{count} parallel branches meet here without a parallel gateway:"
                        " what follows runs once for each of them.",
                        count=branches,
                    ),
                    say("Join the branches with a parallel gateway in front of it."),
                )


def _meeting(graph: Graph, flow: Flow) -> str:
    """The first element ahead with several ways in, along steps with one way out."""
    seen: set[str] = set()
    while flow.target not in seen:
        seen.add(flow.target)
        outgoing = graph.outgoing(flow.target)
        if len(graph.incoming(flow.target)) > 1 or len(outgoing) != 1:
            break
        [flow] = outgoing
    return flow.target
