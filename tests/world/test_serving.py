"""Servers as an operator starts and loses them: one for a port and a folder, and no child outlives
its server."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from benchmarks.chaos.product import children, free_port

PATIENCE_SECONDS = 120


class House:
    """A data folder, and the servers that were started on it."""

    def __init__(self, folder: Path, url: str) -> None:
        self.port, self._folder = free_port(), folder
        self._environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("TINDAK_")},
            "TINDAK_DATA_DIR": str(folder / "data"),
            "TINDAK_DATABASE_URL": url,
            "TINDAK_SECRET_KEY": "of this test only",
        }
        self.started: list[subprocess.Popen[str]] = []
        self.processes = 2 if url else 1
        """A web process, and on PostgreSQL a worker beside it."""

    def start(self, command: str, **settings: object) -> subprocess.Popen[str]:
        given = {f"TINDAK_{name}": str(value) for name, value in settings.items()}
        server = subprocess.Popen(
            [sys.executable, "-m", "web.cli", command],
            env={**self._environment, "TINDAK_PORT": str(self.port), **given},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
        )  # fmt: skip
        self.started.append(server)
        return server

    def serve(self, **settings: object) -> subprocess.Popen[str]:
        """A server that answers."""
        server = self.start("serve", **settings)
        wait_until(lambda: self.answers() or server.poll() is not None)
        assert server.poll() is None, server.communicate()[0]
        return server

    def answers(self) -> bool:
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False

    def clear(self) -> None:
        for server in self.started:
            if server.poll() is None:
                os.killpg(server.pid, signal.SIGKILL)
            server.communicate()


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    url = "" if request.param == "sqlite" else request.getfixturevalue("postgres").new_database()
    made = House(tmp_path, url)
    yield made
    made.clear()


@pytest.fixture
def small_house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path, "")
    yield made
    made.clear()


def wait_until(reached: Callable[[], bool]) -> None:
    give_up = time.monotonic() + PATIENCE_SECONDS
    while not reached():
        assert time.monotonic() < give_up
        time.sleep(0.1)


def runs(pid: int) -> bool:
    """Whether there is such a process, and not only what the system keeps of one that has ended."""
    shown = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True)
    return bool(shown.stdout.strip()) and not shown.stdout.startswith("Z")


def refused(server: subprocess.Popen[str]) -> str:
    """What a server says that ends by itself."""
    told, _ = server.communicate(timeout=PATIENCE_SECONDS)
    assert server.returncode == 1
    return told


# --- one server for a port and a folder ---------------------------------------------------------


@pytest.mark.long
def test_a_second_server_on_a_port_is_refused_with_what_to_do(house: House, tmp_path: Path) -> None:
    first = house.serve()
    told = refused(house.start("serve", DATA_DIR=tmp_path / "another"))
    assert f"Port {house.port} of 127.0.0.1 cannot be listened on" in told
    assert "set TINDAK_PORT to a free port" in told
    assert first.poll() is None
    assert house.answers()


@pytest.mark.long
@pytest.mark.parametrize("command", ["serve", "worker"])
def test_a_second_process_on_an_embedded_database_is_refused_with_what_to_do(
    small_house: House, command: str
) -> None:
    first = small_house.serve()
    told = refused(small_house.start(command, PORT=free_port()))
    assert f"tindak.db is served by process {first.pid} already" in told
    assert "TINDAK_DATA_DIR" in told


@pytest.mark.long
def test_of_two_servers_that_start_at_one_moment_one_serves(
    small_house: House, tmp_path: Path
) -> None:
    both = [small_house.start("serve", DATA_DIR=tmp_path / name) for name in ("a", "b")]
    wait_until(lambda: any(one.poll() is not None for one in both))
    wait_until(small_house.answers)
    assert sorted(one.poll() is None for one in both) == [False, True]


@pytest.mark.long
def test_what_a_killed_server_held_is_free_for_the_next(house: House) -> None:
    house.serve().kill()
    assert house.serve().poll() is None


# --- no child outlives its server ---------------------------------------------------------------


@pytest.mark.long
def test_a_killed_server_leaves_no_process_behind(house: House) -> None:
    server = house.serve()
    wait_until(lambda: len(children(server.pid)) >= house.processes)
    left = children(server.pid)
    os.kill(server.pid, signal.SIGKILL)
    wait_until(lambda: not any(map(runs, left)))


@pytest.mark.long
def test_a_frozen_child_of_a_killed_server_ends_too(small_house: House) -> None:
    server = small_house.serve()
    [child] = children(server.pid)
    os.kill(child, signal.SIGSTOP)
    os.kill(server.pid, signal.SIGKILL)
    wait_until(lambda: not runs(child))


@pytest.mark.long
def test_a_web_process_that_is_killed_twice_in_a_moment_ends_no_server(house: House) -> None:
    server = house.serve()
    for _ in range(2):
        for child in children(server.pid):
            os.kill(child, signal.SIGKILL)
        wait_until(lambda: not house.answers())
        wait_until(house.answers)
    assert server.poll() is None
    left = children(server.pid)
    server.terminate()
    assert server.wait(timeout=PATIENCE_SECONDS) in (0, 1)
    wait_until(lambda: not any(map(runs, left)))
