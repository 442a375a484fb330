"""The engine beside the reference: the same random models, the same acts, the same ways and values,
on both databases, with nothing but what is stored between two acts.

More seeds: `python -m tests.engine.reference SEEDS`.
"""

from __future__ import annotations

from engine import Engine
from engine.clock import ManualClock
from tests.engine.reference.beside import Refused, compare

SEEDS = 40


def test_random_models_go_the_same_ways_with_the_same_values(
    engine: Engine, clock: ManualClock
) -> None:
    refused = 0
    for seed in range(SEEDS):
        try:
            difference = compare(seed, engine, clock)
        except Refused:
            refused += 1
        else:
            assert not difference, difference
    assert refused < SEEDS / 10
