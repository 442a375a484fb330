"""Ids and names that are too long to be stored as keys, and the number of flows out of an
element."""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.values import show
from engine.models.checks.subject import Subject
from engine.models.elements import MAX_NAME, Element
from engine.sentences.problems import Problem
from engine.sentences.sentence import say

MAX_WAYS = 500
"""Number of flows out of one element: more than people can draw, and fewer than a step may take."""


def check_ways(subject: Subject) -> Iterator[Problem]:
    """The number of flows out of each element."""
    for element in subject.elements:
        if len(subject.graph.outgoing(element.id)) > MAX_WAYS:
            yield subject.error(
                element,
                "too-many-ways",
                say("More than {limit} flows lead out of this element.", limit=MAX_WAYS),
                say("Work through a list with a multi-instance task, or decide in several steps."),
            )


def check_lengths(subject: Subject) -> Iterator[Problem]:
    """The length of ids of processes and elements, and of names of messages, signals, topics and
    forms."""
    if len(subject.process.key) > MAX_NAME:
        yield _too_long(subject, None, subject.process.key)
    for element in subject.elements:
        for name in _names(element):
            if len(name) > MAX_NAME:
                yield _too_long(subject, element, name)


def _names(element: Element) -> Iterator[str]:
    yield element.id
    yield from filter(None, (element.topic, element.form_ref))
    yield from _people(element)
    for event in element.event.each if element.event is not None else ():
        yield from filter(None, (event.code, event.message.name if event.message else None))


def _people(element: Element) -> Iterator[str]:
    """Users and groups that the model names itself; the step checks computed ones."""
    for expression in (element.assignee, *element.candidate_users, *element.candidate_groups):
        if expression is not None and expression.is_constant:
            value = expression.evaluate({})
            names = value if isinstance(value, list) else [value]
            yield from (name for name in names if isinstance(name, str))


def _too_long(subject: Subject, at: Element | None, name: str) -> Problem:
    return subject.error(
        at,
        "too-long",
        say("{name} is longer than {limit} characters.", name=show(name), limit=MAX_NAME),
        say("Use a shorter name."),
    )
