"""Data associations with data that the model reads, but that this engine does not carry."""

from __future__ import annotations

from collections.abc import Iterator

from engine.models.checks.subject import Subject
from engine.models.checks.writes import sets
from engine.models.elements import Element
from engine.models.variables import names_read
from engine.sentences.problems import Problem
from engine.sentences.sentence import say

BRINGING = frozenset(
    ["serviceTask", "receiveTask", "startEvent", "intermediateCatchEvent", "boundaryEvent"]
) | {"callActivity", "subProcess", "transaction", "adHocSubProcess"}
"""Sources that may bring a value of any name: a handler, a message, an inner element."""


def check_data_associations(subject: Subject) -> Iterator[Problem]:
    """A name that is read has another source than a data association."""
    drawn = [element for element in subject.elements if element.fills]
    read = names_read(subject.process, subject.bundle.decisions) if drawn else frozenset()
    for element in drawn:
        for name in sorted(element.fills & read):
            if not _may_bring(subject, element) and not _is_set(subject, name):
                yield subject.error(
                    element,
                    "data-association",
                    say("{name} is read, and only a data association would fill it.", name=name),
                    say("Name the variables in expressions, scripts and forms instead."),
                )


def _may_bring(subject: Subject, element: Element) -> bool:
    asks_freely = element.kind == "userTask" and subject.bundle.form_of(element) is None
    return element.kind in BRINGING or element.topic is not None or asks_freely


def _is_set(subject: Subject, name: str) -> bool:
    return any(sets(one, name) or _asks(subject, one, name) for one in subject.elements)


def _asks(subject: Subject, element: Element, name: str) -> bool:
    form, repeated = subject.bundle.form_of(element), element.multi_instance
    return (form is not None and name in form.keys) or (
        repeated is not None
        and name in (repeated.item, repeated.output_item, repeated.output_items)
    )
