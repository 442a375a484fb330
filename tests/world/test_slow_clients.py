"""The served product beside many slow clients: pages wait for none of them."""

from __future__ import annotations

import select
import socket
import threading
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from benchmarks.slow import ASKED, KINDS, PATIENCE_SECONDS, SLOW, Served, serve, stop
from web.configuration.settings import read_settings
from web.front.sockets import Doorkeeper
from web.wsgi import keep_the_door

pytestmark = pytest.mark.long
CLIENTS = 200
HASTY = {"TINDAK_IDLE_SECONDS": "5", "TINDAK_BODY_SECONDS": "5", "TINDAK_SEND_SECONDS": "5"}


@pytest.fixture
def served(database_url: str, tmp_path: Path) -> Iterator[Served]:
    """The product, patient with the slow, on SQLite and with two processes on PostgreSQL."""
    workers = {"TINDAK_WORKERS": "2"} if database_url.startswith("postgresql") else {}
    product = serve(tmp_path, {"TINDAK_DATABASE_URL": database_url, **workers, **SLOW})
    yield product
    stop(product)


def test_a_page_answers_beside_many_slow_clients_of_each_kind(served: Served) -> None:
    slow: list[socket.socket] = []
    for kind, says in KINDS.items():
        slow += served.clients(says, CLIENTS)
        assert served.page() == 200, kind
        assert not has_ended(slow), kind
    for one in slow:
        one.close()


def has_ended(clients: list[socket.socket]) -> bool:
    """Whether one of those that are not answered at all was closed or answered."""
    looking = select.poll()
    for one in clients:
        looking.register(one, select.POLLIN)
    ready = {number for number, _ in looking.poll(0)}
    unread = {one.fileno() for one in clients if one.fileno() in ready}
    return any(not _still_open(one) for one in clients if one.fileno() in unread)


def _still_open(one: socket.socket) -> bool:
    """Ready to be read, since it was answered (and does not read it), and not closed."""
    return bool(one.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT))


@pytest.fixture
def crowded(tmp_path: Path) -> Iterator[Served]:
    """Twenty connections for each address."""
    product = serve(tmp_path, {**SLOW, "TINDAK_MAX_CONNECTIONS_PER_ADDRESS": "20"})
    yield product
    stop(product)


def test_one_address_has_only_so_many_connections_and_keeps_its_oldest(crowded: Served) -> None:
    before = HTTPConnection("127.0.0.1", crowded.port, timeout=PATIENCE_SECONDS)
    assert status(before) == 200
    elsewhere = HTTPConnection(
        "127.0.0.1", crowded.port, timeout=PATIENCE_SECONDS, source_address=("127.0.0.2", 0)
    )
    assert status(elsewhere) == 200
    slow = crowded.clients(b"GET /login HTTP/1.1\r\n", 50)
    give_up = time.monotonic() + 120
    while (closed := sum(is_closed(one) for one in slow)) < 31:
        assert time.monotonic() < give_up, f"{closed} closed"
        select.select(slow, [], [], 0.1)
    assert closed == 31, "19 stay beside the one that was there before"
    assert status(before) == status(elsewhere) == 200
    assert '"address": "127.0.0.1"' in crowded.log.read_text()
    assert '"address": "127.0.0.2"' not in crowded.log.read_text()
    for one in (*slow, before, elsewhere):
        one.close()


@pytest.mark.parametrize("exempt", ["TRUSTED_PROXIES=1", "MAX_CONNECTIONS_PER_ADDRESS=0"])
def test_where_one_address_may_have_all_connections_nobody_counts_them(exempt: str) -> None:
    name, _, value = exempt.partition("=")
    keep_the_door(read_settings({f"TINDAK_{name}": value}))
    assert not [one for one in threading.enumerate() if isinstance(one, Doorkeeper)]


def status(asking: HTTPConnection) -> int:
    """Of a page on a connection that is kept."""
    asking.request("GET", "/healthz", headers={"Host": "localhost"})
    answer = asking.getresponse()
    answer.read()
    return answer.status


def is_closed(one: socket.socket) -> bool:
    try:
        return one.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False
    except ConnectionResetError:
        return True


def test_slow_clients_are_given_up_after_the_times_that_are_set(tmp_path: Path) -> None:
    product = serve(tmp_path, HASTY)
    clients = {kind: product.clients(says, 1)[0] for kind, says in KINDS.items()}
    give_up = time.monotonic() + 120
    for kind, one in clients.items():
        if kind != "an answer that is not read":
            one.settimeout(max(1.0, give_up - time.monotonic()))
            while one.recv(65536):
                pass
        one.close()
    stop(product)


def test_a_reader_that_takes_nothing_is_cut_off(tmp_path: Path) -> None:
    product = serve(tmp_path, HASTY)
    (reader,) = product.clients(ASKED * 12, 1)
    give_up = time.monotonic() + 120
    while is_held(product.port, reader.getsockname()[1]):
        assert time.monotonic() < give_up, "still connected"
        time.sleep(0.2)
    reader.close()
    stop(product)


def is_held(port: int, peer: int) -> bool:
    """Whether the product still has the connection of that port of ours; the system tells its
    end to nobody, since nothing can be sent."""
    wanted = (f":{port:04X}", f":{peer:04X}")
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()]
    return any((row[1][-5:], row[2][-5:]) == wanted for row in rows)


def test_the_product_stops_though_slow_clients_stay(tmp_path: Path) -> None:
    product = serve(tmp_path, SLOW)
    clients = [one for says in KINDS.values() for one in product.clients(says, 3)]
    assert product.page() == 200
    stop(product)
    for one in clients:
        one.close()


@pytest.mark.parametrize(
    ("settings", "warned"),
    [
        ({"TINDAK_HOST": "0.0.0.0"}, True),
        ({"TINDAK_HOST": "0.0.0.0", "TINDAK_TRUSTED_PROXIES": "1"}, False),
        ({}, False),
    ],
)
def test_a_start_that_strangers_reach_without_a_proxy_is_warned_of(
    tmp_path: Path, settings: dict[str, str], warned: bool
) -> None:
    product = serve(tmp_path, settings)
    stop(product)
    lines = product.log.read_text().splitlines()
    told = [line for line in lines if "no proxy is trusted" in line]
    assert [line.startswith("{") for line in sorted(told)] == ([False, True] if warned else [])
