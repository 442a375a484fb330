"""Requests that wait for work: without a thread, woken in time, with one question for all of
them.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Iterable
from dataclasses import dataclass, field
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from engine.sentences.errors import Unavailable
from engine.sentences.sentence import say
from tests.web.front.asgi import Client, door_of
from tests.web.front.test_door import until
from web.front import watch as watching
from web.front.door import Door
from web.front.waiting import ASKING, Wait
from web.front.watch import Watch
from web.gate.bodies import ARRIVAL

NEVER = 3600.0
Told = Callable[[frozenset[str]], None]


@dataclass
class Board:
    """Work by topic, for a source and for an application that gives it out. A fetch asks for
    topics, and takes only work whose `mark` it asks for, if it asks for one."""

    works: list[tuple[str, str]] = field(default_factory=list)
    questions: list[set[str]] = field(default_factory=list)
    fetches: int = 0
    bodies: set[bytes] = field(default_factory=set)
    guard: threading.Lock = field(default_factory=threading.Lock)
    lease_ends: float = 0.0
    broken: Exception | None = None
    told: Told = lambda topics: None
    seconds: float = NEVER

    def look(self, topics: Collection[str], most: int) -> tuple[dict[str, int], float | None]:
        with self.guard:
            self.questions.append(set(topics))
            if self.broken is not None:
                error, self.broken = self.broken, None
                raise error
            counted = Counter(topic for topic, _ in self.works if topic in topics)
            left = self.lease_ends - time.monotonic()
            free = {topic: min(n, most) for topic, n in counted.items()}
            return free, left if left > 0 else None

    def listen(self, told: Told) -> None:
        self.told = told

    def put(self, topic: str, mark: str = "", *, says: bool = True) -> None:
        with self.guard:
            self.works.append((topic, mark))
        if says:
            self.told(frozenset([topic]))

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if ARRIVAL in environ:
            start("503 Service Unavailable", [])
            return [b"crowded"]
        if environ["PATH_INFO"] == "/page":
            start("200 OK", [])
            return [b"page"]
        mark = environ["PATH_INFO"].strip("/")
        topics = environ["QUERY_STRING"].split(",")
        body = environ["wsgi.input"].read()
        with self.guard:
            self.fetches += 1
            self.bodies.add(body)
            mine = [one for one in self.works if one[0] in topics and mark in ("", one[1])]
            if mine:
                self.works.remove(mine[0])
        start("200 OK", [("Content-Type", "application/json"), ("X-Content-Type-Options", "n")])
        if not mine:
            caller = environ.get("HTTP_FROM", "robot")
            environ[ASKING].wait = Wait(topics, caller, self.seconds, b"[]")
        return [":".join(mine[0]).encode() if mine else b"[]"]


def watch_of(
    board: Board, *, heartbeat: float = NEVER, most: int = 1000, at_once: int = 2
) -> Watch:
    return Watch(board, heartbeat=heartbeat, most=most, at_once=at_once)


def worker(topics: str = "a", mark: str = "", caller: str = "robot") -> Client:
    body = b'{"workerId": "w"}'
    headers = {"Content-Length": str(len(body)), "From": caller}
    return Client(path=f"/{mark}?{topics}", headers=headers, chunks=[body])


@dataclass
class Place:
    """Workers that wait at a door."""

    board: Board
    watch: Watch
    door: Door
    tasks: list[asyncio.Task[Client]] = field(default_factory=list)

    async def wait(self, *workers: Client) -> None:
        """All of them wait, and the watch has nothing left to ask."""
        before = self.board.fetches
        self.tasks += [asyncio.create_task(one.visit(self.door)) for one in workers]
        await until(lambda: self.board.fetches >= before + len(workers))
        await self.quiet()

    async def quiet(self) -> None:
        """Nothing is asked any more, of nobody."""
        asked = (-1, -1)
        while asked != (now := (len(self.board.questions), self.board.fetches)):
            asked = now
            await asyncio.sleep(8 * watching.REST_SECONDS)

    def answered(self) -> list[bytes]:
        return sorted(task.result().body for task in self.tasks if task.done())


def play(act: Callable[[Place], Awaitable[None]], threads: int = 2, **more: float | int) -> Place:
    """Run `act`; then everybody goes."""
    board = Board()

    async def run() -> Place:
        watch = watch_of(board, **more)  # type: ignore[arg-type]
        place = Place(board, watch, door_of(board, threads=threads, watch=watch))
        await act(place)
        watch.close()
        async with asyncio.timeout(60):
            await asyncio.gather(*place.tasks)
        return place

    return asyncio.run(run())


def test_whoever_waits_is_given_work_as_soon_as_somebody_says_that_there_is_some() -> None:
    async def act(place: Place) -> None:
        one = worker()
        await place.wait(one)
        place.board.put("a")
        await until(one.ended.is_set)
        assert (one.status, one.body) == (200, b"a:")
        assert place.board.bodies == {b'{"workerId": "w"}'}, "the same body each time"

    play(act)


def test_work_that_comes_while_the_application_is_asked_is_not_missed() -> None:
    class Late(Board):
        def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
            answer = super().__call__(environ, start)
            if self.fetches == 2:
                self.put("a")
            return answer

    board = Late()

    async def run() -> Client:
        watch = watch_of(board)
        place = Place(board, watch, door_of(board, watch=watch))
        await place.wait(worker("b"))  # somebody must wait for the watch to be told
        one = await worker().visit(place.door)
        watch.close()
        await asyncio.gather(*place.tasks)
        return one

    assert asyncio.run(run()).body == b"a:"


def test_at_the_end_of_its_time_it_gets_the_answer_that_the_application_gave() -> None:
    async def act(place: Place) -> None:
        place.board.seconds = 0.2
        began = time.monotonic()
        one = await worker().visit(place.door)
        assert time.monotonic() - began >= 0.2
        assert (one.status, one.body, place.board.fetches) == (200, b"[]", 1)
        assert one.answered == {"content-type": "application/json", "x-content-type-options": "n"}

    play(act)


def test_waiting_takes_no_thread() -> None:
    async def act(place: Place) -> None:
        await place.wait(*(worker() for _ in range(50)))
        page = await Client(method="GET", path="/page").visit(place.door)
        assert page.body == b"page"
        assert place.answered() == []

    play(act, threads=1)


def test_of_a_herd_one_asks_for_one_task_and_who_came_first_gets_it() -> None:
    async def act(place: Place) -> None:
        herd = [worker() for _ in range(200)]
        await place.wait(herd[0])
        await place.wait(*herd[1:])
        questions = len(place.board.questions)
        place.board.put("a")
        await until(herd[0].ended.is_set)
        await place.quiet()
        assert place.board.fetches == 201, "one beside the first asking of each"
        assert len(place.board.questions) - questions <= 3
        assert place.answered() == [b"a:"]

    play(act)


def test_as_many_ask_as_there_are_tasks() -> None:
    async def act(place: Place) -> None:
        await place.wait(*(worker() for _ in range(40)))
        for _ in range(7):
            place.board.put("a", says=False)
        place.board.told(frozenset(["a"]))
        await until(lambda: len(place.answered()) == 7)
        await place.quiet()
        assert place.board.fetches <= 40 + 7 + 1

    play(act)


def test_no_more_than_some_have_a_turn_at_once() -> None:
    busy: list[int] = []

    class Slow(Board):
        def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
            if self.works:
                busy.append(1)
                time.sleep(0.02)
                most.append(len(busy))
                busy.pop()
            return super().__call__(environ, start)

    most: list[int] = []
    board = Slow()

    async def run() -> None:
        watch = watch_of(board, at_once=2)
        place = Place(board, watch, door_of(board, threads=20, watch=watch))
        await place.wait(*(worker() for _ in range(20)))
        for _ in range(20):
            board.put("a", says=False)
        board.told(frozenset(["a"]))
        await asyncio.gather(*place.tasks)
        assert place.answered() == [b"a:"] * 20
        watch.close()

    asyncio.run(run())
    assert max(most) <= 2


def test_who_cannot_take_it_leaves_its_turn_to_the_next() -> None:
    async def act(place: Place) -> None:
        await place.wait(*(worker(mark="other") for _ in range(5)))
        mine = worker(mark="mine")
        await place.wait(mine)
        place.board.put("a", "mine")
        await until(mine.ended.is_set)
        assert mine.body == b"a:mine"
        assert place.board.fetches <= 6 + 6

    play(act)


def test_work_that_nobody_takes_does_not_go_round_for_ever() -> None:
    async def act(place: Place) -> None:
        await place.wait(*(worker(mark="other") for _ in range(5)))
        place.board.put("a", "nobody's")
        await place.quiet()
        assert place.board.fetches == 10, "each has asked once more"
        place.board.put("a", "other")
        await until(lambda: len(place.answered()) == 1)
        await place.quiet()
        assert place.board.fetches == 11, "the new task alone is asked for"

    play(act)


def test_a_lost_word_is_made_up_for_at_the_heartbeat() -> None:
    async def act(place: Place) -> None:
        one = worker()
        await place.wait(one)
        place.board.put("a", says=False)
        await until(one.ended.is_set)
        assert one.body == b"a:"

    play(act, heartbeat=0.2)


def test_a_lost_word_is_made_up_for_beside_work_that_nobody_takes() -> None:
    async def act(place: Place) -> None:
        await place.wait(worker(mark="other"), worker(mark="other"))
        place.board.put("a", "nobody's")
        await until(lambda: place.board.fetches >= 4)
        await place.quiet()
        place.board.works[:] = [("a", "other")]
        await until(lambda: place.answered() == [b"a:other"])

    play(act, heartbeat=0.4)


def test_a_lost_word_is_made_up_for_though_much_is_told_of_other_topics() -> None:
    async def act(place: Place) -> None:
        async def tell() -> None:
            while True:
                place.board.told(frozenset(["b"]))
                await asyncio.sleep(0)

        await place.wait(worker("b"), worker("a", mark="other"))
        place.board.put("a", "nobody's")
        await until(lambda: place.board.fetches >= 3)
        await place.quiet()
        busy = asyncio.create_task(tell())
        place.board.works[:] = [("a", "other")]
        await until(lambda: place.answered() == [b"a:other"])
        busy.cancel()

    play(act, heartbeat=0.4)


def test_once_a_lost_word_is_noticed_nobody_waits_for_the_next_heartbeat() -> None:
    async def act(place: Place) -> None:
        await place.wait(*(worker(mark="other") for _ in range(6)))
        for _ in range(6):
            place.board.put("a", "nobody's")
        await until(lambda: place.board.fetches >= 12)
        await place.quiet()
        place.board.works[:] = [("a", "other")] * 6
        await until(place.answered)
        began = time.monotonic()
        await until(lambda: len(place.answered()) == 6)
        assert time.monotonic() - began < 4, "and not five heartbeats"

    play(act, heartbeat=2)


def test_news_of_one_topic_are_a_question_about_that_one() -> None:
    async def act(place: Place) -> None:
        many = ",".join(f"other {n}" for n in range(1000))
        one = worker(f"a,{many}")
        await place.wait(one, worker(many), worker("b"))
        questions = len(place.board.questions)
        place.board.put("a")
        await until(one.ended.is_set)
        await place.quiet()
        asked = place.board.questions[questions:]
        assert asked, "and of the others only when somebody waits for them, or at a heartbeat"
        assert all(topics == {"a"} for topics in asked)

    play(act)


def test_what_is_told_of_one_topic_while_its_worker_asks_for_another_is_not_missed() -> None:
    class Late(Board):
        def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
            answer = super().__call__(environ, start)
            if self.fetches == 2:  # on its turn for a it has found nothing
                questions = len(self.questions)
                self.put("b", "mine")
                while len(self.questions) == questions:
                    time.sleep(0.01)
            return answer

    board = Late()

    async def run() -> Client:
        watch = watch_of(board)
        place = Place(board, watch, door_of(board, watch=watch))
        one = worker("a,b", mark="mine")
        await place.wait(one)
        board.put("a", "nobody's")
        await until(one.ended.is_set)
        watch.close()
        await asyncio.gather(*place.tasks)
        return one

    assert asyncio.run(run()).body == b"b:mine"


def test_topics_beyond_those_that_have_a_turn_are_not_forgotten() -> None:
    async def act(place: Place) -> None:
        await place.wait(*(worker(str(n)) for n in range(20)))
        for n in range(20):
            place.board.put(str(n), says=False)
        place.board.told(frozenset())
        await until(lambda: len(place.answered()) == 20)

    play(act, at_once=1)


def test_a_pause_that_begins_while_somebody_waits_is_watched() -> None:
    async def act(place: Place) -> None:
        one = worker()
        await place.wait(one)
        place.board.lease_ends = time.monotonic() + 1
        place.board.told(frozenset(["a"]))
        await place.quiet()
        assert place.board.fetches == 1, "nobody has a turn before its end"
        place.board.put("a", says=False)
        await until(one.ended.is_set)

    play(act, heartbeat=600)


def test_the_end_of_a_lease_is_not_forgotten_over_news_of_others() -> None:
    async def act(place: Place) -> None:
        place.board.lease_ends = time.monotonic() + 1
        one = worker()
        await place.wait(one, worker("b"))
        place.board.lease_ends, ends = time.monotonic() + NEVER, place.board.lease_ends
        place.board.told(frozenset(["b"]))
        await place.quiet()
        place.board.lease_ends = ends
        place.board.put("a", says=False)
        await until(one.ended.is_set)

    play(act, heartbeat=600)


def test_the_leases_of_a_topic_are_known_as_soon_as_somebody_waits_for_it() -> None:
    async def act(place: Place) -> None:
        await place.wait(worker("b"))
        place.board.lease_ends = time.monotonic() + 1
        one = worker("a")
        await place.wait(one)
        place.board.put("a", says=False)
        await until(one.ended.is_set)

    play(act)


def test_it_asks_again_when_a_lease_ends() -> None:
    async def act(place: Place) -> None:
        place.board.lease_ends = time.monotonic() + 1
        one = worker()
        await place.wait(one)
        place.board.put("a", says=False)
        await until(one.ended.is_set)

    play(act)


def test_idle_workers_cost_one_question_at_each_heartbeat() -> None:
    async def act(place: Place) -> None:
        await place.wait(*(worker(f"a,{n % 7}") for n in range(100)))
        fetches, questions = place.board.fetches, len(place.board.questions)
        began = time.monotonic()
        await asyncio.sleep(1)
        beats = (time.monotonic() - began) / 0.1
        asked = place.board.questions[questions:]
        assert 1 <= len(asked) <= beats + 1
        assert asked[0] == {"a", *(str(n) for n in range(7))}
        assert place.board.fetches == fetches

    play(act, heartbeat=0.1)


def test_any_word_may_be_for_one_of_several_topics() -> None:
    async def act(place: Place) -> None:
        one, two = worker("a,b"), worker("b,c")
        await place.wait(one, two)
        place.board.put("c")
        await until(two.ended.is_set)
        place.board.put("b", says=False)
        place.board.told(frozenset())
        await until(one.ended.is_set)
        assert place.answered() == [b"b:", b"c:"]

    play(act)


def test_nothing_is_fetched_for_who_went_away() -> None:
    async def act(place: Place) -> None:
        gone, stays = worker(), worker()
        await place.wait(gone)
        await place.wait(stays)
        gone.left.set()
        await until(gone.ended.is_set)
        assert (gone.status, gone.body) == (0, b"")
        place.board.put("a")
        await until(stays.ended.is_set)
        assert stays.body == b"a:"
        assert place.board.fetches == 3

    play(act)


def test_who_goes_away_on_its_turn_leaves_it_to_the_next() -> None:
    async def act(place: Place) -> None:
        gone, stays = worker(), worker()
        await place.wait(gone)
        await place.wait(stays)
        place.board.put("a", says=False)
        gone.left.set()
        place.board.told(frozenset(["a"]))
        await until(stays.ended.is_set)
        assert place.board.works == []

    play(act)


def test_when_the_process_ends_all_are_answered_at_once() -> None:
    async def act(place: Place) -> None:
        await place.wait(*(worker() for _ in range(20)))
        place.watch.close()
        await until(lambda: place.answered() == [b"[]"] * 20)
        late = await worker().visit(place.door)
        assert late.body == b"[]"

    play(act)


def test_only_so_many_wait_and_the_next_is_told_to_come_back() -> None:
    async def act(place: Place) -> None:
        one = worker(caller="first")
        await place.wait(one, worker(caller="second"))
        refused = await worker(caller="third").visit(place.door)
        assert (refused.status, refused.body) == (503, b"crowded")
        one.left.set()
        await until(one.ended.is_set)
        await place.wait(worker(caller="third"))

    play(act, most=2)


def test_one_caller_has_a_quarter_of_the_places() -> None:
    async def act(place: Place) -> None:
        one = worker()
        await place.wait(one, worker())
        refused = await worker().visit(place.door)
        assert (refused.status, refused.body) == (503, b"crowded")
        await place.wait(worker(caller="other"))
        one.left.set()
        await until(one.ended.is_set)
        await place.wait(worker())

    play(act, most=8)


@pytest.mark.parametrize("error", [Unavailable(say("The database is away.")), ValueError("ours")])
def test_a_question_that_fails_is_asked_again(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "LOST_SECONDS", 0.05)

    async def act(place: Place) -> None:
        one = worker()
        await place.wait(one)
        place.board.broken = error
        place.board.put("a")
        await until(one.ended.is_set)
        assert one.body == b"a:"

    play(act)
