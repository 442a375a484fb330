"""`python -m benchmarks.chaos --minutes N [--seed S] [--database sqlite|postgresql] [--keep DIR]`:
exit status 1 if any answer to a client is not true."""

from __future__ import annotations

import argparse
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from benchmarks.chaos.run import Plan, run


def main() -> None:
    """Run, then print the faults, the figures and the findings."""
    arguments = read_arguments()
    with ExitStack() as stack:
        folder = arguments.keep or Path(
            stack.enter_context(tempfile.TemporaryDirectory("chaos", ignore_cleanup_errors=True))
        )
        folder.mkdir(parents=True, exist_ok=True)
        plan = Plan(seconds=arguments.minutes * 60, seed=arguments.seed)
        report = run(arguments.database, plan, folder)
    for name, figure in report.figures:
        sys.stdout.write(f"{name:45} {figure}\n")
    for finding in report.findings:
        sys.stdout.write(f"WRONG: {finding}\n")
    sys.stdout.write(f"{len(report.findings)} promises broken, seed {arguments.seed}\n")
    sys.exit(1 if report.findings else 0)


def read_arguments() -> argparse.Namespace:
    """Command line."""
    parser = argparse.ArgumentParser(description="Lost or doubled work under faults.")
    parser.add_argument("--minutes", type=float, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="postgresql")
    parser.add_argument("--keep", type=Path, help="folder to work in and leave behind")
    return parser.parse_args()


if __name__ == "__main__":
    main()
