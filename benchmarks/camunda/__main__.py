"""`python -m benchmarks.camunda FOLDER [--only TEXT] [--outside]`: Camunda 7's own engine tests.

FOLDER is `engine/src/test/resources/org/camunda/bpm/engine/test/bpmn` of a copy of the repository
`camunda/camunda-bpm-platform` of GitHub. Prints for each folder: cases, right as they are, right
with parts replaced (adapted), different on purpose, wrong; then the wrong and the different ones.
With `--outside`, only the cases whose Java code is replaced: a worker that fetches external tasks
does its work, in place of handlers in the step.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.camunda import adapting, table
from benchmarks.camunda.playing import Play, Wrong
from benchmarks.camunda.stage import Stage
from benchmarks.camunda.table import Case, Folder
from engine import Engine

HEAD = (
    "| folder | cases | right | adapted | different on purpose | wrong | models not named |\n"
    "|---|---|---|---|---|---|---|\n"
)


@dataclass(frozen=True, slots=True)
class Result:
    """The result of a case; `wrong` is empty if it is right."""

    folder: str
    case: Case
    wrong: str

    @property
    def kind(self) -> str:
        """The column in which the case is counted."""
        if self.wrong:
            return "wrong"
        return "differs" if self.case.differs else "adapted" if self.case.edits else "right"


def main() -> None:
    """Play all cases and print the results."""
    parser = argparse.ArgumentParser(description="Camunda 7's own engine tests.")
    parser.add_argument("folder", type=Path, help="the folder `bpmn` of its test resources")
    parser.add_argument("--only", default="", help="cases whose folder and name hold this text")
    parser.add_argument("--outside", action="store_true", help="workers in place of Java code")
    arguments = parser.parse_args()
    if not arguments.folder.is_dir():
        sys.exit(f"There are no models in {arguments.folder}.")
    folders = list(table.read(arguments.folder))
    with tempfile.TemporaryDirectory(prefix="camunda") as place:
        results = list(play_all(folders, Path(place), arguments.only, arguments.outside))
    sys.stdout.write(printed(folders, results, arguments.folder))
    sys.exit(any(result.wrong for result in results))


def play_all(
    folders: Iterable[Folder], place: Path, only: str = "", outside: bool = False
) -> Iterator[Result]:
    """The results of all cases, each on its own database."""
    empty = place / "empty.db"
    Engine.open(f"sqlite:///{empty}").close()
    for folder in folders:
        for case in folder.cases:
            if only in f"{folder.name}/{case.name}" and (not outside or case.edits.get("does")):
                database = shutil.copy(empty, place / "now.db")
                yield Result(folder.name, case, play(case, f"sqlite:///{database}", outside))


def play(case: Case, url: str, outside: bool = False) -> str:
    """The error of a case; empty if it is right."""
    stage = Stage(url, adapting.answers_of(case), outside)
    try:
        Play(stage).run(adapting.files_of(case), case.outside if outside else case.play)
    except Wrong as wrong:
        return str(wrong)
    except Exception as error:  # a crash of the engine is a finding, not the end of the run
        return f"crashed: {type(error).__name__}: {error}"
    finally:
        stage.engine.close()
    return ""


def printed(folders: list[Folder], results: list[Result], root: Path) -> str:
    """Markdown: a line for each folder, the sum, the wrong cases, the differences with their
    reasons."""
    lines = [HEAD]
    for folder in folders:
        mine = [result for result in results if result.folder == folder.name]
        lines.append(_line(folder.name, mine, len(folder.unnamed(root))))
    lines.append(_line("all", results, sum(len(folder.unnamed(root)) for folder in folders)))
    if missing := table.without_table(root, folders):
        lines.append(f"\nFolders without a table: {', '.join(missing)}\n")
    for kind in ("wrong", "differs"):
        of_kind = [result for result in results if result.kind == kind]
        lines += [f"\n{kind}:\n"] * bool(of_kind)
        lines += [
            f"- {one.folder}/{one.case.name}: {one.wrong or one.case.differs}\n" for one in of_kind
        ]
    return "".join(lines)


def _line(name: str, results: list[Result], unnamed: int) -> str:
    kinds = ("right", "adapted", "differs", "wrong")
    counts = [sum(result.kind == kind for result in results) for kind in kinds]
    return f"| {name} | {len(results)} | {' | '.join(map(str, counts))} | {unnamed} |\n"


if __name__ == "__main__":
    main()
