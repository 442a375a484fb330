"""The proof: the answers to the clients against the tables, and both in figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import Any

from benchmarks.chaos import agreement, course, promises
from benchmarks.chaos.evidence import Evidence
from benchmarks.chaos.ledger import UNANSWERED, Act


def findings(evidence: Evidence, acts: Collection[Act], user_id: str, worker_id: str) -> list[str]:
    """Every broken promise; empty after a good run."""
    return [
        *promises.broken(evidence, acts, user_id, worker_id),
        *(finding for case in evidence.cases for finding in course.wrong(case)),
        *agreement.disagreements(evidence.cases),
        *(f"{count} {name}" for name, count in evidence.strays.items() if count),
    ]


def figures(evidence: Evidence, acts: Collection[Act]) -> list[tuple[str, Any]]:
    """The requests and their results."""
    found: list[tuple[str, Any]] = []
    for kind in promises.EXPECTED:
        of_kind = [act for act in acts if act.kind == kind]
        found += [
            (f"{kind}: acknowledged", sum(act.acknowledged for act in of_kind)),
            (f"{kind}: somebody was faster", sum(act.refused for act in of_kind)),
            (f"{kind}: repeated under its request id", sum(act.tries > 1 for act in of_kind)),
            (f"{kind}: never answered", sum(act.status == UNANSWERED for act in of_kind)),
        ]
    late = [act for act in acts if act.late]
    found.append(("external: came after their lease had run out", len(late)))
    return found + _of_cases(evidence)


def _of_cases(evidence: Evidence) -> list[tuple[str, Any]]:
    events = evidence.events()
    late = sorted(event.details["late_seconds"] for event in events if event.kind == "timer")
    middle, longest = (late[len(late) // 2], late[-1]) if late else (0, 0)
    return [
        ("cases", len(evidence.cases)),
        ("cases ended", sum(case.status == "completed" for case in evidence.cases)),
        ("events in unbroken chains", len(events)),
        ("tasks completed", Counter(event.kind for event in events)["complete"]),
        ("timers fired", len(late)),
        ("timers late: median, longest seconds", f"{middle}, {longest}"),
    ]
