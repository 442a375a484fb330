"""Deployment checks: what in a model would go wrong later, found before it runs.

Owns the list of checks. Each is a small function of its own; a trap that is found once becomes a
check for good.
"""

from __future__ import annotations

from engine.models.bundle import Bundle
from engine.models.checks import (
    boundaries,
    calls,
    event_gateways,
    exclusive,
    kinds,
    loops,
    parallel,
    people,
    shape,
    stale_answers,
    texts,
    timers,
)
from engine.models.checks.graph import Graph
from engine.models.checks.subject import Check, Known, Subject
from engine.models.problems import Problem

CHECKS: tuple[Check, ...] = (
    kinds.check_kinds,
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
    loops.check_loops,
    boundaries.check_attachment,
    boundaries.check_interruption,
    timers.check_repeating_timers,
    timers.check_catching_cycles,
    timers.check_ladders,
    timers.check_next_look_elsewhere,
    stale_answers.check_stale_answers,
    texts.check_functions,
    texts.check_multi_instance,
    calls.check_service_tasks,
    calls.check_topics,
    calls.check_completion_handlers,
    calls.check_decision_tasks,
    calls.check_call_activities,
    people.check_assignment,
    people.check_deadlines,
    people.check_forms,
    people.check_embedded_fields,
    people.check_diagram,
)


def check_bundle(bundle: Bundle, known: Known) -> list[Problem]:
    """All findings about a bundle, those of reading it included, in the order of files and lines.

    Pure: no database, no network. Raises nothing, whatever the models look like.
    """
    found = list(bundle.problems)
    for process in bundle.processes.values():
        subject = Subject(process, Graph(process), bundle, known)
        for check in CHECKS:
            found.extend(check(subject))
    found.extend(timers.check_tables_climb(bundle))
    found.extend(calls.check_call_circles(bundle))
    return sorted(found, key=lambda problem: (problem.file, problem.line, problem.element_id))


__all__ = ["CHECKS", "Known", "check_bundle"]
