"""`python -m benchmarks [section ...] [--json] [--runs N] [--scale X]`: a table of each
section, every figure beside its reference of the same run."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks import (
    compiling,
    completing,
    fetching,
    flatness,
    forgotten,
    http,
    issuing,
    meetings,
    memory,
    outside,
    questions,
    slow_clients,
    storing,
    timers,
)
from benchmarks.databases import Databases
from benchmarks.report import Line, as_json, as_table

Section = Callable[[Databases, int, float], list[Line]]

SECTIONS: dict[str, Section] = {
    "completing": completing.measured,
    "flatness": flatness.measured,
    "compiling": compiling.measured,
    "issuing": issuing.measured,
    "meetings": meetings.measured,
    "storing": storing.measured,
    "timers": timers.measured,
    "questions": questions.measured,
    "fetching": fetching.measured,
    "memory": memory.measured,
    "http": http.measured,
    "outside": outside.measured,
    "forgotten": forgotten.measured,
    "slow_clients": slow_clients.measured,
}
"""(databases, runs, scale) -> lines; `scale` 1 is the full size of each section."""


def main() -> None:
    """Measure and print."""
    arguments = read_arguments()
    lines: list[Line] = []
    for name in arguments.sections or SECTIONS:
        with tempfile.TemporaryDirectory(prefix="tb") as folder, Databases(Path(folder)) as places:
            measured = SECTIONS[name](places, arguments.runs, arguments.scale)
        if not arguments.json:  # at once: all sections take a quarter of an hour
            sys.stdout.write(as_table(measured))
            sys.stdout.flush()
        lines += measured
    if arguments.json:
        sys.stdout.write(as_json(lines))


def read_arguments() -> argparse.Namespace:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("sections", nargs="*", choices=[[], *SECTIONS], help="all by default")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--runs", type=int, default=5, help="runs of which the median is taken")
    parser.add_argument("--scale", type=float, default=1.0, help="share of the full size")
    return parser.parse_args()


if __name__ == "__main__":
    main()
