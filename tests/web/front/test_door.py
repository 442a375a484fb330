"""The front of a web process: it waits without a thread, and gives up in time."""

from __future__ import annotations

import asyncio
import fcntl
import socket
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from tests.web.front.asgi import BOUNDS, Client, door_of, echo
from web.front.calling import PIECE_BYTES
from web.front.door import SMALL_BYTES
from web.front.sockets import ALIVE_SECONDS, OPEN_FILES, Doorkeeper, cut_off_after
from web.gate.bodies import ARRIVAL, BUSY, LARGE, LATE, PENDING, BodyWanted


def visit(client: Client, application: object = echo, **bounds: float) -> Client:
    door = door_of(application, replace(BOUNDS, **bounds))  # type: ignore[arg-type]
    return asyncio.run(client.visit(door))


async def until(condition: Callable[[], object]) -> None:
    """Let the others go on until it holds."""
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0)


def telling(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
    """Wants a megabyte; answers how a body stands that is not simply there."""
    arrival = environ.get(ARRIVAL)
    if arrival == PENDING:
        raise BodyWanted(1_000_000)
    start("200 OK", [])
    names = {LARGE: b"large", LATE: b"late", BUSY: b"busy", None: b"there"}
    return [names[arrival]]


@pytest.mark.parametrize("size", [0, 1, SMALL_BYTES, SMALL_BYTES + 1, 900_000])
@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_arrives_as_it_was_sent(size: int, chunked: bool) -> None:
    content = bytes(range(256)) * (size // 256 + 1)
    chunks = [content[at : at + 10_000] for at in range(0, size, 10_000)]
    chunks[-1:] = [one[: size - 10_000 * (len(chunks) - 1)] for one in chunks[-1:]]
    headers = {"Transfer-Encoding": "chunked"} if chunked else {"Content-Length": str(size)}

    def wanting(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if environ.get(ARRIVAL) == PENDING:
            raise BodyWanted(1_000_000)
        return echo(environ, start)

    client = visit(Client(headers=headers, chunks=chunks), wanting)

    assert client.body == content[:size]


def test_a_large_body_that_nobody_wants_is_not_waited_for() -> None:
    def refusing(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        start("403 Forbidden", [])
        return [b"no"]

    client = visit(Client(headers={"Content-Length": "900000"}, chunks=[None]), refusing)

    assert (client.status, client.body, client.asked) == (403, b"no", 0)


def test_a_body_that_stops_coming_is_given_up() -> None:
    client = Client(headers={"Content-Length": "900000"}, chunks=[b"x" * 1000, None])
    assert visit(client, telling, seconds=0.05).body == b"late"


def test_a_body_that_drips_is_given_up_though_it_never_stops() -> None:
    async def drip() -> Client:
        client = Client(headers={"Content-Length": "100000"}, chunks=[b"x"] * 100_000)
        receive = client.receive

        async def slowly() -> dict[str, object]:
            await asyncio.sleep(0.01)
            return await receive()

        client.receive = slowly  # type: ignore[method-assign]
        return await client.visit(door_of(telling, replace(BOUNDS, seconds=0.3)))

    client = asyncio.run(drip())
    assert (client.body, client.asked < 1000) == (b"late", True)


def test_more_than_was_declared_or_is_wanted_is_not_taken_in() -> None:
    headers = {"Transfer-Encoding": "chunked"}
    client = visit(Client(headers=headers, chunks=[b"x" * 300_000] * 9), telling)
    assert (client.body, client.asked) == (b"large", 4)


def test_all_bodies_together_have_a_bound_and_give_their_room_back() -> None:
    async def run() -> list[bytes]:
        door = door_of(telling, replace(BOUNDS, most_bytes=150_000))
        headers = {"Content-Length": "100000"}
        waiting = Client(headers=headers, chunks=[b"x" * 99_000, None])
        task = asyncio.create_task(waiting.visit(door))
        await until(lambda: waiting.asked == 2)
        refused = await Client(headers=headers, chunks=[b"x" * 100_000]).visit(door)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        served = await Client(headers=headers, chunks=[b"x" * 100_000]).visit(door)
        return [refused.body, served.body]

    assert asyncio.run(run()) == [b"busy", b"there"]


def test_one_address_cannot_have_all_bodies_on_their_way() -> None:
    async def run() -> list[bytes]:
        door = door_of(telling, replace(BOUNDS, most_bodies=1))
        headers = {"Content-Length": "100"}
        waiting = Client(headers=headers, chunks=[None])
        task = asyncio.create_task(waiting.visit(door))
        await until(lambda: waiting.asked)
        same = await Client(headers=headers, chunks=[b"x" * 100]).visit(door)
        other = await Client(headers=headers, chunks=[b"x" * 100], address="192.0.2.2").visit(door)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return [same.body, other.body]

    assert asyncio.run(run()) == [b"busy", b"there"]


def test_waiting_for_bodies_takes_no_thread() -> None:
    async def run() -> Client:
        door = door_of(telling, threads=1)
        headers = {"Content-Length": "500000"}
        slow = [Client(headers=headers, chunks=[b"x", None], address=str(n)) for n in range(200)]
        tasks = [asyncio.create_task(one.visit(door)) for one in slow]
        await until(lambda: all(one.asked == 2 for one in slow))
        page = await Client(method="GET").visit(door)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return page

    assert asyncio.run(run()).body == b"there"


class Pieces:
    """A large answer that notices being let go."""

    def __init__(self, count: int) -> None:
        self.left, self.closed = count, False

    def __iter__(self) -> Iterator[bytes]:
        while self.left:
            self.left -= 1
            yield b"x" * PIECE_BYTES

    def close(self) -> None:
        self.closed = True


def test_a_slow_reader_takes_no_thread_and_is_served_to_the_end() -> None:
    large = Pieces(3)

    def answering(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        start("200 OK", [])
        return large if environ["PATH_INFO"] == "/large" else [b"page"]

    async def run() -> tuple[Client, Client]:
        door = door_of(answering, threads=1)
        slow = Client(method="GET", path="/large")
        slow.reads.clear()
        task = asyncio.create_task(slow.visit(door))
        await until(lambda: slow.body)
        page = await Client(method="GET").visit(door)
        assert large.left == 2
        slow.reads.set()
        await task
        return slow, page

    slow, page = asyncio.run(run())
    assert (page.body, len(slow.body), large.closed) == (b"page", 3 * PIECE_BYTES, True)


def test_a_client_that_went_away_is_not_answered_and_its_file_is_let_go() -> None:
    large = Pieces(1000)

    def answering(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        start("200 OK", [])
        return large

    client = Client(method="GET")

    async def gone() -> dict[str, object]:
        return {"type": "http.disconnect"}

    client.receive = gone  # type: ignore[method-assign]
    visit(client, answering)
    assert large.closed
    assert large.left > 0


def test_headers_reach_the_application_as_wsgi_names_them() -> None:
    found: dict[str, object] = {}

    def keeping(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        found.update(environ)
        start("204 No Content", [])
        return []

    headers = {"Content-Type": "text/plain", "Content-Length": "1", "X-Forwarded-For": "a",
               "X_Forwarded_For": "forged", "Cookie": "a=1"}  # fmt: skip
    visit(Client(path="/b%C3%BC%2F?q=%41", headers=headers, chunks=[b"x"]), keeping)

    assert found["PATH_INFO"] == "/bü/".encode().decode("latin-1")
    assert found["QUERY_STRING"] == "q=%41"
    assert found["CONTENT_TYPE"] == "text/plain"
    assert found["HTTP_X_FORWARDED_FOR"] == "a"
    assert found["REMOTE_ADDR"] == "192.0.2.1"


def test_looking_for_sockets_leaves_the_locks_of_files_alone(tmp_path: Path) -> None:
    taking = "import fcntl, sys; fcntl.lockf(open(sys.argv[1], 'w'), fcntl.LOCK_EX | fcntl.LOCK_NB)"
    with (tmp_path / "database").open("w") as file, socket.create_server(("127.0.0.1", 0)) as one:
        fcntl.lockf(file, fcntl.LOCK_EX)
        cut_off_after(7)
        Doorkeeper(one.getsockname()[1], 0).look()
        other = subprocess.run([sys.executable, "-c", taking, file.name], capture_output=True)
    assert b"BlockingIOError" in other.stderr, "whoever opens the database must see that it is used"


def test_a_listening_socket_is_guarded_and_no_file_stays_open() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        before = len(list(OPEN_FILES.iterdir()))
        cut_off_after(7)
        assert listening.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 7000
        with socket.create_connection(listening.getsockname()), listening.accept()[0] as accepted:
            assert accepted.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == ALIVE_SECONDS
        assert len(list(OPEN_FILES.iterdir())) == before
