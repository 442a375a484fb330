"""`python -m benchmarks.scaled [KIND ...]`: the cost of a check as models grow.

For each kind, models with n, 2n and 4n things are checked, each in a separate process that is ended
if it takes too long. A cost that grows faster than the model calls for a repair or a limit: the
last column has the growth from 2n to 4n.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection

from benchmarks.scaled import KINDS
from benchmarks.scaled.making import Files
from engine.deployment.examining import examine
from engine.models.checks import Known
from engine.sentences.problems import errors_of

LIMIT_SECONDS = 20
"""Seconds of processor time for one check."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The cost of one check: processor seconds (None: it was ended), megabytes of growth, its
    findings."""

    seconds: float | None
    megabytes: float
    findings: int
    first: str


def measure(files: Files) -> Measured:
    """Check the files in a separate process, which is ended at the limit."""
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe(duplex=False)
    child = context.Process(target=_check, args=(files, there))
    child.start()
    there.close()
    try:
        return here.recv()  # type: ignore[no-any-return]  # what `_check` sends
    except EOFError:
        return Measured(None, 0, 0, "")
    finally:
        child.kill()
        child.join()


def _check(files: Files, answer: Connection) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (LIMIT_SECONDS, LIMIT_SECONDS))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    problems = examine(files, {}, Known(topics={})).problems
    spent = time.process_time() - began
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    errors = errors_of(problems)
    first = str(errors[0].what)[:60] if errors else ""
    answer.send(Measured(spent, grown, len(problems), first))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="What a check costs as models grow.")
    parser.add_argument("kind", nargs="*")
    arguments = parser.parse_args()
    slowest = 0.0
    for kind in arguments.kind or KINDS:
        size, make = KINDS[kind]
        found = [measure(make(size * times)) for times in (1, 2, 4)]
        spent = [one.seconds for one in found]
        slow = max(LIMIT_SECONDS if one is None else one for one in spent)
        slowest = max(slow, slowest)
        growth = spent[2] / spent[1] if spent[1] and spent[2] else 0
        shown = " ".join("  over " if one is None else f"{one:7.3f}" for one in spent)
        mark = "!!" if slow > 1 or (growth > 3 and slow > 0.2) else "  "
        sys.stdout.write(
            f"{mark} {kind:34} {size * 4:>8} {shown} x{growth:4.1f} "
            f"{found[2].megabytes:6.0f} MB {found[2].findings:5} {found[2].first}\n"
        )
        sys.stdout.flush()
    sys.stdout.write(f"Slowest: {slowest:.2f} s\n")


if __name__ == "__main__":
    main()
