"""Who waits for work in this process, and whose turn it is to ask for it again. Holds no thread.

Owns four rules. One question to the database speaks for all: it is asked when somebody has said
that there may be work, about those topics; when a lease or a pause ends, and at a heartbeat, about
all. Only as many get a turn as there are tasks, whoever waits longest first, and each one for the
same news: a task that nobody here can take does not go round for ever. Whoever takes nothing leaves
its turn to the next. No caller has more than a share of the places.

Lives on the event loop; only `told` may be called by other threads.
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
"""Between two questions at least: what is told meanwhile is asked together."""
LOST_SECONDS = 1.0
"""Until the next question after one that the database did not answer."""


SHARE = 4
"""One caller has at most this part of the places: a quarter."""


class Full(Exception):
    """As many wait as may, in all or of this caller."""


class Source(Protocol):
    """Where work comes from. Asked in a thread of the watch."""

    def look(self, topics: Collection[str], most: int) -> tuple[Mapping[str, int], float | None]:
        """Topic -> how many tasks can be had now, counted up to `most` (none: left out); and in how
        many seconds the next lease or pause of these topics ends, None if there is none."""

    def listen(self, told: Callable[[frozenset[str]], None]) -> None:
        """Have `told` called whenever there may be work of some topics; of none: of any."""


@dataclass(eq=False, slots=True)
class Waiter:
    """A request that waits. `asked`: how much news there was when the application was last asked
    for it; `turn` is set while it may ask again, for the sake of `topic`."""

    topics: frozenset[str]
    caller: str
    asked: int
    turn: asyncio.Event = field(default_factory=asyncio.Event)
    topic: str = ""
    is_sample: bool = False
    """It may ask though there is no news: perhaps that was lost."""


class Watch:
    """All waiting requests of a process: `most` wait, of one caller a quarter of them, and
    `at_once` have a turn at one moment.
    `heartbeat`: seconds between two questions at most; `at_end` is given what is to be done when
    the process is about to end; any thread may do it."""

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
        """Grows with each word of new work; the front notes it before it asks the application."""
        self.closed = False
        self._source, self._heartbeat, self._at_end = source, heartbeat, at_end
        self._most, self._at_once = most, at_once
        self._lines: dict[str, dict[Waiter, None]] = {}
        """Topic -> who waits for it, the longest first."""
        self._places = Counter[str]()
        """Caller -> how many wait."""
        self._told: dict[str, int] = {}
        """Topic -> the last news of it; "" of any."""
        self._asking = Counter[str]()
        """Topic -> how many have a turn because of it."""
        self._free: dict[str, int] = {}
        self._refused: dict[str, int] = {}
        """Topic -> how many tasks could be had at the last question; how many of them nobody here
        takes."""
        self._fresh = set[str]()
        self._open = set[str]()
        """Topics told of since the last question; others that the next one is about."""
        self._ends = 0.0
        """Time of the loop when the next lease or pause ends."""
        self._wanted = asyncio.Event()
        self._looking: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="watch")

    @contextmanager
    def waiting(self, topics: frozenset[str], caller: str, asked: int) -> Iterator[Waiter]:
        """A place in the line of each topic, for as long as the block takes. Raises Full."""
        share = max(1, self._most // SHARE)
        if self._places.total() >= self._most or self._places[caller] >= share:
            raise Full
        one = Waiter(topics, caller, asked)
        self._places[caller] += 1
        for topic in topics:
            if self._news_of(topic) > asked:  # said while the application was being asked
                self._fresh.add(topic)
                self._wanted.set()
            elif topic not in self._lines:
                self._open.add(topic)  # when do its leases end?
                self._wanted.set()
            self._lines.setdefault(topic, {})[one] = None
        if self._looking is None:
            self._looking = asyncio.create_task(self._look_on())
        try:
            yield one
        finally:
            self._places -= Counter([caller])  # which forgets whoever has none
            for topic in topics:
                del self._lines[topic][one]
                if not self._lines[topic]:
                    for kept in (self._lines, self._free, self._refused):
                        kept.pop(topic, None)
            self.back(one, got=False)

    async def has_turn(self, one: Waiter, gone: asyncio.Future[Any], until: float) -> bool:
        """Wait for its turn; False: none will come, since the time is over, the client has `gone`
        or the process ends. `until`: time of the loop."""
        turn: asyncio.Future[Any] = asyncio.ensure_future(one.turn.wait())
        left = until - asyncio.get_running_loop().time()
        if not self.closed:
            await asyncio.wait({turn, gone}, timeout=left, return_when=asyncio.FIRST_COMPLETED)
        turn.cancel()
        return one.turn.is_set() and not (self.closed or gone.done())

    def back(self, one: Waiter, *, got: bool) -> None:
        """It has asked the application, or leaves; what it did not take may be another's."""
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
        """There may be work of these topics, or of any. Called by any thread."""
        if self._looking is not None:
            with suppress(RuntimeError):  # the loop has ended: nobody waits any more
                self._looking.get_loop().call_soon_threadsafe(self._hear, topics)

    def close(self) -> None:
        """The process is about to end: nobody waits any longer."""
        self.closed = True
        self._wanted.set()
        for line in self._lines.values():
            for one in line:
                one.turn.set()

    def _hear(self, topics: Collection[str]) -> None:
        """The word of new work, on the event loop."""
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
        """Question after question as long as the process lives; none while nobody waits."""
        loop = asyncio.get_running_loop()
        self._at_end(lambda: loop.call_soon_threadsafe(self.close))
        await loop.run_in_executor(self._thread, self._source.listen, self.told)
        self._hear([])  # what was said while nobody listened
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
        """One question for all who wait, and the turns that follow from it. `unasked`: nobody has
        said that there is anything new; it is about all topics then."""
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
        """As many turns as there are tasks that nobody has been told of; one at least for news. If
        there is none, one for a sample of what everybody has refused."""
        if free > self._free.get(topic, 0):
            self._tell([topic])  # a lease has ended, or somebody was not heard
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
            if len(idle) == len(line):  # whoever has a turn for another topic may take it yet
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
