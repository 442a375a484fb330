"""`python -m benchmarks.models FOLDER [--list]`: what becomes of every BPMN file in a folder.

Each file is deployed into an empty database, alone but for the decision tables, forms and called
processes of its own folder that it names. Every process that deploys is started with empty data. No
handlers are given, so service tasks wait for workers outside. Each act has two seconds of processor
time, so that a busy machine changes nothing.
"""

from __future__ import annotations

import argparse
import re
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from engine import Engine
from engine.errors import ModelError, TindakError
from engine.models.bundle import KINDS, kind_of, read_bundle
from engine.models.problems import Problem, errors_of

LIMIT_SECONDS = 2.0
TOP = 25
PROCESS = re.compile(rb"<(?:\w+:)?process\s[^>]*?\bid=[\"']([^\"']+)")
CALLED = re.compile(rb"\bcalledElement=[\"']([^\"']+)")
Result = TypeVar("Result")


class TooSlow(BaseException):
    """The limit is over; not an Exception, so that nothing on the way takes it for its own."""


@dataclass
class Outcome:
    """What became of one file. `deploying`: deploys, refused, crashed or too slow; `starts`: one
    word for each process that was started."""

    file: Path
    deploying: str = ""
    seconds: float = 0.0
    errors: list[Problem] = field(default_factory=list)
    mute: list[Problem] = field(default_factory=list)
    starts: dict[str, str] = field(default_factory=dict)


def main() -> None:
    """Try all files and print."""
    parser = argparse.ArgumentParser(description="Deploy and start every BPMN file of a folder.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--list", action="store_true", help="one line for each file as well")
    arguments = parser.parse_args()
    signal.signal(signal.SIGPROF, _over)
    with tempfile.TemporaryDirectory(prefix="tm") as folder:
        outcomes = list(try_all(arguments.folder, Path(folder)))
    if arguments.list:
        sys.stdout.writelines(_line(outcome) for outcome in outcomes)
    sys.stdout.write(tables(outcomes))


def try_all(folder: Path, workplace: Path) -> Iterator[Outcome]:
    """One outcome for each BPMN file, in the order of their names."""
    empty = workplace / "empty.db"
    Engine.open(f"sqlite:///{empty}").close()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        if kind_of(file.name) == "bpmn":
            database = shutil.copy(empty, workplace / "now.db")
            engine = Engine.open(f"sqlite:///{database}")
            yield try_file(engine, file)
            engine.close()


def try_file(engine: Engine, file: Path) -> Outcome:
    """Deploy a file and start what is in it."""
    outcome, files = Outcome(file), with_companions(file)
    began = time.process_time()
    problems, crash = within_limit(lambda: engine.check(files))
    outcome.seconds = time.process_time() - began
    outcome.mute = [problem for problem in problems or () if not _speaks(problem)]
    outcome.errors = errors_of(problems or ())
    outcome.deploying = crash or ("refused" if outcome.errors else "deploys")
    if outcome.deploying == "deploys":
        versions, crash = within_limit(lambda: engine.deploy(files, "benchmark"))
        outcome.deploying = crash or "deploys"
        for version in versions or ():
            outcome.starts[version.key] = start(engine, version.key)
    return outcome


def with_companions(file: Path) -> dict[str, bytes]:
    """The file, and the tables, forms and called processes of its folder that it names."""
    content = file.read_bytes()
    files = {file.name: content, **_called_beside(file.parent, content)}
    for other in sorted(file.parent.iterdir()):
        if kind_of(other.name) in KINDS.keys() - {"bpmn"}:
            bundle = read_bundle({other.name: (companion := other.read_bytes())})
            if any(name.encode() in content for name in (*bundle.decisions, *bundle.forms)):
                files[other.name] = companion
    return files


