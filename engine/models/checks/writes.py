"""The variables that an element writes according to its model; the data of handlers, workers and
messages are unknown here."""

from __future__ import annotations

from engine.models.checks.subject import Subject
from engine.models.elements import Element
from engine.models.variables import names_read

HUMAN = frozenset({"userTask", "manualTask"})


def sets(element: Element, name: str) -> bool:
    """Whether a script, result or output parameter of the element sets the variable `name`."""
    before = element.pre_script.assigned if element.pre_script is not None else frozenset()
    return name in before | results_of(element) | frozenset(dict(element.outputs))


def results_of(element: Element) -> frozenset[str]:
    """The names that the work of the element itself writes, without its form."""
    asks = element.kind == "businessRuleTask" and not element.is_service
    event = element.event
    scripts = (element.script, element.post_script)
    return frozenset().union(
        filter(None, (element.result_variable or (element.decision_ref if asks else None),)),
        filter(None, (element.initiator,)),
        filter(None, (event.code_variable, event.message_variable) if event else ()),
        (name for name, _ in element.passed_out),
        *(script.assigned for script in scripts if script is not None),
    )


def read_in(subject: Subject) -> frozenset[str]:
    """The names that the process reads: a task with `onComplete` keeps only these (decision
    0005)."""
    keeps = any(element.on_complete is not None for element in subject.elements)
    return names_read(subject.process, subject.bundle.decisions) if keeps else frozenset()


def answers_of(subject: Subject, element: Element, read: frozenset[str]) -> frozenset[str]:
    """The answers of people that become variables; `read`: see `read_in`."""
    form = subject.bundle.form_of(element) if element.kind in HUMAN else None
    keys = frozenset(form.keys) if form is not None else frozenset()
    if element.on_complete is None:
        return keys
    return keys & read


def written(subject: Subject, element: Element, read: frozenset[str]) -> frozenset[str]:
    """The names that the element writes beyond itself. Input parameters stay inside; output
    parameters leave it. For a repeated element the entry and result of a round stay inside; the
    collected list leaves it."""
    inside = results_of(element) | answers_of(subject, element, read)
    repeated = element.multi_instance
    collected = repeated.output_items if repeated is not None else None
    return frozenset().union(
        inside - own_names(element),
        (name for name, _ in element.outputs),
        filter(None, (collected,)),
    )


def own_names(element: Element) -> frozenset[str]:
    """Variables that belong to the element and end with it."""
    repeated = element.multi_instance
    of_round = (repeated.item, repeated.output_item) if repeated is not None else ()
    return frozenset(dict(element.inputs)) | frozenset(name for name in of_round if name)
