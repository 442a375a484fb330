"""One run: set up, load and faults at the same time, an end in good order, and the proof."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from benchmarks.chaos import agreement, course, faults, ledger, promises
from benchmarks.chaos.databases import Postgres, Sqlite, Store
from benchmarks.chaos.evidence import Evidence, gather
from benchmarks.chaos.ledger import Ledger
from benchmarks.chaos.load import PATIENCE_SECONDS, Caller, Cases, Client
from benchmarks.chaos.product import Entrance, Product, furnish

SETTLE_SECONDS = 60.0
SETTLED_SECONDS = 2.0
"""After the last fault later work must catch up until nothing is overdue by more than this."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is made of. `pause`: shortest and longest seconds between two kills."""

    seconds: float
    seed: int
    clients: int = 6
    cases: int = 24
    web_processes: int = 4
    workers: int = 2
    pause: Sequence[float] = (2.0, 5.0)
    freeze_seconds: float = 35.0
    """Longer than PostgreSQL lets a silent transaction live (30 s)."""
    think_seconds: float = 0.01


@dataclass(frozen=True, slots=True)
class Report:
    """`findings`: everything that is not as promised; empty after a good run."""

    findings: Sequence[str]
    figures: Sequence[tuple[str, object]]


def run(database: str, plan: Plan, folder: Path) -> Report:
    """Run on a database of this kind in this folder."""
    store: Store = Postgres(folder) if database == "postgresql" else Sqlite(folder)
    try:
        return _on(store, plan, folder)
    finally:
        store.close()


def _on(store: Store, plan: Plan, folder: Path) -> Report:
    entrance = furnish(store, folder)
    book = Ledger(folder / "ledger.jsonl")
    product = Product(store, folder, web_processes=plan.web_processes, workers=plan.workers)
    breaker = faults.Breaker(product, store, random.Random(plan.seed), plan.freeze_seconds)
    try:
        product.wait_until_ready()
        begun = time.monotonic()
        _stress(product, entrance, book, breaker, plan)
        seconds = time.monotonic() - begun
        overdue = _settle(store, product)
    finally:
        product.stop()
        book.close()
    figures = [*_broken(breaker), ("seconds of load", round(seconds))]
    return _judge(store, entrance, book, figures, overdue)


def _stress(
    product: Product, entrance: Entrance, book: Ledger, breaker: faults.Breaker, plan: Plan
) -> None:
    """Clients and faults at once; the clients are let finish what they are at."""
    stop, cases = Event(), Cases()
    clients = [
        Client(Caller(product.port, entrance.token), cases, book, plan.seed * 1000 + number, stop,
               plan.think_seconds)
        for number in range(plan.clients)
    ]  # fmt: skip
    for number in range(plan.cases):
        clients[number % plan.clients].start_case()
    for client in clients:
        client.start()
    try:
        faults.schedule(breaker, plan.seconds, plan.pause)
    finally:
        stop.set()
        for client in clients:
            client.join(2 * PATIENCE_SECONDS)


def _settle(store: Store, product: Product) -> float:
    """Wait until later work has caught up; returns by how many seconds the oldest is overdue."""
    give_up = time.monotonic() + SETTLE_SECONDS
    while (overdue := _overdue(store)) > SETTLED_SECONDS and time.monotonic() < give_up:
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


def _judge(
    store: Store,
    entrance: Entrance,
    book: Ledger,
    figures: list[tuple[str, object]],
    overdue: float,
) -> Report:
    evidence, acts = gather(store), ledger.read(book.file).values()
    findings = [
        *promises.broken(evidence, acts, entrance.user_id),
        *(finding for case in evidence.cases for finding in course.wrong(case)),
        *agreement.disagreements(evidence.cases),
        *(f"{count} {name}" for name, count in evidence.strays.items() if count),
    ]
    if overdue > SETTLED_SECONDS:
        findings.append(f"a timer is overdue by {overdue:.0f} s: later work stands still")
    for kind in promises.EXPECTED:
        of_kind = [act for act in acts if act.kind == kind]
        figures += [
            (f"{kind}: acknowledged", sum(act.acknowledged for act in of_kind)),
            (f"{kind}: somebody was faster", sum(act.refused for act in of_kind)),
            (f"{kind}: repeated under its request id", sum(act.tries > 1 for act in of_kind)),
            (f"{kind}: never answered", sum(act.status == ledger.UNANSWERED for act in of_kind)),
        ]
    return Report(findings, [*figures, *_found(evidence)])


def _broken(breaker: faults.Breaker) -> list[tuple[str, object]]:
    gave_up = ("server gave up and was started again", breaker.product.gave_up)
    return [*sorted(breaker.done.items()), gave_up]


def _found(evidence: Evidence) -> list[tuple[str, object]]:
    kinds = Counter(event.kind for event in evidence.events())
    late = sorted(
        event.details["late_seconds"] for event in evidence.events() if event.kind == "timer"
    )
    return [
        ("cases", len(evidence.cases)),
        ("cases ended", sum(case.status == "completed" for case in evidence.cases)),
        ("events in unbroken chains", sum(kinds.values())),
        ("timers fired", kinds["timer"]),
        ("timers late: median, longest seconds", f"{late[len(late) // 2]}, {late[-1]}"
         if late else "none"),
    ]  # fmt: skip
