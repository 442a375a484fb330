"""Conditions: exclusive gateways without a clear decision, and conditions with an unexpected
meaning.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.models.checks.subject import Subject
from engine.models.elements import Element, Flow
from engine.sentences.problems import Problem, words_of_flow
from engine.sentences.sentence import Sentence, say

TRUTH_AS_TEXT = re.compile(r"""(["'])(True|False)\1""")
UNCONDITIONAL = frozenset({"parallelGateway", "eventBasedGateway"})


def check_exclusive_gateways(subject: Subject) -> Iterator[Problem]:
    """A splitting gateway has exactly one way on for every case."""
    for gateway in subject.of_kind("exclusiveGateway"):
        flows = subject.graph.outgoing(gateway.id)
        if len(flows) > 1:
            yield from _check_split(subject, gateway, flows)


def _check_split(subject: Subject, gateway: Element, flows: list[Flow]) -> Iterator[Problem]:
    open_flows = [f for f in flows if f.condition is None and f.id != gateway.default_flow]
    for flow in open_flows:
        yield subject.error(
            flow,
            "no-condition",
            say("This flow has no condition, so that the ways after it are never taken."),
            say("Give it a condition, or make it the default flow of {name}.", name=_name(gateway)),
        )
    yield from _check_repeated(subject, flows)


def _check_repeated(subject: Subject, flows: list[Flow]) -> Iterator[Problem]:
    seen: set[str] = set()
    for flow in flows:
        source = flow.condition.source.strip() if flow.condition is not None else ""
        if source and source in seen:
            yield subject.error(
                flow,
                "same-condition",
                say(
                    "Another flow of this gateway has the same condition; this one is never taken."
                ),
                say("Change one of the two conditions."),
            )
        seen.add(source)


def check_way_on(subject: Subject) -> Iterator[Problem]:
    """If every way on has a condition, one of them is the default."""
    for element in subject.elements:
        flows = subject.graph.outgoing(element.id)
        if flows and element.default_flow is None and all(flow.condition for flow in flows):
            yield subject.warning(
                element,
                "no-default",
                say("No flow is the default: the process stops here if no condition holds."),
                say("Make one flow the default flow."),
            )


def check_default_flows(subject: Subject) -> Iterator[Problem]:
    """A default flow leaves its own element and has no condition."""
    for element in subject.elements:
        if element.default_flow is None:
            continue
        flow = subject.process.flows.get(element.default_flow)
        if flow is None or flow.source != element.id:
            yield subject.error(
                element,
                "default-flow",
                say(
                    "The default flow {flow} does not leave this element.",
                    flow=_words(subject, flow) if flow else element.default_flow,
                ),
                say("Choose one of its outgoing flows as default."),
            )
        elif flow.condition is not None:
            yield subject.warning(
                flow,
                "default-flow",
                say("This is the default flow; its condition is not looked at."),
                say("Remove the condition, or choose another default flow."),
            )


def check_conditions(subject: Subject) -> Iterator[Problem]:
    """Conditions that are never evaluated, or that compare with the name of a truth value."""
    for flow in subject.process.flows.values():
        if flow.condition is None or not subject.graph.joins_neighbours(flow):
            continue
        if subject.process.elements[flow.source].kind in UNCONDITIONAL:
            yield subject.error(
                flow,
                "condition-ignored",
                say("A flow out of this kind of gateway has no condition; all ways are taken."),
                say("Remove the condition, or draw an exclusive gateway."),
            )
        if TRUTH_AS_TEXT.search(flow.condition.source):
            yield subject.error(
                flow,
                "truth-as-text",
                say("The condition compares with a text that names a truth value."),
                say("Write True or False without quotation marks, or only the variable."),
            )


def _name(element: Element) -> str:
    return element.name or element.id


def _words(subject: Subject, flow: Flow) -> Sentence:
    called = subject.process.called
    return words_of_flow(flow.name, called(flow.source), called(flow.target))
