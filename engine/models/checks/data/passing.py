"""Data that end with an activity although the author may expect them afterwards."""

from __future__ import annotations

from collections.abc import Iterator

from engine.models.checks.subject import Subject
from engine.models.checks.writes import answers_of, read_in, results_of
from engine.models.elements import Element
from engine.sentences.problems import Problem
from engine.sentences.sentence import say


def check_calls_pass_something(subject: Subject) -> Iterator[Problem]:
    """A called process has variables of its own: it shares only the data that are passed."""
    for call in subject.of_kind("callActivity"):
        passes = call.passed_in or call.passed_out or call.passes_all_in or call.passes_all_out
        if not passes and (call.called_process or call.called_by):
            yield subject.warning(
                call,
                "nothing-passes",
                say("The called process gets no data from here and gives none back."),
                say(
                    "Write camunda:in and camunda:out for each variable that passes,"
                    ' or variables="all" for everything.'
                ),
            )


def check_answers_go_on(subject: Subject) -> Iterator[Problem]:
    """An answer or result with the name of an input parameter is written to that parameter, and
    ends with it."""
    read = read_in(subject)
    for element in subject.elements:
        for name in sorted(_kept_inside(subject, element, read)):
            yield subject.warning(
                element,
                "ends-here",
                say(
                    "{name} is an input parameter here, so the answer of this name ends with the"
                    " activity.",
                    name=name,
                ),
                say("Carry it out by an output parameter, or give the input another name."),
            )


def _kept_inside(subject: Subject, element: Element, read: frozenset[str]) -> frozenset[str]:
    if not element.inputs:
        return frozenset()
    written = answers_of(subject, element, read) | results_of(element)
    carried = frozenset().union(*(value.names for _, value in element.outputs))
    return (written & frozenset(dict(element.inputs))) - carried