def _called_beside(folder: Path, content: bytes) -> dict[str, bytes]:
    """The files of called processes, and of those they call, unless the file has them itself."""
    found: dict[str, bytes] = {}
    here, pending = set(PROCESS.findall(content)), CALLED.findall(content)
    while pending:
        key = pending.pop()
        name = _processes_of(folder).get(key)
        if name is None or key in here:
            continue
        found[name] = (folder / name).read_bytes()
        here |= set(PROCESS.findall(found[name]))
        pending += CALLED.findall(found[name])
    return found


@lru_cache(maxsize=1)
def _processes_of(folder: Path) -> dict[bytes, str]:
    """Process id -> name of the first file of a folder that holds it."""
    found: dict[bytes, str] = {}
    for file in sorted(path for path in folder.iterdir() if kind_of(path.name) == "bpmn"):
        for key in PROCESS.findall(file.read_bytes()):
            found.setdefault(key, file.name)
    return found


def start(engine: Engine, key: str) -> str:
    """What becomes of an instance that starts with empty data."""

    def act() -> str:
        try:
            instance = engine.start(key)
        except ModelError:
            return "stopped, in words"
        return "ended" if engine.instance(instance).ended_at else "waits"

    result, crash = within_limit(act)
    return crash or result or ""


def within_limit(act: Callable[[], Result]) -> tuple[Result | None, str]:
    """The result, or what went wrong: the one place where any exception is expected."""
    signal.setitimer(signal.ITIMER_PROF, LIMIT_SECONDS)
    try:
        return act(), ""
    except TooSlow:
        return None, "too slow"
    except TindakError as error:
        return None, f"refused late: {error}"
    except Exception as error:
        return None, f"crashed: {type(error).__name__}: {error}"
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _over(*_: object) -> None:
    raise TooSlow


def _speaks(problem: Problem) -> bool:
    """Whether a finding says what is wrong, where, and what to do."""
    placed = problem.line > 0 or problem.element_id or problem.code in ("empty", "file")
    return bool(placed) and bool(str(problem.what).strip() and str(problem.advice).strip())


def _line(outcome: Outcome) -> str:
    first = outcome.errors[0] if outcome.errors else None
    told = f"{first.line} {first.code}: {first.what}" if first else str(outcome.starts)
    return f"{outcome.deploying}\t{outcome.seconds:.3f}\t{outcome.file}\t{told}\n"


def tables(outcomes: list[Outcome]) -> str:
    """The figures as Markdown."""
    slowest = max(outcomes, key=lambda outcome: outcome.seconds, default=Outcome(Path()))
    starts = Counter(how for outcome in outcomes for how in outcome.starts.values())
    blocked = Counter(name for one in outcomes for name in set(map(_reason, one.errors)))
    alone = Counter(
        next(iter(reasons))
        for one in outcomes
        if len(reasons := set(map(_reason, one.errors))) == 1
    )
    files = Counter(outcome.deploying for outcome in outcomes)
    stopping = {name: f"{count} | {alone[name]}" for name, count in blocked.most_common(TOP)}
    return "\n".join(
        [
            *_table("a file", ("files", "%"), _shares(files)),
            *_table("a process started with empty data", ("processes", "%"), _shares(starts)),
            *_table("reason to refuse", ("files", "by it alone"), stopping),
            f"Slowest check: {slowest.seconds:.2f} s of processor time ({slowest.file.name}).",
            f"Findings without place or advice: {sum(len(one.mute) for one in outcomes)}.\n",
        ]
    )


def _reason(problem: Problem) -> str:
    subject = problem.what.facts.get("name" if problem.code == "not-proven" else "", "")
    return f"{problem.code} {subject}: {problem.what.template}".replace("|", "/")[:110]


def _shares(counts: Counter[str]) -> dict[str, str]:
    total = counts.total()
    return {name: f"{count} | {100 * count / total:.1f}" for name, count in counts.most_common()}


def _table(title: str, columns: Iterable[str], rows: Mapping[str, str]) -> Iterator[str]:
    yield f"| {title} | {' | '.join(columns)} |"
    yield "|---|---|---|"
    yield from (f"| {name} | {row} |" for name, row in rows.items())
    yield ""


if __name__ == "__main__":
    main()
