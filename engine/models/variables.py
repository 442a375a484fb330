"""The variables that a model reads: the names in its expressions, scripts and tables.

A value that no element reads need not be stored; the register keeps the texts of forms.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from engine.decisions import Decision
from engine.language import Expression
from engine.models.bundle import decisions_of
from engine.models.elements import Element, EventDefinition, ProcessModel


def names_read(process: ProcessModel, decisions: Mapping[str, Decision]) -> frozenset[str]:
    """All names of variables that the process reads."""
    names: set[str] = set()
    for element in process.elements.values():
        for expression in expressions_of(element):
            names |= expression.names
        for script in (element.script, element.pre_script, element.post_script):
            names |= script.names if script else frozenset()
        names |= _named(element)
    for flow in process.flows.values():
        names |= flow.condition.names if flow.condition else frozenset()
    for decision in decisions_of(process):
        if decision in decisions:
            names |= decisions[decision].names
    return frozenset(names)


def passes_everything(process: ProcessModel) -> bool:
    """Whether a call or a signal of the process passes all variables on: then their readers are
    unknown."""
    return any(
        element.passes_all_in or any(event.passes_all for event in _each(element.event))
        for element in process.elements.values()
    )


def _named(element: Element) -> frozenset[str]:
    """The names that an element reads without an expression: the result of a run, the variable of a
    condition."""
    names = (
        element.multi_instance.output_item if element.multi_instance else None,
        *(one.condition.variable for one in _each(element.event) if one.condition),
    )
    return frozenset(name for name in names if name)


def expressions_of(element: Element) -> Iterator[Expression]:
    """Every expression of an element, except scripts."""
    candidates: Iterable[Expression | None] = (
        element.assignee,
        element.due_date,
        element.follow_up_date,
        element.task_priority,
        element.priority,
        *element.candidate_users,
        *element.candidate_groups,
        *(value for _, value in element.inputs),
        *(value for _, value in element.outputs),
        *(value for _, value in element.passed_in),
        *(value for _, value in element.passed_out),
        element.business_key,
        element.called_by,
        element.expression,
        *_of_loop(element),
        *_of_event(element.event),
    )
    return (expression for expression in candidates if expression is not None)


def _of_loop(element: Element) -> Iterator[Expression | None]:
    if element.multi_instance is not None:
        yield element.multi_instance.items
        yield element.multi_instance.cardinality
        yield element.multi_instance.until
    if element.standard_loop is not None:
        yield element.standard_loop.condition
    if element.ad_hoc is not None:
        yield element.ad_hoc.until


def _each(whole: EventDefinition | None) -> tuple[EventDefinition, ...]:
    return whole.each if whole is not None else ()


def _of_event(whole: EventDefinition | None) -> Iterator[Expression | None]:
    for event in _each(whole):
        yield event.timer.expression if event.timer else None
        yield event.message.key if event.message else None
        yield event.condition.expression if event.condition else None
        yield event.name.expression if event.name else None
        yield event.business_key
        yield from (value for _, value in event.inputs)
