"""The way to take a figure: several runs in turn, CPU and wall time of each, and their medians."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Run:
    """One run of `count` acts: seconds of wall time and of this process's CPU."""

    count: int
    wall_seconds: float
    cpu_seconds: float


@dataclass(frozen=True, slots=True)
class Figure:
    """One value of each run: acts a second, and milliseconds of CPU an act."""

    name: str
    rates: tuple[float, ...]
    cpus: tuple[float, ...]

    @property
    def per_second(self) -> float:
        """The median."""
        return statistics.median(self.rates)

    @property
    def cpu_ms(self) -> float:
        """The median."""
        return statistics.median(self.cpus)


@dataclass(slots=True)
class Subject:
    """A measured thing: `act` does one act. `prepare` is the load generator's own work before each
    `every` acts; it is not counted."""

    name: str
    act: Callable[[], None]
    close: Callable[[], None]
    prepare: Callable[[], None] = lambda: None
    every: int = 50


def run(subject: Subject, count: int) -> Run:
    """One run, without the garbage collector, so that it does not burden one subject by chance."""
    gc.collect()
    gc.disable()
    wall = cpu = 0.0
    for start in range(0, count, subject.every):
        subject.prepare()
        began, began_cpu = time.perf_counter(), time.process_time()
        for _ in range(min(subject.every, count - start)):
            subject.act()
        wall += time.perf_counter() - began
        cpu += time.process_time() - began_cpu
    gc.enable()
    return Run(count, wall, cpu)


def compare(subjects: list[Subject], *, runs: int, count: int) -> list[Figure]:
    """The subjects in turn, A B C A B C ..., after one warm-up each."""
    taken: dict[str, list[Run]] = {subject.name: [] for subject in subjects}
    for subject in subjects:
        run(subject, count // 4 + 1)
    for _ in range(runs):
        for subject in subjects:
            taken[subject.name].append(run(subject, count))
    return [figure(name, measured) for name, measured in taken.items()]


def figure(name: str, measured: list[Run]) -> Figure:
    """The values of the runs."""
    return Figure(
        name,
        tuple(one.count / one.wall_seconds for one in measured),
        tuple(1000 * one.cpu_seconds / one.count for one in measured),
    )


def percentile(values: list[float], share: float) -> float:
    """The value that a `share` of the values (0.95: 95 %) does not exceed."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]
