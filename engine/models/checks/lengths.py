"""Ids and names that things are found by: too long ones could not be stored."""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.values import show
from engine.models.checks.subject import Subject
from engine.models.elements import MAX_NAME, Element
from engine.models.problems import Problem
from engine.words import say


def check_lengths(subject: Subject) -> Iterator[Problem]:
    """Ids of processes and elements, names of messages, signals, topics and forms."""
    if len(subject.process.key) > MAX_NAME:
        yield _too_long(subject, None, subject.process.key)
    for element in subject.elements:
        for name in _names(element):
            if len(name) > MAX_NAME:
                yield _too_long(subject, element, name)


def _names(element: Element) -> Iterator[str]:
    yield element.id
    yield from filter(None, (element.topic, element.form_ref))
    if element.event is not None:
        message = element.event.message
        yield from filter(None, (element.event.code, message.name if message else None))


def _too_long(subject: Subject, at: Element | None, name: str) -> Problem:
    return subject.error(
        at,
        "too-long",
        say("{name} is longer than {limit} characters.", name=show(name), limit=MAX_NAME),
        say("Use a shorter name."),
    )
