"""Event-based gateways: one message and one timer at most, and nothing else behind them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from engine.models.checks.subject import Subject
from engine.models.elements import Element
from engine.models.problems import Problem
from engine.words import say

WAITED_FOR = frozenset({"timer", "message"})


def check_event_gateways(subject: Subject) -> Iterator[Problem]:
    """Behind a gateway that waits stand the events it waits for."""
    for gateway in subject.of_kind("eventBasedGateway"):
        targets = [
            subject.process.elements[flow.target] for flow in subject.graph.outgoing(gateway.id)
        ]
        yield from _check_targets(subject, targets)
        yield from _check_numbers(subject, gateway, targets)


def _check_targets(subject: Subject, targets: list[Element]) -> Iterator[Problem]:
    for target in targets:
        if target.kind not in ("intermediateCatchEvent", "receiveTask"):
            yield subject.error(
                target,
                "event-gateway",
                say("An event-based gateway leads here, where nothing is waited for."),
                say("Draw a timer or message catch event right behind the gateway."),
            )


def _check_numbers(subject: Subject, gateway: Element, targets: list[Element]) -> Iterator[Problem]:
    """Two timers behind one gateway share one due date, two messages one answer (trap 6)."""
    counts = Counter(target.event.kind for target in targets if target.event is not None)
    for kind in sorted(WAITED_FOR):
        if counts[kind] > 1:
            yield subject.error(
                gateway,
                "event-gateway",
                say(
                    "The gateway waits for {count} events of kind {kind}.",
                    count=counts[kind],
                    kind=kind,
                ),
                say("Keep one message and one timer; tell cases apart by a gateway behind them."),
            )
    if len(targets) < 2:
        yield subject.error(
            gateway,
            "event-gateway",
            say("The gateway has fewer than two events to wait for."),
            say("Draw a message and a timer behind it, or use one catch event instead."),
        )
