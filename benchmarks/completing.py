"""Completing a human task: rates, CPU and statements beside stock SpiffWorkflow and a bare step."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from benchmarks import bare, floor, ours
from benchmarks.counting import counting
from benchmarks.databases import Databases
from benchmarks.measure import Figure, Subject, compare, run
from benchmarks.report import Line

SECTION = "completing a human task"


def measured(databases: Databases, runs: int, scale: float) -> list[Line]:
    """The section for both databases."""
    count = max(50, int(400 * scale))
    return [*_sqlite(databases, runs, count), *_postgresql(databases, runs, count)]


def _sqlite(databases: Databases, runs: int, count: int) -> list[Line]:
    issued = _statements(lambda: ours.completing("", databases.sqlite_url()))
    mine, stock, step, memory = _compare(
        [
            ours.completing("Tindak", databases.sqlite_url()),
            floor.completing("stock", databases.sqlite()),
            bare.on_sqlite("bare", databases.sqlite()),
            ours.in_memory("border"),
        ],
        runs,
        count,
    )
    stored = "stock SpiffWorkflow, JSON in one SQLite row"
    return [
        _line("SQLite, per second", mine.rates, "/s", stored, stock.per_second, ">= 3x"),
        _line("SQLite, per second", mine.rates, "/s", "bare step", step.per_second, ">= 0.35x"),
        _line("SQLite, CPU", mine.cpus, "ms", "bare step", step.cpu_ms, "<= 1.1 ms"),
        _line(
            "of it SpiffWorkflow, codec, compaction", memory.cpus, "ms", "all", mine.cpu_ms,
            "<= 0.5 ms",
        ),
        _line("SQLite, statements", [issued], "", "", None, "<= 10"),
    ]  # fmt: skip


def _postgresql(databases: Databases, runs: int, count: int) -> list[Line]:
    issued = _statements(lambda: ours.completing("", databases.postgresql_url()))
    mine, step = _compare(
        [
            ours.completing("Tindak", databases.postgresql_url()),
            bare.on_postgresql("bare", databases.postgresql_url("")),
        ],
        runs,
        count,
    )
    return [
        _line(
            "PostgreSQL, per second", mine.rates, "/s", "bare step", step.per_second,
            ">= 0.6x",
        ),
        _line("PostgreSQL, CPU", mine.cpus, "ms", "bare step", step.cpu_ms, "<= 2 ms"),
        _line("PostgreSQL, statements", [issued], "", "", None, "<= 10"),
    ]  # fmt: skip


def _compare(subjects: list[Subject], runs: int, count: int) -> list[Figure]:
    figures = compare(subjects, runs=runs, count=count)
    for subject in subjects:
        subject.close()
    return figures


def _line(
    what: str, values: Sequence[float], unit: str, reference: str, beside: float | None, goal: str
) -> Line:
    return Line.of(
        SECTION, what, values, unit, reference=f"({reference})", beside=beside, goal=goal
    )


def _statements(make: Callable[[], Subject]) -> float:
    """SQL statements in each act, without BEGIN: counted separately, because counting costs
    time."""
    with counting() as issued:
        subject = make()
        run(subject, subject.every)
        before = issued()
        subject.prepare()
        looked = issued() - before
        before = issued()
        run(subject, subject.every)
        counted = (issued() - before - looked) / subject.every
        subject.close()
    return counted
