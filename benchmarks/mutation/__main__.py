"""`python -m benchmarks.mutation [--count N] [--seed S] [--tests PATH ...] [MODULE ...]`, with `--`
before the modules if paths of tests come before them.

Exit status 1 if too few mutations are noticed, 2 if a test fails on unchanged code.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import orjson

from benchmarks.mutation import places, reach, report, trial
from benchmarks.mutation.trial import Outcome, Trial

CONTROLS = 30
"""Once in so many trials the same tests run on the unchanged product: none may fail."""
LOOK_SECONDS = 0.05


def main() -> None:
    """Draw the map, try a sample, print the changes that no test noticed."""
    asked = read_arguments()
    folder = tempfile.mkdtemp(prefix="mutation")
    os.environ.update(reach.environment(folder))
    sys.pycache_prefix = os.environ["PYTHONPYCACHEPREFIX"]
    os.chdir(places.ROOT)
    paths = sorted({*places.modules(), *asked.modules})  # any module can be asked about
    began = time.monotonic()
    known = reach.reach(paths, reach.test_files(asked.tests or reach.SUITE))
    report.say(f"{len(known.seconds)} tests in the map after {time.monotonic() - began:.0f} s")
    chosen = places.sample(asked.modules or paths, asked.count, asked.seed)
    trials = [Trial(one, known.tests(one)) for one in chosen]
    controls = [Trial(None, one.tests) for one in trials[::CONTROLS] if one.tests]
    trial.prepare()
    outcomes = list(_tried([*controls, *trials], asked.processes))
    summary = report.summary([one for one in outcomes if one.trial.mutation], asked.seed)
    report.show(summary, time.monotonic() - began)
    if asked.json:
        asked.json.write_bytes(orjson.dumps(summary, option=orjson.OPT_INDENT_2))
    wrong = [one for one in outcomes if one.trial.mutation is None and one.killed]
    for one in wrong:
        report.say(f"WRONG: {one.by} fails where nothing was changed")
    sys.exit(2 if wrong else summary["share"] < asked.least)


def _tried(trials: Sequence[Trial], processes: int) -> Iterator[Outcome]:
    """The outcomes of all trials, a few running at a time."""
    waiting, running = list(reversed(trials)), list[trial.Running]()
    while waiting or running:
        while waiting and len(running) < processes:
            one = waiting.pop()
            if one.tests:
                running.append(trial.begin(one))
            else:
                yield Outcome(one, "untested")
        for process in list(running):
            outcome = process.ended()
            if outcome is not None:
                running.remove(process)
                report.progress(outcome)
                yield outcome
        time.sleep(LOOK_SECONDS)


def read_arguments() -> argparse.Namespace:
    """Command line."""
    parser = argparse.ArgumentParser(description="Are small changes of central modules noticed?")
    parser.add_argument("modules", nargs="*", help="paths; by default all central ones")
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--least", type=float, default=90.0, help="per cent that must be noticed")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--tests", nargs="*", help="files or folders; by default both wings")
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
