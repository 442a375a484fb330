"""One file tried on both engines, in every play and order, and its result.

Runs in a process of its own with limits (`engine.deployment.apart`), so its answer is plain and
can be sent.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any, Final

from benchmarks.camunda.stage import BEGIN
from benchmarks.models.supplies import UNKNOWN, Supplies, supplies_of
from benchmarks.spiff.beside import BOTH_STOP, differences
from benchmarks.spiff.models import files_of, processes_of
from benchmarks.spiff.ours import Ours
from benchmarks.spiff.sides import TASK, Offer, Stopped
from benchmarks.spiff.stock import Stock
from benchmarks.spiff.table import Entry
from engine import Engine
from engine.models.bundle import Bundle, read_bundle

PLACES: Final = ("same", "differs", "refused by us", "not run by stock", "neither runs")


@dataclass
class Outcome:
    """The result of a file. `seen`: the differences in its plays; `refused`: code of a finding ->
    the first one in words; `unread`: why stock does not run it; `plays`: their number."""

    name: str
    seen: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    unread: str = ""
    adapted: bool = False
    plays: int = 0

    @property
    def place(self) -> str:
        """The column in which it is counted."""
        if self.unread:
            return "neither runs" if self.refused else "not run by stock"
        differs = any(BOTH_STOP not in text for text in self.seen)
        return "refused by us" if self.refused else "differs" if differs else "same"


def try_file(root: Path, name: str, entry: Entry, place: Path) -> Outcome:
    """The result of a file. `place`: a folder for databases, the same for all files."""
    outcome = Outcome(name)
    files = files_of(root, name, entry.replace)
    outcome.adapted = bool(entry.replace)
    for play in _plays(name, files, entry):
        with tempfile.TemporaryDirectory(dir=place) as folder:
            if not _played(outcome, files, play, _database(place, Path(folder))):
                return outcome
    return outcome


@dataclass(frozen=True)
class _Play:
    reader: str
    process: str
    told: Mapping[str, Any]
    events_first: bool
    bundle: Bundle
    supplies: Supplies

    def start(self) -> dict[str, object]:
        """The table's start values, else a value for each name that is read and not set inside."""
        given: dict[str, object] | None = self.told.get("start")
        if given is not None:
            return given
        known = self.supplies.start(0, UNKNOWN[0])
        repeated = [
            element.multi_instance
            for model in self.bundle.processes.values()
            for element in model.elements.values()
            if element.multi_instance is not None
        ]
        inside = self.supplies.set_inside | {loop.item for loop in repeated}
        return {name: value for name, value in known.items() if name not in inside}

    def wanted(self, offer: Offer, number: int, times: int) -> dict[str, object]:
        """The table's answers, else values for deciding names; and a mark that no engine may
        lose."""
        told = self.told.get("answers", {}).get(offer.element)
        if isinstance(told, list):
            told = told[min(times, len(told) - 1)]
        mark = {f"said_{number}": number} if offer.kind == TASK else {}
        if told is not None:
            return {**told, **mark}
        return self.supplies.answer(number, UNKNOWN[0]) | mark if mark else {}


def _plays(name: str, files: Mapping[str, bytes], entry: Entry) -> Iterator[_Play]:
    bundle = read_bundle(dict(files))
    supplies, reader = supplies_of(bundle), name.partition("/")[0]
    every = processes_of(next(iter(files.values())))
    for told, events_first in product(entry.plays, (False, True)):
        for key in [told["process"]] if "process" in told else every:
            yield _Play(reader, key, told, events_first, bundle, supplies)


def _played(outcome: Outcome, files: Mapping[str, bytes], play: _Play, url: str) -> bool:
    """Play once; False if one of them does not accept the files."""
    stock = None
    try:
        stock = Stock(files, play.process, play.reader, BEGIN)
    except Stopped as stopped:
        outcome.unread = str(stopped)
    with Ours(files, play.bundle, play.process, url) as ours:
        outcome.refused = {one.code: str(one.what) for one in reversed(ours.refused)}
        if stock is None or outcome.refused:
            return False
        times: dict[Offer, int] = {}

        def answer(offer: Offer, number: int) -> Mapping[str, object]:
            wanted = play.wanted(offer, number, times.get(offer, 0))
            times[offer] = times.get(offer, 0) + 1
            return ours.answer(offer, wanted) if offer.kind == TASK else wanted

        found = differences(stock, ours, play.start(), answer, play.events_first)
    outcome.plays += 1
    outcome.seen += [one for one in found if one not in outcome.seen]
    return True


def _database(place: Path, folder: Path) -> str:
    """A new database with only the engine's tables."""
    empty = place / "empty.db"
    if not empty.exists():
        Engine.open(f"sqlite:///{empty}").close()
    return f"sqlite:///{shutil.copy(empty, folder)}"
