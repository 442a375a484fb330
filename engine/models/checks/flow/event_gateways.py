"""Event-based gateways: events follow them directly."""

from __future__ import annotations

from collections.abc import Iterator

from engine.models.checks.subject import Subject
from engine.models.checks.waiting import AWAITED
from engine.models.elements import Element
from engine.sentences.problems import Problem
from engine.sentences.sentence import say


def check_event_gateways(subject: Subject) -> Iterator[Problem]:
    """At least two events to wait for follow an event-based gateway, and nothing else."""
    for gateway in subject.of_kind("eventBasedGateway"):
        flows = subject.graph.outgoing(gateway.id)
        for target in (subject.process.elements[flow.target] for flow in flows):
            if not _is_waited_for(target):
                yield subject.error(
                    target,
                    "event-gateway",
                    say("An event-based gateway leads here, where nothing is waited for."),
                    say("Draw a timer or message catch event right behind the gateway."),
                )
            elif target.kind == "receiveTask" and _is_more_than_an_event(subject, target):
                yield subject.error(
                    target,
                    "event-gateway",
                    say("A task behind this gateway is not repeated and has no boundary events."),
                    say("Draw a timer or message catch event right behind the gateway."),
                )
        if len(flows) < 2:
            yield subject.error(
                gateway,
                "event-gateway",
                say("The gateway has fewer than two events to wait for."),
                say("Draw a message and a timer behind it, or use one catch event instead."),
            )


def _is_waited_for(target: Element) -> bool:
    if target.kind == "receiveTask":
        return True  # without a message it waits for a signal to its execution
    event = target.event.kind if target.event else ""
    return target.kind == "intermediateCatchEvent" and event in AWAITED


def _is_more_than_an_event(subject: Subject, task: Element) -> bool:
    """Whether the task does more than wait: it would not end when another event comes first (BPMN
    2.0.2, 10.6.6)."""
    repeated = task.multi_instance is not None or task.standard_loop is not None
    return repeated or bool(subject.graph.attached(task.id))
