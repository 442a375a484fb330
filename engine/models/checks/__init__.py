"""Deployment checks: faults of a model, found before it runs.

Owns the list of checks. Each check is a small function; a trap that is found once becomes a check
for good.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from engine.models.bundle import Bundle
from engine.models.checks.data import at_once, data_objects, passing, reserved, shown_again
from engine.models.checks.events import (
    boundaries,
    catching,
    compensation,
    conditions,
    event_scopes,
    timers,
)
from engine.models.checks.flow import (
    ad_hoc,
    event_gateways,
    exclusive,
    kinds,
    loops,
    parallel,
    shape,
)
from engine.models.checks.graph import Graph
from engine.models.checks.references import (
    calls,
    cases,
    english,
    lengths,
    people,
    tables,
    texts,
)
from engine.models.checks.subject import Check, Known, Subject
from engine.sentences.problems import MakeTopic, Problem, errors_of

CHECKS: tuple[Check, ...] = (
    kinds.check_kinds,
    lengths.check_lengths,
    lengths.check_ways,
    shape.check_starts_and_ends,
    shape.check_flows,
    shape.check_reach,
    exclusive.check_exclusive_gateways,
    exclusive.check_way_on,
    exclusive.check_default_flows,
    exclusive.check_conditions,
    parallel.check_joins,
    parallel.check_splits,
    event_gateways.check_event_gateways,
    event_scopes.check_event_sub_processes,
    ad_hoc.check_ad_hoc,
    loops.check_loops,
    boundaries.check_attachment,
    boundaries.check_interruption,
    boundaries.check_cancelling,
    catching.check_caught_once,
    timers.check_catching_cycles,
    timers.check_starting_timers,
    timers.check_ladders,
    timers.check_behind_ladders,
    timers.check_next_look_elsewhere,
    shown_again.check_decisions_shown_again,
    at_once.check_writes_at_once,
    reserved.check_reserved_names,
    compensation.check_handlers,
    compensation.check_throws,
    compensation.check_beginnings,
    compensation.check_undone_once,
    conditions.check_conditional_events,
    data_objects.check_data_associations,
    texts.check_functions,
    texts.check_multi_instance,
    calls.check_service_tasks,
    calls.check_topics,
    calls.check_completion_handlers,
    calls.check_decision_tasks,
    calls.check_call_activities,
    passing.check_calls_pass_something,
    passing.check_answers_go_on,
    cases.check_calls_of_cases,
    cases.check_starts_of_cases,
    cases.check_names_of_cases,
    cases.check_reads_of_cases,
    people.check_assignment,
    people.check_groups,
    people.check_users,
    people.check_deadlines,
    people.check_forms,
    people.check_embedded_fields,
    people.check_diagram,
)


ABSENCES = frozenset(
    {
        "ladder",
        "multi-instance",
        "no-assignee",
        "no-call",
        "no-condition",
        "no-deadline",
        "no-decision",
        "no-default",
        "no-form",
        "no-topic",
    }
)
"""Codes for something missing. If a part could not be read, it is not missing: one finding about it
is enough."""


def check_bundle(bundle: Bundle, known: Known) -> list[Problem]:
    """All findings about a bundle, those of reading it included, in the order of files and lines.

    Pure: no database, no network. Raises nothing, whatever the models contain.
    """
    unread = {(p.file, p.element_id) for p in errors_of(bundle.problems)}
    found = [
        problem
        for problem in _check(bundle, known)
        if problem.code not in ABSENCES or (problem.file, problem.element_id) not in unread
    ]
    flows = {
        (process.file, flow.id): (process.called(flow.source), process.called(flow.target))
        for process in bundle.processes.values()
        for flow in process.flows.values()
    }
    told = [
        replace(
            problem,
            ends=flows.get((problem.file, problem.element_id)),
            fix=_apart(problem.fix, known),
        )
        for problem in (*bundle.problems, *found)
    ]
    return sorted(told, key=lambda p: (p.file, p.line, p.element_id))


def _apart(fix: MakeTopic | None, known: Known) -> MakeTopic | None:
    """The proposed topic for a worker, changed if a handler of the product has it."""
    if fix is None or fix.topic not in known.topics:
        return fix
    return replace(fix, topic=f"{fix.topic}-worker")


def _check(bundle: Bundle, known: Known) -> Iterator[Problem]:
    for process in bundle.processes.values():
        subject = Subject(process, Graph(process), bundle, known)
        for check in CHECKS:
            yield from check(subject)
    yield from timers.check_tables_climb(bundle)
    yield from tables.check_overlaps(bundle)
    yield from calls.check_call_circles(bundle)
    yield from calls.check_starts_of_messages(bundle)
    yield from english.check_english(bundle, known)


__all__ = ["CHECKS", "Known", "check_bundle"]
