"""Timers: the allowed places of a ladder, and the elements behind it."""

from __future__ import annotations

from collections.abc import Iterator

from engine.decisions import DecisionTable, ladder_problems
from engine.models.bundle import Bundle
from engine.models.checks.events.compensation import begun_by, undone_by
from engine.models.checks.flow.shape import HOLDERS
from engine.models.checks.subject import Subject
from engine.models.checks.waiting import stays
from engine.models.elements import Element, TimerDefinition
from engine.sentences.problems import Problem
from engine.sentences.sentence import say

HUMAN = frozenset({"userTask", "manualTask"})


def check_behind_ladders(subject: Subject) -> Iterator[Problem]:
    """No waiting element follows a ladder, which looks at one task again and again; nor does a
    compensation whose handler waits."""
    seen: set[str] = set()
    undoing: dict[object, bool] = {}
    for event in subject.of_kind("boundaryEvent"):
        timer = _timer(event)
        if timer is None or timer.ladder is None or event.interrupting:
            continue
        for element in _behind(subject, event, seen):
            if _halts(subject, element) or _undoes_by_waiting(subject, element, undoing):
                yield subject.error(
                    element,
                    "waits-behind-timer",
                    say(
                        "This waits behind {timer}, and every further look would leave another"
                        " one.",
                        timer=event.name or event.id,
                    ),
                    say(
                        "Keep the branch to decisions and service tasks of this product,"
                        " or use a timer without next_look."
                    ),
                )


def _behind(subject: Subject, event: Element, seen: set[str]) -> Iterator[Element]:
    """The elements behind `event` that follow none of the timers before it (`seen`, extended)."""
    for element_id in sorted(subject.graph.reach_further([event.id], seen) - {event.id}):
        element = subject.process.elements[element_id]
        inside = subject.graph.all_inside(element_id) if element.kind in HOLDERS else []
        yield from (element, *inside)


def _halts(subject: Subject, element: Element) -> bool:
    return element.kind == "callActivity" or stays(subject, element)


def _undoes_by_waiting(subject: Subject, event: Element, known: dict[object, bool]) -> bool:
    """Whether a thrown compensation has a handler that waits (`known`, extended: events that undo
    the same are examined once)."""
    undone = undone_by(event)
    same = (event.process, undone)
    if undone and same not in known:
        known[same] = any(_halts(subject, one) for one in begun_by(subject, event))
    return bool(undone) and known[same]


def check_catching_cycles(subject: Subject) -> Iterator[Problem]:
    """An event that catches once cannot use a cycle."""
    for event in subject.of_kind("intermediateCatchEvent"):
        timer = _timer(event)
        if timer is not None and timer.kind == "cycle":
            yield subject.error(
                event,
                "timer",
                say("A repeating timer stands where the process waits once."),
                say("Write a duration or a date; draw the loop with an exclusive gateway."),
            )


def check_starting_timers(subject: Subject) -> Iterator[Problem]:
    """A timer that starts a process reads none of its variables."""
    for event in subject.of_kind("startEvent"):
        if event.event is None or event.process != subject.process.key:
            continue
        said = [one.timer.expression for one in event.event.each if one.timer is not None]
        if any(expression is not None and expression.names for expression in said):
            yield subject.error(
                event,
                "timer",
                say("What starts a process is computed before there are any variables."),
                say("Write a date, a duration, a cycle or a cron expression, without names in it."),
            )


def check_ladders(subject: Subject) -> Iterator[Problem]:
    """A ladder guards a human task with a deadline, leaves it running, and has its table."""
    for event in subject.elements:
        timer = _timer(event)
        if timer is not None and timer.ladder is not None:
            yield from _check_place(subject, event)
            if _is_no_table(subject.bundle, timer.ladder):
                yield subject.error(
                    event,
                    "decision-missing",
                    say("There is no decision table {table}.", table=timer.ladder),
                    say("Deploy its .dmn file together with the model, or correct the name."),
                )


def _is_no_table(bundle: Bundle, name: str) -> bool:
    decision = bundle.decisions.get(name)
    if decision is None:
        return bundle.lacks_decision(name)
    return not isinstance(decision, DecisionTable)


def _check_place(subject: Subject, event: Element) -> Iterator[Problem]:
    task = subject.process.elements.get(event.attached_to or "")
    if (
        event.kind != "boundaryEvent"
        or event.interrupting
        or task is None
        or task.kind not in HUMAN
    ):
        yield subject.error(
            event,
            "ladder",
            say("next_look escalates a human task, and this timer does not hang on one."),
            say("Attach it to a user task, as a non-interrupting timer."),
        )
    elif task.due_date is None:
        yield subject.error(
            task,
            "ladder",
            say(
                "The task is escalated by {timer} but has no deadline.",
                timer=event.name or event.id,
            ),
            say("Write camunda:dueDate, for example ${{working_days(5, task.created)}}."),
        )


def check_next_look_elsewhere(subject: Subject) -> Iterator[Problem]:
    """next_look is allowed only as the whole text of a repeating boundary timer."""
    for event in subject.elements:
        timer = _timer(event)
        expression = timer.expression if timer is not None and timer.ladder is None else None
        if expression is not None and "next_look" in expression.calls:
            yield subject.error(
                event,
                "ladder",
                say("next_look stands where it cannot re-arm the timer."),
                say('Write it alone, as a cycle: ${{next_look("escalation")}}.'),
            )


def check_tables_climb(bundle: Bundle) -> Iterator[Problem]:
    """From every row of a ladder's table the next look is later."""
    asked = {
        timer.ladder
        for process in bundle.processes.values()
        for timer in map(_timer, process.elements.values())
        if timer is not None and timer.ladder is not None
    }
    for name in sorted(asked & bundle.decisions.keys()):
        decision = bundle.decisions[name]
        if isinstance(decision, DecisionTable):
            yield from ladder_problems(decision)


def _timer(element: Element) -> TimerDefinition | None:
    return element.event.timer if element.event is not None else None
