"""The modules to change, and the choice of changes in a run."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from itertools import islice, zip_longest
from pathlib import Path

from benchmarks.mutation.operators import Mutation, mutations

ROOT = Path(__file__).resolve().parents[2]
CENTRAL = (
    "engine/execution/*.py",  # without the border
    "engine/records/commands.py",
    "engine/workers/offers.py",
    "engine/workers/work_data.py",
    "engine/ports/cases.py",
    "engine/later/repairs.py",
    "engine/later/loop.py",
    "engine/later/retries.py",
    "engine/later/delivery.py",
    "engine/later/signals.py",
    "engine/later/timer_starts.py",
    "engine/time/calendar.py",
    "engine/language/**/*.py",
    "engine/decisions/**/*.py",
    "processes/rights/access.py",
    "processes/rights/scope.py",
    "processes/rights/visibility.py",
    "processes/lifecycle/*.py",
    "processes/*/handlers.py",
    "processes/*/decisions.py",
    "processes/*/registration.py",
    "processes/*/services.py",
)
LEAST = 3
"""Minimum number of mutations in each module, however small it is."""


def modules(patterns: Sequence[str] = CENTRAL) -> list[str]:
    """Paths of the modules that match, each once."""
    return sorted({str(p.relative_to(ROOT)) for one in patterns for p in ROOT.glob(one)})


def sample(paths: Sequence[str], count: int, seed: int) -> list[Mutation]:
    """`count` of all possible mutations, the same for the same seed and sources.

    Each module gives its share, and the operators take turns within a module, otherwise the many
    constants would leave little room for conditions.
    """
    sources = {path: (ROOT / path).read_bytes() for path in paths}
    possible = {path: mutations(path, source) for path, source in sources.items()}
    every = max(1, sum(map(len, possible.values())))
    chosen: list[Mutation] = []
    for path, source in sources.items():
        turns = _in_turn(possible[path], random.Random(f"{seed} {path}"))
        share = max(LEAST, round(count * len(turns) / every))
        chosen += islice((one for one in turns if one.changes(source)), share)
    return sorted(chosen)


def _in_turn(possible: Sequence[Mutation], chance: random.Random) -> list[Mutation]:
    """One mutation of each operator, then a second of each, and so on; in random order within an
    operator."""
    by_operator = defaultdict(list)
    for one in possible:
        by_operator[one.operator].append(one)
    for some in by_operator.values():
        chance.shuffle(some)
    order = sorted(by_operator)
    chance.shuffle(order)
    rounds = zip_longest(*(by_operator[name] for name in order))
    return [one for some in rounds for one in some if one is not None]
