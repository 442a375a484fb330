"""One run: set up, load and faults at the same time, everything killed at once, and the proof."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any

from benchmarks.chaos import checker, faults, ledger
from benchmarks.chaos.databases import Postgres, Sqlite, Store
from benchmarks.chaos.evidence import gather
from benchmarks.chaos.ledger import Ledger
from benchmarks.chaos.load import Caller, Cases, Client
from benchmarks.chaos.product import Entrance, Product, furnish

SETTLE_SECONDS = 60.0
SETTLED_SECONDS = 2.0
"""Seconds after the last fault in which later work must catch up until nothing is overdue by more
than this."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The settings of a run. `pause`: shortest and longest seconds between two kills."""

    seconds: float
    seed: int
    clients: int = 6
    cases: int = 24
    web_processes: int = 4
    workers: int = 2
    outside: int = 3
    """Number of external workers."""
    pause: Sequence[float] = (2.0, 5.0)
    freeze_seconds: float = 35.0
    """Seconds, longer than PostgreSQL lets a silent transaction live (30 s)."""
    think_seconds: float = 0.01
    patience_seconds: float = 60.0
    """Seconds for which a client repeats one act before it gives up."""


@dataclass(frozen=True, slots=True)
class Report:
    """`findings`: every broken promise; empty after a good run."""

    findings: Sequence[str]
    figures: Sequence[tuple[str, Any]]


def run(database: str, plan: Plan, folder: Path) -> Report:
    """Run on a database of this kind in this folder."""
    store: Store = Postgres(folder) if database == "postgresql" else Sqlite(folder)
    try:
        return run_on(store, plan, folder)
    finally:
        store.close()


def run_on(
    store: Store, plan: Plan, folder: Path, schedule: faults.Schedule = faults.schedule
) -> Report:
    """Run on an empty database; `schedule` causes faults while clients work."""
    entrance = furnish(store, folder)
    book = Ledger(folder / "ledger.jsonl")
    product = Product(store, folder, web_processes=plan.web_processes, workers=plan.workers)
    breaker = faults.Breaker(product, store, random.Random(plan.seed), plan.freeze_seconds)
    try:
        product.wait_until_ready()
        product.hire(entrance.worker_token, plan.outside)
        begun = time.monotonic()
        _stress(product, entrance, book, plan, lambda: schedule(breaker, plan.seconds, plan.pause))
        seconds = time.monotonic() - begun
        overdue = _settle(store, product)
    finally:
        product.stop()
        book.close()
    left = product.left_behind()
    report = _judge(store, entrance, [book.file, *product.ledgers()], overdue)
    gave_up = ("server gave up and was started again", product.gave_up)
    broken = [*sorted(breaker.done.items()), gave_up, ("seconds of load", round(seconds))]
    outlived = [f"process {pid} outlived the server that started it" for pid in left]
    return Report([*outlived, *report.findings], [*broken, *report.figures])


def _stress(
    product: Product, entrance: Entrance, book: Ledger, plan: Plan, break_things: faults.Act
) -> None:
    """Clients and faults at the same time; then the clients may finish their running acts."""
    stop, cases = Event(), Cases()
    clients = [
        Client(
            Caller(product.port, entrance.token, plan.patience_seconds), cases, book,
            plan.seed * 1000 + number, stop, plan.think_seconds,
        )
        for number in range(plan.clients)
    ]  # fmt: skip
    for number in range(plan.cases):
        clients[number % plan.clients].start_case()
    for client in clients:
        client.start()
    try:
        break_things()
    finally:
        stop.set()
        _let_finish(product, clients, 3 * plan.patience_seconds)


def _let_finish(product: Product, clients: Sequence[Client], seconds: float) -> None:
    """Wait until the clients have their answers; restart a server that gave up."""
    give_up = time.monotonic() + seconds
    while time.monotonic() < give_up and any(client.is_alive() for client in clients):
        product.look_after()
        time.sleep(0.5)


def _settle(store: Store, product: Product) -> float:
    """Wait until later work has caught up and external workers have no tasks left; return the
    seconds by which the oldest timer is overdue."""
    give_up = time.monotonic() + SETTLE_SECONDS
    while time.monotonic() < give_up and (
        (overdue := _overdue(store)) > SETTLED_SECONDS or _outside(store)
    ):
        product.look_after()
        time.sleep(0.5)
    return overdue


def _overdue(store: Store) -> float:
    seconds = (
        "extract(epoch FROM clock_timestamp() - min(due_at))"
        if store.name == "postgresql"
        else "(julianday('now') - julianday(min(due_at))) * 86400"
    )
    [[found]] = store.rows(f"SELECT {seconds} FROM job WHERE status = 'ready' AND kind = 'timer'")
    return float(found or 0)


def _outside(store: Store) -> int:
    return int(store.rows("SELECT count(*) FROM external_task")[0][0])


def _judge(store: Store, entrance: Entrance, books: Sequence[Path], overdue: float) -> Report:
    evidence, acts = gather(store), ledger.read(*books).values()
    findings = checker.findings(evidence, acts, entrance.user_id, entrance.worker_id)
    if left := _outside(store):
        findings.append(f"{left} external tasks were left undone: they are lost")
    if overdue > SETTLED_SECONDS:
        findings.append(f"a timer is overdue by {overdue:.0f} s: later work stands still")
    return Report(findings, checker.figures(evidence, acts))
