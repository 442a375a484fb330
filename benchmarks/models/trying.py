"""One file tried: deployed into an empty database, and each of its processes driven.

Runs in a process of its own with limits (`engine.deployment.apart`), so its answer is plain and
can be sent.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count, product
from pathlib import Path

from benchmarks.models.companions import tables_beside, with_companions
from benchmarks.models.counted import reason_not_counted
from benchmarks.models.driver import BEGIN, Driver, Event
from benchmarks.models.supplies import CALLED, UNKNOWN, Supplies, supplies_of
from engine import Engine
from engine.execution.border.events.beginning import only_by
from engine.models.bpmn.made_topics import with_topics
from engine.models.bundle import Bundle, kind_of, read_bundle
from engine.ports.handlers import Handler, Step
from engine.sentences.errors import ModelError
from engine.sentences.problems import Problem, errors_of
from engine.time.clock import ManualClock

AWAITED = frozenset({"timer", "message", "signal"})
NOTHING_MADE = "nothing that could be a topic"
GOOD = ("ends", "waits")
ELSEWHERE = "elsewhere.bpmn"
EMPTY_PROCESS = (
    '<process id="{key}" isExecutable="true"><startEvent id="s{n}"/>'
    '<sequenceFlow id="f{n}" sourceRef="s{n}" targetRef="e{n}"/><endEvent id="e{n}"/></process>'
)
DEFINITIONS = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">{}</definitions>'


@dataclass
class Outcome:
    """The result of one file. `not_counted`: why it does not count. `refused`: kind of finding ->
    the first one in full. `runs`: process key -> (kind of end, in full). `called_elsewhere`: it
    calls a process outside its folder, for which an empty process stands; `works`: it has a topic,
    which the driver answers."""

    file: Path
    not_counted: str | None = None
    refused: dict[str, str] = field(default_factory=dict)
    runs: dict[str, tuple[str, str]] = field(default_factory=dict)
    called_elsewhere: bool = False
    works: bool = False

    @property
    def stopped(self) -> dict[str, str]:
        """Kind of stop -> the first one in full."""
        return {kind: told for kind, told in self.runs.values() if kind not in GOOD}


def try_file(file: Path, workplace: Path, topics: bool = False) -> Outcome:
    """The result of a file. `workplace`: a folder for databases, the same for all files. `topics`:
    with the code of other engines in it turned into external tasks."""
    outcome = Outcome(file)
    files = with_companions(file)
    if topics:
        files, given = with_topics_made(files), files
        outcome.not_counted = NOTHING_MADE if files == given else None
    tables = tables_beside(file.parent)
    for name, content in files.items():
        if kind_of(name) == "bpmn" and outcome.not_counted is None:
            outcome.not_counted = reason_not_counted(content, tables)
    if outcome.not_counted is None:
        with tempfile.TemporaryDirectory(dir=workplace) as folder:
            database = Path(shutil.copy(_empty_database(workplace), folder))
            _try(outcome, files, database)
    return outcome


def with_topics_made(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files with every correction that their findings offer."""
    problems = read_bundle(files).problems
    made = {
        name: [one.fix for one in problems if one.fix is not None and one.file == name]
        for name in files
    }
    return {
        name: with_topics(content, name, made[name]) if made[name] else content
        for name, content in files.items()
    }


def _try(outcome: Outcome, files: dict[str, bytes], database: Path) -> None:
    bundle = read_bundle(files)
    missing = _missing_calls(bundle)
    if missing:
        files[ELSEWHERE] = _empty_processes(missing)
    outcome.called_elsewhere = bool(missing)
    supplies = supplies_of(bundle)
    around = Surroundings(database, _handlers(bundle, supplies), supplies)
    outcome.works = bool(around.handlers)
    try:
        with around.engine(ManualClock(BEGIN)) as engine:
            engine.deploy(files, "benchmark")
    except ModelError as error:
        problems = reversed(errors_of(error.problems))
        outcome.refused = {_kind(one): f"{one.line} {one.what}" for one in problems}
        return
    own = [key for key, one in bundle.processes.items() if one.file == outcome.file.name]
    orders = (False, True) if _awaits_events(bundle) else (False,)
    for key, events_first in product(own, orders):
        end = _driven(around, key, _begun_by(bundle, key), events_first)
        if key not in outcome.runs or end[0] not in GOOD:
            outcome.runs[key] = end


@dataclass(frozen=True)
class Surroundings:
    """The surroundings of a file's cases; each case begins with a copy of the database."""

    database: Path
    handlers: Mapping[str, Handler]
    supplies: Supplies

    @contextmanager
    def engine(self, clock: ManualClock) -> Iterator[Engine]:
        """An engine on the database."""
        engine = Engine.open(f"sqlite:///{self.database}", self.handlers, clock)
        try:
            yield engine
        finally:
            engine.close()

    def copied(self) -> Surroundings:
        """The same with its own database."""
        place = self.database.with_name(f"{len(list(self.database.parent.iterdir()))}.db")
        return replace(self, database=Path(shutil.copy(self.database, place)))


def _awaits_events(bundle: Bundle) -> bool:
    """Whether any event could come before people answer."""
    return any(
        one.kind == "receiveTask" or (one.event is not None and one.event.kind in AWAITED)
        for model in bundle.processes.values()
        for one in model.elements.values()
    )


def _begun_by(bundle: Bundle, key: str) -> Event | None:
    """The first start event, if the process can start only by one of its events."""
    elements = bundle.processes[key].elements.values()
    starts = [one for one in elements if one.kind == "startEvent" and one.process == key]
    names = only_by(starts)
    first = starts[0].event if names else None
    return None if first is None else (first.each[0].kind, names[0])


def _driven(
    around: Surroundings, key: str, begun_by: Event | None, events_first: bool
) -> tuple[str, str]:
    """The end of a case with the first suitable values, else with the last ones."""
    for guess in range(len(UNKNOWN)):
        clock = ManualClock(BEGIN)
        with around.copied().engine(clock) as engine:
            end = Driver(engine, clock, around.supplies, events_first, guess).run(key, begun_by)
        if end in GOOD:
            break
    return (end, end) if isinstance(end, str) else (end.template, str(end))


def _kind(problem: Problem) -> str:
    """A kind of finding: the unsupported element by name, any other by its sentence."""
    named = problem.code in ("not-proven", "expression", "script")
    return f"{problem.code}: {problem.what if named else problem.what.template}"[:110]


def _empty_database(workplace: Path) -> Path:
    """A database with only the engine's tables, made for the first file."""
    database = workplace / "empty.db"
    if not database.exists():
        Engine.open(f"sqlite:///{database}").close()
    return database


def _missing_calls(bundle: Bundle) -> set[str]:
    elements = [one for model in bundle.processes.values() for one in model.elements.values()]
    called = {one.called_process for one in elements if one.called_process}
    called |= {CALLED for one in elements if one.called_by is not None}
    return called - bundle.processes.keys()


def _empty_processes(keys: set[str]) -> bytes:
    drawn = (EMPTY_PROCESS.format(key=key, n=n) for n, key in enumerate(sorted(keys)))
    return DEFINITIONS.format("".join(drawn)).encode()


def _handlers(bundle: Bundle, supplies: Supplies) -> dict[str, Handler]:
    """The handlers for the work of each topic; they give new answers each time."""
    names = {
        name
        for model in bundle.processes.values()
        for one in model.elements.values()
        for name in (one.topic, one.on_complete)
        if name
    }

    done = count(1)

    def work(step: Step) -> dict[str, object]:
        return supplies.answer(next(done), UNKNOWN[0])

    return dict.fromkeys(names, work)
