"""Event-based gateways: what stands right behind them are events to wait for."""

from __future__ import annotations

from collections.abc import Iterator

from engine.models.checks.subject import Subject
from engine.models.problems import Problem
from engine.words import say

WAITED_FOR = frozenset({"intermediateCatchEvent", "receiveTask"})


def check_event_gateways(subject: Subject) -> Iterator[Problem]:
    """Behind a gateway that waits stand at least two events it waits for, and nothing else."""
    for gateway in subject.of_kind("eventBasedGateway"):
        flows = subject.graph.outgoing(gateway.id)
        for target in (subject.process.elements[flow.target] for flow in flows):
            if target.kind not in WAITED_FOR:
                yield subject.error(
                    target,
                    "event-gateway",
                    say("An event-based gateway leads here, where nothing is waited for."),
                    say("Draw a timer or message catch event right behind the gateway."),
                )
        if len(flows) < 2:
            yield subject.error(
                gateway,
                "event-gateway",
                say("The gateway has fewer than two events to wait for."),
                say("Draw a message and a timer behind it, or use one catch event instead."),
            )
