"""What a model may have to do with cases that somebody outside the engine keeps.

Owns the advice before a deployment; the step holds the same rules whatever was deployed. Which
processes are those of cases, and which messages are theirs, is told by `Known`.
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
    """A process of cases is called by no other."""
    for task in subject.of_kind("callActivity"):
        if task.called_process in subject.known.cases:
            what = begins_elsewhere(task.called_process)
            yield subject.error(task, "case-call", what, CALL_ANOTHER)


def check_starts_of_cases(subject: Subject) -> Iterator[Problem]:
    """A case begins in the register, so nothing that happens begins one."""
    if subject.process.key not in subject.known.cases:
        return
    for start in subject.of_kind("startEvent"):
        kind = start.event.kind if start.event is not None else "none"
        if start.process == subject.process.key and kind != "none":
            what = begins_elsewhere(subject.process.key)
            yield subject.error(start, "case-start", what, say("Draw a plain start event."))


def check_names_of_cases(subject: Subject) -> Iterator[Problem]:
    """The messages and signals of cases are thrown and caught by their own models only."""
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
    """`case` is empty but in an instance that owns one, or in what such an instance calls."""
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
