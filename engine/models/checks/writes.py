"""Which variables an element writes, as far as its model says: what handlers, workers and messages
bring is not known here."""

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
    """What the work of the element itself leaves behind, its form excepted."""
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
    """What the process reads, which is what a task with `onComplete` keeps (decision 0005)."""
    keeps = any(element.on_complete is not None for element in subject.elements)
    return names_read(subject.process, subject.bundle.decisions) if keeps else frozenset()


def answers_of(subject: Subject, element: Element, read: frozenset[str]) -> frozenset[str]:
    """What people answer that becomes variables; `read`: see `read_in`."""
    form = subject.bundle.form_of(element) if element.kind in HUMAN else None
    keys = frozenset(form.keys) if form is not None else frozenset()
    if element.on_complete is None:
        return keys
    return keys & read


def written(subject: Subject, element: Element, read: frozenset[str]) -> frozenset[str]:
    """What the element writes beyond itself: input parameters are its own, output parameters carry
    out of it; of a repeated one entry and result of a round are its own, the collected list not."""
    inside = results_of(element) | answers_of(subject, element, read)
    repeated = element.multi_instance
    collected = repeated.output_items if repeated is not None else None
    return frozenset().union(
        inside - own_names(element),
        (name for name, _ in element.outputs),
        filter(None, (collected,)),
    )


def own_names(element: Element) -> frozenset[str]:
    """Variables that live in the element and end with it."""
    repeated = element.multi_instance
    of_round = (repeated.item, repeated.output_item) if repeated is not None else ()
    return frozenset(dict(element.inputs)) | frozenset(name for name in of_round if name)
