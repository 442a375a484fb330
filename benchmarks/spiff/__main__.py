"""`python -m benchmarks.spiff FOLDER [--only TEXT] [--list]`: compare with stock SpiffWorkflow.

FOLDER is `tests/SpiffWorkflow` of a copy of the repository `sartography/SpiffWorkflow` of GitHub.
Every BPMN file of its tests runs on both engines with the same acts; each ends in one column. Then
the differences are printed, with who is right and why; and differences that no table explains, or
entries of a table that are not true.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.spiff import table
from benchmarks.spiff.beside import BOTH_STOP
from benchmarks.spiff.models import names_of
from benchmarks.spiff.table import Table
from benchmarks.spiff.trying import PLACES, Outcome, try_file
from engine.deployment.apart import Apart, TooMuch

SECONDS = 20
MEGABYTES = 1024
TOO_MUCH = "takes too much time or memory"


def main() -> None:
    """Try all files and print the results."""
    parser = argparse.ArgumentParser(description="SpiffWorkflow's own test models, on both.")
    parser.add_argument("folder", type=Path, help="the folder `tests/SpiffWorkflow`")
    parser.add_argument("--only", default="", help="files whose path holds this text")
    parser.add_argument("--list", action="store_true", help="one line for each file as well")
    arguments = parser.parse_args()
    names = [name for name in names_of(arguments.folder) if arguments.only in name]
    if not names:
        sys.exit(f"There are no models in {arguments.folder}.")
    told = table.read()
    with tempfile.TemporaryDirectory(prefix="spiff") as place:
        outcomes = list(try_all(arguments.folder, names, told, Path(place)))
    if arguments.list:
        sys.stdout.writelines(f"{one.place}\t{one.name}\n" for one in outcomes)
    wrong = [f"- {one.name}: {what}\n" for one in outcomes for what in unexplained(one, told)]
    wrong += [f"- {name}: no such file\n" for name in absent(told, names, arguments.only)]
    sys.stdout.write(printed(outcomes, told) + "\nNot explained:\n\n" * bool(wrong))
    sys.stdout.writelines(wrong)
    sys.exit(bool(wrong))


def try_all(root: Path, names: Sequence[str], told: Table, place: Path) -> Iterator[Outcome]:
    """One outcome for each file, also for one that takes too much."""
    apart = Apart(SECONDS, MEGABYTES)
    try:
        for name in names:
            try:
                yield apart.call(try_file, root, name, told.of(name), place)
            except TooMuch:
                yield Outcome(name, unread=TOO_MUCH)
    finally:
        apart.close()


def unexplained(outcome: Outcome, told: Table) -> Iterator[str]:
    """Differences of a file that the table lacks, and entries of the table that were not
    observed."""
    entry = told.of(outcome.name)
    if set(outcome.refused) != set(entry.refused):
        yield f"refused {outcome.refused}, not {list(entry.refused)}"
    if bool(entry.unread) != bool(outcome.unread) or entry.unread not in outcome.unread:
        yield f"stock says {outcome.unread!r}, not {entry.unread!r}"
    stops = [text for text in outcome.seen if BOTH_STOP in text]
    if bool(stops) != entry.stops:
        yield from stops or ["does not stop"]
    texts = [text for text in outcome.seen if BOTH_STOP not in text]
    expected = {part: name for name, parts in entry.differs.items() for part in parts}
    yield from (text for text in texts if not any(part in text for part in expected))
    for part, name in expected.items():
        if not any(part in text for text in texts):
            yield f"{name} is not seen: {part}"
    for name in entry.differs.keys() - told.differences:
        yield f"no difference is called {name}"


def absent(told: Table, names: Sequence[str], only: str) -> list[str]:
    """Files that exist only in the table."""
    return sorted(name for name in told.entries if only in name and name not in names)


def printed(outcomes: Sequence[Outcome], told: Table) -> str:
    """Markdown: files by folder and column; differences and the number of files with each; why the
    others do not run."""
    folders = sorted({one.name.partition("/")[0] for one in outcomes})
    lines = [f"| folder | files | {' | '.join(PLACES)} |", f"|{'---|' * (len(PLACES) + 2)}"]
    for folder in [*folders, ""]:
        mine = [one for one in outcomes if one.name.startswith(folder)]
        counts = [sum(one.place == place for one in mine) for place in PLACES]
        lines.append(f"| {folder or 'all'} | {len(mine)} | {' | '.join(map(str, counts))} |")
    plays, adapted = sum(one.plays for one in outcomes), sum(one.adapted for one in outcomes)
    lines += ["", f"{plays} plays; the text of {adapted} files is changed by the table.", ""]
    lines += ["| difference | right | files |", "|---|---|---|"]
    for name, one in told.differences.items():
        files = [each.name for each in outcomes if name in told.of(each.name).differs]
        if files:
            lines.append(f"| {one.why} | {one.right} | {len(files)} |")
    for outcome in outcomes:
        reasons = [f"we: {what}" for what in outcome.refused.values()]
        reasons += [f"stock: {told.of(outcome.name).unread}"] * bool(outcome.unread)
        lines += [f"- {outcome.name}: {' '.join(reasons)}"] * bool(reasons)
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
