"""The engine beside the reference: the same random models, the same acts, the same ways and values,
on both databases, with nothing but what is stored between two acts.

More seeds: `python -m tests.engine.reference SEEDS`.
"""

from __future__ import annotations

import pytest

from engine import Engine
from engine.clock import ManualClock
from tests.engine.reference.beside import Refused, compare

SEEDS = (*range(20), 31, 53, 57, 107, 112, 273, 715)
"""The first few, and some that fall for what the first ones do not reach: guards that read inside,
`camunda:out` at an error, a firing's end at a join, the order of what is interrupted, outputs
written once only."""


@pytest.mark.long
def test_random_models_go_the_same_ways_with_the_same_values(
    engine: Engine, clock: ManualClock
) -> None:
    refused = 0
    for seed in SEEDS:
        try:
            difference = compare(seed, engine, clock)
        except Refused:
            refused += 1
        else:
            assert not difference, difference
    assert refused < len(SEEDS) / 10
