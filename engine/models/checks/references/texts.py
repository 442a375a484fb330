"""The needs of a model's texts: functions that exist, lists to repeat over."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from engine.language import Expression, LanguageError, Script, Template, compile_template
from engine.language.closures.builtins import BUILTINS
from engine.language.functions import FUNCTION_NAMES
from engine.models.checks.references.people import HUMAN
from engine.models.checks.subject import Subject
from engine.models.elements import Element, Flow
from engine.models.variables import expressions_of
from engine.sentences.problems import Problem
from engine.sentences.sentence import say

FUNCTIONS = FUNCTION_NAMES | BUILTINS.keys()


def check_functions(subject: Subject) -> Iterator[Problem]:
    """Functions that texts of a model cannot call."""
    for element in subject.elements:
        for name in sorted(_calls(element) - FUNCTIONS):
            yield _unknown_function(subject, element, name)
    for flow in subject.process.flows.values():
        calls = flow.condition.calls if flow.condition is not None else frozenset()
        for name in sorted(calls - FUNCTIONS):
            yield _unknown_function(subject, flow, name)


def _calls(element: Element) -> frozenset[str]:
    return frozenset(name for text in _texts(element) for name in text.calls)


def names_in(element: Element) -> frozenset[str]:
    """All names that the texts of an element read."""
    return frozenset(name for text in _texts(element) for name in text.names)


def _texts(element: Element) -> Iterator[Expression | Script | Template]:
    yield from expressions_of(element)
    for script in (element.script, element.pre_script, element.post_script):
        if script is not None:
            yield script
    for text in _shown(element):
        with suppress(LanguageError):  # noted when the element was read
            yield compile_template(text)


def _shown(element: Element) -> tuple[str, ...]:
    """The texts for people in which values are filled in."""
    return (element.name, element.instructions) if element.kind in HUMAN else ()


def _unknown_function(subject: Subject, at: Element | Flow, name: str) -> Problem:
    return subject.error(
        at,
        "expression",
        say("There is no function called {name}.", name=name),
        say("Use one of: {names}.", names=", ".join(sorted(FUNCTION_NAMES))),
    )


def check_multi_instance(subject: Subject) -> Iterator[Problem]:
    """A repeated activity has a list, a number or a condition for its repetition."""
    for element in subject.elements:
        repeated = element.multi_instance
        if repeated is not None and repeated.items is None and repeated.cardinality is None:
            yield subject.error(
                element,
                "multi-instance",
                say("The repeated element says not what it is repeated for."),
                say("Write camunda:collection (a list) and camunda:elementVariable (a name)."),
            )
