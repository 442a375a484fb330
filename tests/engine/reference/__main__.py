"""`python -m tests.engine.reference SEEDS [FIRST [DATABASE_URL]]`: compare engine and reference on
so many random models, and print the first difference with the model as XML and the acts. Seeds from
10,000 on also draw conditions, compensation and events with several definitions."""

from __future__ import annotations

import sys
import tempfile

from engine import Engine
from engine.time.clock import ManualClock
from tests.engine.conftest import MONDAY
from tests.engine.reference.beside import Refused, compare


def main(seeds: str, first: str = "0", url: str = "") -> int:
    """1 if any differs."""
    refused = 0
    with tempfile.TemporaryDirectory() as folder:
        clock = ManualClock(MONDAY)
        engine = Engine.open(url or f"sqlite:///{folder}/reference.db", None, clock)
        for seed in range(int(first), int(first) + int(seeds)):
            try:
                found = compare(seed, engine, clock)
            except Refused:
                refused += 1
                continue
            if found:
                sys.stdout.write(f"{found}\n")
                return 1
    sys.stdout.write(f"{seeds} models, {refused} refused, no difference\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
