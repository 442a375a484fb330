"""Relations of a model to cases that an application keeps outside the engine.

Owns the findings before a deployment; the step enforces the same rules for every deployed model.
`Known` lists the processes of cases and their messages.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.models.checks.references.texts import names_in
from engine.models.checks.subject import Subject
from engine.models.elements import Element, Flow
from engine.ports.cases import CALL_ANOTHER, begins_elsewhere
from engine.sentences.problems import Problem
from engine.sentences.sentence import say


def check_calls_of_cases(subject: Subject) -> Iterator[Problem]:
    """No other process calls a process of cases."""
    for task in subject.of_kind("callActivity"):
        if task.called_process in subject.known.cases:
            what = begins_elsewhere(task.called_process)
            yield subject.error(task, "case-call", what, CALL_ANOTHER)


def check_starts_of_cases(subject: Subject) -> Iterator[Problem]:
    """A case begins in the register, so no event starts one."""
    if subject.process.key not in subject.known.cases:
        return
    for start in subject.of_kind("startEvent"):
        kind = start.event.kind if start.event is not None else "none"
        if start.process == subject.process.key and kind != "none":
            what = begins_elsewhere(subject.process.key)
            yield subject.error(start, "case-start", what, say("Draw a plain start event."))


def check_names_of_cases(subject: Subject) -> Iterator[Problem]:
    """Only the models of cases throw and catch the messages and signals of cases."""
    if subject.process.key in subject.known.cases:
        return
    for element in subject.elements:
        for name in subject.known.case_names.intersection(_told(element)):
            yield subject.error(
                element,
                "case-message",
                say("{name} goes between real cases only.", name=name),
                say("Choose another name for what your own processes tell each other."),
            )


def _told(element: Element) -> Iterator[str]:
    """The names of the messages and signals that an element throws or catches."""
    for event in element.event.each if element.event is not None else ():
        if event.kind == "signal" and event.code is not None:
            yield event.code
        elif event.message is not None:
            yield event.message.name


def check_reads_of_cases(subject: Subject) -> Iterator[Problem]:
    """`case` is empty except in an instance that owns one, and in the processes that it calls."""
    if not subject.known.cases or subject.process.key in subject.known.cases:
        return
    reading: list[Element | Flow] = [e for e in subject.elements if "case" in names_in(e)]
    for flow in subject.process.flows.values():
        reading += [flow] if flow.condition and "case" in flow.condition.names else []
    for at in reading:
        yield subject.warning(
            at,
            "case-read",
            say("An instance of this process owns no case, so reading case fails here."),
            say("Give the process what it needs as data, by its form or its caller."),
        )
