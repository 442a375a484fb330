"""An engine on each database, with a clock the test moves, that forgets all live instances."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from engine import Engine
from engine.clock import ManualClock

MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
"""09.00 in Jakarta on a working Monday."""

Open = Callable[..., Engine]


@pytest.fixture
def clock() -> ManualClock:
    """Stands at MONDAY until moved."""
    return ManualClock(MONDAY)


@pytest.fixture
def open_engine(database_url: str, clock: ManualClock) -> Iterator[Open]:
    """Opens engines on the test's database: a second one stands for another process."""
    opened: list[Engine] = []

    def opener(handlers: Mapping[str, Any] | None = None, **settings: Any) -> Engine:
        engine = Engine.open(database_url, handlers, clock, **settings)
        opened.append(engine)
        return engine

    yield opener
    for engine in opened:
        engine.close()


@pytest.fixture
def engine(open_engine: Open) -> Engine:
    """An engine without handlers and without a case reader."""
    return open_engine()
