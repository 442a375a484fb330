"""Decisions that are asked again with the previous answer in their field.

A form shows the values of its variables. If a gateway right behind a task decides by a field, and
the task comes again, an untouched form repeats the old decision. `askAnew` shows the field empty.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.models.checks.subject import Subject
from engine.models.checks.writes import HUMAN, own_names, sets
from engine.models.elements import Element
from engine.models.forms import Field
from engine.sentences.problems import Problem
from engine.sentences.sentence import say

DECIDING = frozenset({"exclusiveGateway", "inclusiveGateway"})
LOOK_BACK = 30
"""Number of elements examined behind a gateway; limits the work on drawings of gateways only."""
MAX_TASKS = 200
"""Number of deciding tasks that are followed; each costs a walk over the drawing."""


def check_decisions_shown_again(subject: Subject) -> Iterator[Problem]:
    """Fields by which a gateway right behind the form decides are asked anew in every round."""
    again: dict[str, bool] = {}
    told: set[tuple[str, str]] = set()
    for gateway in subject.of_kind(*DECIDING):
        for name in sorted(_names_read(subject, gateway)):
            for task in _askers(subject, gateway, name):
                field = _field(subject, task, name)
                if field is None or (task.id, name) in told:
                    continue
                if task.id not in again and len(again) < MAX_TASKS:
                    again[task.id] = _comes_again(subject, task)
                if again.get(task.id):
                    told.add((task.id, name))
                    yield _problem(subject, task, gateway, field)


def _names_read(subject: Subject, gateway: Element) -> frozenset[str]:
    flows = subject.graph.outgoing(gateway.id)
    conditions = [flow.condition for flow in flows if flow.condition is not None]
    return frozenset(name for condition in conditions for name in condition.names)


def _askers(subject: Subject, gateway: Element, name: str) -> Iterator[Element]:
    """The human tasks passed last before the gateway, unless an element in between sets `name`."""
    seen = {gateway.id}
    open_ends = [gateway.id]
    while open_ends and len(seen) < LOOK_BACK:
        for flow in subject.graph.incoming(open_ends.pop()):
            source = subject.process.elements[flow.source]
            if source.id in seen:
                continue
            seen.add(source.id)
            if source.kind in HUMAN:
                yield source
            elif not sets(source, name):
                open_ends.append(source.attached_to or source.id)


def _field(subject: Subject, task: Element, name: str) -> Field | None:
    """The field of the task that asks for `name` and shows its value."""
    if sets(task, name) or name in own_names(task) | task.asked_anew:
        return None
    form = subject.bundle.form_of(task)
    field = form.field(name) if form is not None else None
    return None if field is None or field.locked else field


def _comes_again(subject: Subject, task: Element) -> bool:
    return any(
        one.multi_instance is not None
        or one.standard_loop is not None
        or one.ad_hoc is not None
        or one.id in subject.graph.reachable(subject.graph.followers(one.id))
        for one in (task, *subject.graph.holders_of(task))
    )


def _problem(subject: Subject, task: Element, gateway: Element, field: Field) -> Problem:
    return subject.warning(
        task,
        "shown-again",
        say(
            "{gateway} decides by the field {field}, which shows the answer of the round before"
            " when the task comes again.",
            gateway=gateway.name or gateway.id,
            field=field.label or field.key,
        ),
        say("Name {key} in the property askAnew of the task.", key=field.key),
    )
