"""One file tried: deployed into an empty database, and each of its processes driven.

Runs in a process of its own with limits (`engine.apart`), so its answer is plain and can be sent.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count, product
from pathlib import Path

from benchmarks.models.companions import tables_beside, with_companions
from benchmarks.models.counted import reason_not_counted
from benchmarks.models.driver import BEGIN, Driver
from benchmarks.models.supplies import CALLED, UNKNOWN, Supplies, supplies_of
from engine import Engine
from engine.clock import ManualClock
from engine.errors import ModelError
from engine.handlers import Handler, Step
from engine.models.bundle import Bundle, kind_of, read_bundle
from engine.models.problems import Problem, errors_of
from engine.words import Sentence

GOOD = ("ends", "waits")
ELSEWHERE = "elsewhere.bpmn"
EMPTY_PROCESS = (
    '<process id="{key}" isExecutable="true"><startEvent id="s{n}"/>'
    '<sequenceFlow id="f{n}" sourceRef="s{n}" targetRef="e{n}"/><endEvent id="e{n}"/></process>'
)
DEFINITIONS = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">{}</definitions>'


@dataclass
class Outcome:
    """What became of one file. `not_counted`: why it does not count. `refused`: kind of finding ->
    the first one in full. `runs`: process key -> (kind of end, in full). `called_elsewhere`: it
    calls what lies not beside it, for which an empty process stands; `works`: it has a topic, which
    the driver answers."""

    file: Path
    not_counted: str | None = None
    refused: dict[str, str] = field(default_factory=dict)
    runs: dict[str, tuple[str, str]] = field(default_factory=dict)
    called_elsewhere: bool = False
    works: bool = False

    @property
    def stopped(self) -> dict[str, str]:
        """Kind of what stopped a case -> the first one in full."""
        return {kind: told for kind, told in self.runs.values() if kind not in GOOD}


def try_file(file: Path) -> Outcome:
    """What becomes of a file."""
    outcome = Outcome(file)
    files = with_companions(file)
    tables = tables_beside(file.parent)
    for name, content in files.items():
        if kind_of(name) == "bpmn" and outcome.not_counted is None:
            outcome.not_counted = reason_not_counted(name, content, tables)
    if outcome.not_counted is None:
        with tempfile.TemporaryDirectory(prefix="tm") as folder:
            _try(outcome, files, Path(folder))
    return outcome


def _try(outcome: Outcome, files: dict[str, bytes], folder: Path) -> None:
    bundle = read_bundle(files)
    missing = _missing_calls(bundle)
    if missing:
        files[ELSEWHERE] = _empty_processes(missing)
    outcome.called_elsewhere = bool(missing)
    own = [key for key, one in bundle.processes.items() if one.file == outcome.file.name]
    supplies = supplies_of(bundle)
    handlers = _handlers(bundle, supplies)
    outcome.works = bool(handlers)
    if not own:
        outcome.refused = _refused(bundle.problems)
    for key, events_first in product(own, (False, True)):
        for first in range(len(UNKNOWN)):
            clock = ManualClock(BEGIN)
            engine = Engine.open(f"sqlite:///{_empty_database(folder)}", handlers, clock)
            try:
                engine.deploy(files, "benchmark")
                end = _told(Driver(engine, clock, supplies, events_first, first).run(key))
            except ModelError as error:
                outcome.refused = _refused(error.problems)
                return
            finally:
                engine.close()
            if end[0] in GOOD:
                break
        if key not in outcome.runs or end[0] not in GOOD:
            outcome.runs[key] = end


def _refused(problems: Iterable[Problem]) -> dict[str, str]:
    return {_kind(one): f"{one.line} {one.what}" for one in reversed(errors_of(problems))}


def _told(end: Sentence | str) -> tuple[str, str]:
    return (end, end) if isinstance(end, str) else (end.template, str(end))


def _kind(problem: Problem) -> str:
    """A kind of finding: what the engine does not run by name, all else by its sentence."""
    named = problem.code in ("not-proven", "expression", "script")
    return f"{problem.code}: {problem.what if named else problem.what.template}"[:110]


def _empty_database(folder: Path) -> Path:
    """A new database, copied from one that this process has made before."""
    global _made
    if _made is None:
        _made = Path(tempfile.mkdtemp(prefix="tm")) / "empty.db"
        Engine.open(f"sqlite:///{_made}").close()
    return Path(shutil.copy(_made, folder / f"{len(list(folder.iterdir()))}.db"))


_made: Path | None = None


def _missing_calls(bundle: Bundle) -> set[str]:
    elements = [one for model in bundle.processes.values() for one in model.elements.values()]
    called = {one.called_process for one in elements if one.called_process}
    called |= {CALLED for one in elements if one.called_by is not None}
    return called - bundle.processes.keys()


def _empty_processes(keys: set[str]) -> bytes:
    drawn = (EMPTY_PROCESS.format(key=key, n=n) for n, key in enumerate(sorted(keys)))
    return DEFINITIONS.format("".join(drawn)).encode()


def _handlers(bundle: Bundle, supplies: Supplies) -> dict[str, Handler]:
    """What does the work of each topic: it gives new answers each time."""
    names = {
        name
        for model in bundle.processes.values()
        for one in model.elements.values()
        for name in (one.topic, one.on_complete)
        if name
    }

    done = count(1)

    def work(step: Step) -> dict[str, object]:
        return supplies.answer(next(done))

    return dict.fromkeys(names, work)
