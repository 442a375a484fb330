"""The results of a run, for people and for programs."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from typing import Any

from benchmarks.mutation.places import ROOT
from benchmarks.mutation.trial import Outcome


def say(line: str) -> None:
    """Print one line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def progress(outcome: Outcome) -> None:
    """Report an ended trial; for a survivor, the unnoticed change."""
    mutation = outcome.trial.mutation
    if mutation is None:
        return
    place = f"{mutation.path}:{mutation.line}"
    say(f"{outcome.how:10} {outcome.seconds:5.1f} s  {place} {mutation.operator} {outcome.by}")
    if not outcome.killed:
        say(mutation.diff(ROOT))


def summary(outcomes: Sequence[Outcome], seed: int) -> dict[str, Any]:
    """Figures by module, and every survivor with its diff."""
    every, killed = Counter[str](), Counter[str]()
    for one in outcomes:
        assert one.trial.mutation is not None
        every[one.trial.mutation.path] += 1
        killed[one.trial.mutation.path] += one.killed
    return {
        "seed": seed,
        "tried": len(outcomes),
        "killed": killed.total(),
        "share": round(100 * killed.total() / max(1, len(outcomes)), 1),
        "how": dict(Counter(one.how for one in outcomes)),
        "modules": {path: [killed[path], every[path]] for path in sorted(every)},
        "survivors": [_survivor(one) for one in outcomes if not one.killed],
    }


def _survivor(outcome: Outcome) -> dict[str, Any]:
    mutation = outcome.trial.mutation
    assert mutation is not None
    return {
        "path": mutation.path, "line": mutation.line, "operator": mutation.operator,
        "diff": mutation.diff(ROOT), "how": outcome.how, "tests": len(outcome.trial.tests),
    }  # fmt: skip


def show(found: dict[str, Any], seconds: float) -> None:
    """Print the table and the survivors."""
    say(f"\n{'noticed':>9} {'of':>4}  module")
    for path, (killed, every) in found["modules"].items():
        say(f"{killed:9} {every:4}  {path}")
    for one in found["survivors"]:
        say(f"\n{one['how']} ({one['tests']} tests): {one['path']}:{one['line']} {one['operator']}")
        say(one["diff"])
    ways = ", ".join(f"{count} {how}" for how, count in sorted(found["how"].items()))
    say(
        f"\n{found['killed']} of {found['tried']} noticed: {found['share']} % "
        f"({ways}; seed {found['seed']}, {seconds / 60:.1f} minutes)"
    )
