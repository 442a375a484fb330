"""The requests that wait for work in this process, and their turns to ask again. Holds no thread.

Owns four rules. One question to the database serves all requests: after a report of work, about its
topics; after the end of a lease or a pause, and at a heartbeat, about all. Only as many requests
get a turn as there are tasks, the one that has waited longest first. Each request gets one turn for
the same report, so that a task that no request here can take is not offered for ever; a request
that takes nothing passes its turn on. No caller has more than a share of the places.

Lives on the event loop; other threads may call only `told`.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Protocol

import structlog

from engine.sentences.errors import TindakError

log = structlog.get_logger(__name__)

REST_SECONDS = 0.01
"""Shortest time between two questions: reports in between are asked together."""
LOST_SECONDS = 1.0
"""Time until the next question after one without an answer of the database."""


SHARE = 4
"""Part of the places for one caller: a quarter."""


class Full(Exception):
    """As many requests wait as allowed, in all or of this caller."""


class Source(Protocol):
    """The source of work. A thread of the watch asks it."""

    def look(self, topics: Collection[str], most: int) -> tuple[Mapping[str, int], float | None]:
        """Topic -> number of tasks that can be fetched now, counted up to `most` (none: left
        out); and the seconds until the next lease or pause of these topics ends, None if there is
        none."""

    def listen(self, told: Callable[[frozenset[str]], None]) -> None:
        """Call `told` whenever there may be work of some topics; without topics: of any topic."""


@dataclass(eq=False, slots=True)
class Waiter:
    """A waiting request. `asked`: the number of reports when the application was last called for
    it; `turn` is set while it may ask again, because of `topic`."""

    topics: frozenset[str]
    caller: str
    asked: int
    turn: asyncio.Event = field(default_factory=asyncio.Event)
    topic: str = ""
    is_sample: bool = False
    """Whether it may ask without a report, because one may have been lost."""


class Watch:
    """All waiting requests of a process: `most` may wait, a quarter of them of one caller, and
    `at_once` have a turn at one moment. `heartbeat`: longest time in seconds between two questions;
    `at_end` gets a function to run when the process is about to end, in any thread."""

    def __init__(
        self,
        source: Source,
        *,
        heartbeat: float,
        most: int,
        at_once: int,
        at_end: Callable[[Callable[[], object]], None] = lambda close: None,
    ) -> None:
        self.news = 0
        """Grows with each report of work; the front notes it before it calls the application."""
        self.closed = False
        self._source, self._heartbeat, self._at_end = source, heartbeat, at_end
        self._most, self._at_once = most, at_once
        self._lines: dict[str, dict[Waiter, None]] = {}
        """Topic -> its waiting requests, the longest waiting first."""
        self._places = Counter[str]()
        """Caller -> number of waiting requests."""
        self._told: dict[str, int] = {}
        """Topic -> its last report; "" for any topic."""
        self._asking = Counter[str]()
        """Topic -> number of turns because of it."""
        self._free: dict[str, int] = {}
        self._refused: dict[str, int] = {}
        """Topic -> number of available tasks at the last question; number of those that no request
        here takes."""
        self._fresh = set[str]()
        self._open = set[str]()
        """Topics reported since the last question; other topics of the next question."""
        self._ends = 0.0
        """Time of the loop at which the next lease or pause ends."""
        self._wanted = asyncio.Event()
        self._looking: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="watch")

    @contextmanager
    def waiting(self, topics: frozenset[str], caller: str, asked: int) -> Iterator[Waiter]:
        """Keep a place in the line of each topic while the block runs. Raises Full."""
        share = max(1, self._most // SHARE)
        if self._places.total() >= self._most or self._places[caller] >= share:
            raise Full
        one = Waiter(topics, caller, asked)
        self._places[caller] += 1
        for topic in topics:
            if self._news_of(topic) > asked:  # reported while the application was being called
                self._fresh.add(topic)
                self._wanted.set()
            elif topic not in self._lines:
                self._open.add(topic)  # to learn when its leases end
                self._wanted.set()
            self._lines.setdefault(topic, {})[one] = None
        if self._looking is None:
            self._looking = asyncio.create_task(self._look_on())
        try:
            yield one
        finally:
            self._places -= Counter([caller])  # which removes callers without requests
            for topic in topics:
                del self._lines[topic][one]
                if not self._lines[topic]:
                    for kept in (self._lines, self._free, self._refused):
                        kept.pop(topic, None)
            self.back(one, got=False)

    async def has_turn(self, one: Waiter, gone: asyncio.Future[Any], until: float) -> bool:
        """Wait for its turn. False: none comes, because the time is over, the client has `gone` or
        the process ends. `until`: time of the loop."""
        turn: asyncio.Future[Any] = asyncio.ensure_future(one.turn.wait())
        left = until - asyncio.get_running_loop().time()
        if not self.closed:
            await asyncio.wait({turn, gone}, timeout=left, return_when=asyncio.FIRST_COMPLETED)
        turn.cancel()
        return one.turn.is_set() and not (self.closed or gone.done())

    def back(self, one: Waiter, *, got: bool) -> None:
        """The request has called the application, or leaves; another request may take the rest."""
        if not one.topic:
            return
        self._asking[one.topic] -= 1
        if one.is_sample and got:
            self._tell([one.topic])
            self._refused[one.topic] = 0
        self._fresh |= {topic for topic in one.topics if self._news_of(topic) > one.asked}
        self._open.add(one.topic)
        one.topic, one.is_sample = "", False
        one.turn.clear()
        self._wanted.set()

    def told(self, topics: frozenset[str]) -> None:
        """Report that there may be work of these topics, or of any. Any thread may call it."""
        if self._looking is not None:
            with suppress(RuntimeError):  # the loop has ended: no request waits any more
                self._looking.get_loop().call_soon_threadsafe(self._hear, topics)

    def close(self) -> None:
        """End all waiting, because the process is about to end."""
        self.closed = True
        self._wanted.set()
        for line in self._lines.values():
            for one in line:
                one.turn.set()

    def _hear(self, topics: Collection[str]) -> None:
        """Take the report of work, on the event loop."""
        self._tell(topics or [""])
        if fresh := self._lines.keys() & (topics or self._lines.keys()):
            self._fresh |= fresh
            self._wanted.set()

    def _tell(self, topics: Collection[str]) -> None:
        self.news += 1
        self._told.update(dict.fromkeys(topics, self.news))

    def _news_of(self, topic: str) -> int:
        return max(self._told.get(topic, 0), self._told.get("", 0))

    async def _look_on(self) -> None:
        """Ask question after question while the process lives; none without waiting requests."""
        loop = asyncio.get_running_loop()
        self._at_end(lambda: loop.call_soon_threadsafe(self.close))
        await loop.run_in_executor(self._thread, self._source.listen, self.told)
        self._hear([])  # reports that came while no request waited
        self._ends = beat = loop.time() + self._heartbeat
        while not self.closed:
            until = min(self._ends, beat)
            with suppress(TimeoutError):
                async with asyncio.timeout_at(until if self._lines else None):
                    await self._wanted.wait()
            self._wanted.clear()
            if unasked := loop.time() >= until:
                self._ends = beat = loop.time() + self._heartbeat
            await self._look(unasked=unasked)
            await asyncio.sleep(REST_SECONDS)

    async def _look(self, *, unasked: bool) -> None:
        """Ask one question for all waiting requests, and give the turns that follow from it.
        `unasked`: without a report; then it is about all topics."""
        fresh, topics = self._fresh, set(self._lines)
        if not unasked:
            topics &= fresh | self._open
        self._fresh, self._open = set(), set()
        if not topics:
            return
        most = max(len(self._lines[topic]) for topic in topics)
        loop = asyncio.get_running_loop()
        try:
            free, seconds = await loop.run_in_executor(
                self._thread, self._source.look, topics, most
            )
        except Exception as error:  # the border of this thread: the next question may be answered
            is_ours = not isinstance(error, TindakError)
            log.warning("waiting_workers_not_served", why=str(error), exc_info=is_ours)
            self._fresh |= fresh
            seconds, topics = LOST_SECONDS, set()
        if seconds is not None:
            self._ends = min(self._ends, loop.time() + seconds)
        for topic in topics & self._lines.keys():
            self._give_turns(topic, free.get(topic, 0), topic in fresh, unasked)

    def _give_turns(self, topic: str, free: int, fresh: bool, unasked: bool) -> None:
        """Give as many turns as there are tasks without a turn; at least one for a report. Without
        tasks, give one as a sample of tasks that all requests have refused."""
        if free > self._free.get(topic, 0):
            self._tell([topic])  # a lease has ended, or a report was lost
        self._free[topic] = free
        refused = min(free, self._refused.get(topic, 0))
        line = self._lines[topic]
        idle = [one for one in line if not one.turn.is_set()]
        unasked_yet = [one for one in idle if one.asked < self._news_of(topic)]
        turns = max(free - refused, min(free, int(fresh))) - self._asking[topic]
        room = self._at_once - self._asking.total()
        if room < min(turns, len(unasked_yet)):
            (self._fresh if fresh else self._open).add(topic)  # as soon as there is room
        for one in unasked_yet[: max(0, min(turns, room))]:
            self._give_turn(one, topic)
        if not (unasked_yet or self._asking[topic]):
            if len(idle) == len(line):  # a request with a turn for another topic may still take it
                refused = free
            if unasked and free and idle:
                sample = min(idle, key=lambda one: one.asked)
                sample.is_sample = True
                self._give_turn(sample, topic)
        self._refused[topic] = refused

    def _give_turn(self, one: Waiter, topic: str) -> None:
        one.topic = topic
        self._asking[topic] += 1
        one.turn.set()
