"""How often a network job is tried again, and how long it waits before."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Final

BACK_OFF: Final = timedelta(seconds=30)
"""The wait after the first failure; it doubles each time."""
MOST_ATTEMPTS: Final = 10
"""After so many failures (about four hours) a job is a dead letter that an operator sees."""


def wait_after(attempts: int) -> timedelta:
    """The wait after this many failures, scattered, so that a server that is back is not met by
    all jobs at once."""
    return BACK_OFF * 2.0 ** (attempts - 1) * random.uniform(0.8, 1.2)
