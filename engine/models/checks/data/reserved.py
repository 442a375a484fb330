"""Variables that a model writes under a name with another meaning in its texts."""

from __future__ import annotations

from collections.abc import Iterator

from engine.models.checks.subject import Subject
from engine.models.elements import Element, Mapped
from engine.models.reserved import ANOTHER_NAME, RESERVED, no_variable
from engine.sentences.problems import Problem


def check_reserved_names(subject: Subject) -> Iterator[Problem]:
    """No script, result, parameter, list entry or embedded field has a reserved name such as `case`
    or `task`. The reader of form files checks their fields."""
    for element in subject.elements:
        for name in sorted(RESERVED.intersection(_written(element))):
            yield subject.error(element, "reserved-name", no_variable(name), ANOTHER_NAME)


def _written(element: Element) -> Iterator[str | None]:
    """The names to which an element gives values, for all to read or for itself."""
    yield element.result_variable or element.decision_ref
    yield from (name for name, _ in _parameters(element))
    yield element.initiator
    for event in element.event.each if element.event is not None else ():
        yield from (event.code_variable, event.message_variable)
        yield from (name for name, _ in event.inputs)
    for script in (element.script, element.pre_script, element.post_script):
        yield from script.assigned if script is not None else ()
    if (repeated := element.multi_instance) is not None:
        yield from (repeated.item, repeated.output_item, repeated.output_items)
    yield from (field.id for field in element.form_fields)


def _parameters(element: Element) -> Mapped:
    return (*element.inputs, *element.outputs, *element.passed_in, *element.passed_out)
