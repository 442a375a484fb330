"""The faults and their times: a process is killed every few seconds, the database is killed twice,
a process is frozen in the middle of a transaction and continued after it has been cut off, and
external workers are frozen for longer than their leases.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from benchmarks.chaos.databases import Postgres, Store
from benchmarks.chaos.outside import LEASE_SECONDS
from benchmarks.chaos.product import OUTSIDE, WEB, WORKER, Product

Act = Callable[[], None]

HELD_SECONDS = 0.3
"""Seconds after which an idle transaction belongs to the frozen process."""
FREEZE_TRIES = 20


@dataclass
class Breaker:
    """Causes faults. `done` counts them, by name; `frozen`: the time at which each process
    continues."""

    product: Product
    store: Store
    chance: random.Random
    freeze_seconds: float
    done: Counter[str] = field(default_factory=Counter)
    frozen: dict[int, float] = field(default_factory=dict)

    def kill(self, kind: str) -> None:
        """Send SIGKILL to a random process of this kind."""
        running = self._awake(kind)
        if running:
            _signal(self.chance.choice(running), signal.SIGKILL)
            self.done[f"{kind} killed"] += 1

    def lose_host(self) -> None:
        """Send SIGKILL to the server and all processes that it started."""
        self.product.kill_server()
        self.done["server killed with all it started"] += 1

    def restart_database(self) -> None:
        """Restart the database: first as in a power cut, the next time by cutting all
        connections."""
        assert isinstance(self.store, Postgres)
        self.store.restart(crash=not self.done["database restarted"])
        self.done["database restarted"] += 1

    def freeze(self, kind: str) -> None:
        """Send SIGSTOP to one process, if possible in the middle of a transaction."""
        running = self._awake(kind)
        if running:
            pid = self.chance.choice(running)
            caught = self._stop_in_transaction(pid)
            self.frozen[pid] = time.monotonic() + self.freeze_seconds
            self.done[f"{kind} frozen{' in a transaction' if caught else ''}"] += 1

    def freeze_outside(self) -> None:
        """Send SIGSTOP to an external worker, which continues after its leases have ended."""
        running = self._awake(OUTSIDE)
        if running:
            pid = self.chance.choice(running)
            _signal(pid, signal.SIGSTOP)
            self.frozen[pid] = time.monotonic() + LEASE_SECONDS * 1.5
            self.done[f"{OUTSIDE} frozen past its lease"] += 1

    def _awake(self, kind: str) -> list[int]:
        return [pid for pid in self.product.members(kind) if pid not in self.frozen]

    def _stop_in_transaction(self, pid: int) -> bool:
        for _ in range(FREEZE_TRIES):
            _signal(pid, signal.SIGSTOP)
            if not isinstance(self.store, Postgres):
                return False
            time.sleep(HELD_SECONDS * 1.2)
            if self.store.idle_in_transaction(HELD_SECONDS):
                return True
            _signal(pid, signal.SIGCONT)
            time.sleep(self.chance.uniform(0.01, 0.1))
        _signal(pid, signal.SIGSTOP)
        return False

    def thaw(self, *, all: bool = False) -> None:
        """Send SIGCONT to the processes whose time has come, or to all."""
        now = time.monotonic()
        for pid in [pid for pid, until in self.frozen.items() if all or until <= now]:
            _signal(pid, signal.SIGCONT)
            del self.frozen[pid]


Schedule = Callable[[Breaker, float, Sequence[float]], None]
"""Causes faults for so many seconds, with such a pause between two of them."""


def schedule(breaker: Breaker, seconds: float, pause: Sequence[float]) -> None:
    """Cause faults for so long, and until all planned ones have happened; `pause`: shortest and
    longest time in seconds between two faults."""
    begun, special = time.monotonic(), once(breaker, seconds)
    try:
        while (passed := time.monotonic() - begun) < seconds or special:
            if special and passed >= special[0][0]:
                special.pop(0)[1]()
            else:
                kind = breaker.chance.choices([WEB, WORKER, OUTSIDE, None], [3, 2, 2, 3])[0]
                breaker.kill(kind) if kind else breaker.freeze_outside()
            time.sleep(breaker.chance.uniform(pause[0], pause[1]))
            breaker.thaw()
            breaker.product.look_after()
    finally:
        breaker.thaw(all=True)


def once(breaker: Breaker, seconds: float) -> list[tuple[float, Act]]:
    """The faults that happen once, each with its time: a share of the run."""
    plan: list[tuple[float, Act]] = [(0.5, breaker.lose_host)]
    if isinstance(breaker.store, Postgres):
        plan += [
            (0.1, lambda: breaker.freeze(WORKER)),
            (0.3, breaker.restart_database),
            (0.6, lambda: breaker.freeze(WEB)),
            (0.75, breaker.restart_database),
        ]
    return [(share * seconds, act) for share, act in sorted(plan, key=lambda one: one[0])]


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return  # it had just ended by itself
