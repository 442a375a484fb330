"""`python -m benchmarks.models FOLDER [--topics] [--sample N --seed S] [--list]`: the shares that
deploy and run.

Counts the BPMN files below FOLDER that are executable, complete and need no other vendor's code.
Prints how many of them deploy into an empty database, and in how many every process runs: it ends,
or waits for an answer, without an incident. The other files are counted by their reason.

With `--topics`: only files in which code of another engine could be a topic, after `tindak check
--fix-topics` has made it one.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from benchmarks.models.trying import NOTHING_MADE, Outcome, try_file
from engine.deployment.apart import Apart, TooMuch
from engine.models.bundle import kind_of

SECONDS = 20
"""Seconds of processor time for one file, with all its processes and companions."""
MEGABYTES = 1024
TOP = 30


def main() -> None:
    """Try the files and print the tables."""
    parser = argparse.ArgumentParser(description="Deploy and drive every BPMN file of a folder.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--topics", action="store_true", help="with code made topics of workers")
    parser.add_argument("--sample", type=int, help="only so many files, chosen by chance")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--list", action="store_true", help="one line for each file as well")
    arguments = parser.parse_args()
    files = models_of(arguments.folder)
    if arguments.sample is not None:
        files = sorted(random.Random(arguments.seed).sample(files, arguments.sample))
    outcomes = []
    with tempfile.TemporaryDirectory(prefix="tm") as workplace:
        for outcome in try_all(files, Path(workplace), arguments.topics):
            if outcome.not_counted == NOTHING_MADE:
                continue
            outcomes.append(outcome)
            if arguments.list:
                sys.stdout.write(line_of(outcome))
    sys.stdout.write(tables(arguments.folder, outcomes))


def models_of(folder: Path) -> list[Path]:
    """The BPMN files of a folder and all below it, by name."""
    return sorted(one for one in folder.rglob("*") if one.is_file() and kind_of(one.name) == "bpmn")


def try_all(files: Iterable[Path], workplace: Path, topics: bool = False) -> Iterator[Outcome]:
    """One outcome for each file, also for one that takes too much or breaks the engine."""
    apart = Apart(SECONDS, MEGABYTES)
    try:
        for file in files:
            try:
                yield apart.call(try_file, file, workplace, topics)
            except TooMuch:
                yield Outcome(file, refused={"too much time or memory": ""})
            except RuntimeError as crash:
                yield Outcome(file, refused={"crashed: " + str(crash).splitlines()[-1]: str(crash)})
    finally:
        apart.close()


def tables(folder: Path, outcomes: Sequence[Outcome]) -> str:
    """The shares, their parts for each folder in `folder`, and the reasons, as Markdown."""
    counted = [one for one in outcomes if one.not_counted is None]
    deployed = [one for one in counted if not one.refused]
    running = [one for one in deployed if not one.stopped]
    of_folder = [
        Counter(one.file.relative_to(folder).parts[0] for one in some)
        for some in (outcomes, counted, deployed, running)
    ]
    folders = sorted(of_folder[0], key=str.lower)
    return "\n".join(
        [
            f"Of {len(outcomes):,} files {len(counted):,} count:"
            f" {_share(deployed, counted)} deploy, {_share(running, counted)} run.",
            f"For {sum(one.called_elsewhere for one in deployed):,} of those that deploy empty"
            " processes stand for what they call and lies elsewhere; in"
            f" {sum(one.works for one in deployed):,} the driver does the work of topics.",
            "",
            "| folder | files | count | deploy | run |",
            "|---|---|---|---|---|",
            *(f"| {name} | {' | '.join(str(n[name]) for n in of_folder)} |" for name in folders),
            "",
            *_table("does not count", [{one.not_counted} for one in outcomes if one.not_counted]),
            *_table("does not deploy", [one.refused.keys() for one in counted if one.refused]),
            *_table("does not run", [one.stopped.keys() for one in deployed if one.stopped]),
        ]
    )


def _share(some: list[Outcome], of: list[Outcome]) -> str:
    return f"{len(some):,} ({100 * len(some) / max(1, len(of)):.1f} %)"


def _table(title: str, found: Sequence[Iterable[str]]) -> Iterator[str]:
    """The number of files with each reason, and with no other."""
    kinds = [frozenset(one) for one in found]
    every = Counter(name for one in kinds for name in one)
    alone = Counter(name for one in kinds for name in one if len(one) == 1)
    yield f"| {title} ({len(kinds):,}) | files | by it alone |"
    yield "|---|---|---|"
    for name, count in every.most_common(TOP):
        yield f"| {name.replace('|', '/')} | {count} | {alone[name]} |"
    yield ""


def line_of(outcome: Outcome) -> str:
    """One line about a file: its path, its result, the reason."""
    if outcome.not_counted is not None:
        found = ["does not count", outcome.not_counted]
    elif outcome.refused:
        found = ["does not deploy", *(f"{k} [{v}]" for k, v in outcome.refused.items())]
    elif outcome.stopped:
        found = ["does not run", *outcome.stopped.values()]
    else:
        found = ["runs", *sorted({kind for kind, _ in outcome.runs.values()})]
    return "\t".join([str(outcome.file), *(" ".join(one.split()) for one in found)]) + "\n"


if __name__ == "__main__":
    main()
