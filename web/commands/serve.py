"""`tindak serve`, `tindak worker` and `tindak run`: the product as processes.

On SQLite one web process with threads runs the scheduler in a thread of its own. On PostgreSQL
`serve` starts the web processes and one worker beside them; any number of hosts may join.
"""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import threading
import time
from typing import Protocol

import click
import structlog
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings

from engine.scheduler import Scheduler
from processes.demo import people
from web import demo
from web.commands import held
from web.commands.lifeline import end_with_parent
from web.composition import is_sqlite, keep_what_is_loaded, open_service, settings_or_exit
from web.configuration.settings import PREFIX, Settings

log = structlog.get_logger(__name__)

RESPAWN_SECONDS = 1.0
"""Seconds until a killed worker starts again."""
HEAD_BYTES = 64 * 1024
"""Bytes for the head of a request, and for the part of a body that is not received yet."""
STOP_SECONDS = 20
"""Seconds for clients that are still being answered when the product stops."""
SPARE_FILES = 500
"""Open files of a web process besides one for each connection and one for its body or answer."""
HOPELESS = 3
HOPELESS_SECONDS = 60.0
"""The server gives up when it has ended by itself so often in so many seconds."""
GIVEN_UP = (
    "The web processes ended again and again shortly after their start. The lines above say why; "
    "start anew when that is mended."
)


@click.command()
def serve() -> None:
    """Serve the web pages and the APIs. No demo and no account is made."""
    settings = settings_or_exit(serving=True)
    with held.port_and_database(settings):
        _serve(settings)


@click.command()
def run() -> None:
    """Set up and serve. With TINDAK_DEMO=1 the first start fills the database with the demo."""
    settings = settings_or_exit(serving=True)
    with held.port_and_database(settings):
        if settings.demo:
            demo.ensure(settings, click.echo)
        click.echo(f"\nTindak: {settings.origin}")
        if settings.demo:
            secret = people.password(settings.data_dir, settings.demo_password.get_secret_value())
            click.echo(f"Accounts: {', '.join(people.SHOWN)}\nPassword: {secret}\n")
        _serve(settings)


def _serve(settings: Settings) -> None:
    # Once before all workers: only one process fills an empty database, and a database of another
    # version is refused in one sentence, not by each worker.
    open_service(settings).close()
    _warn_of_strangers(settings)
    _allow_files(2 * settings.max_connections + SPARE_FILES)
    if is_sqlite(settings):
        _serve_until_told(settings)
        return
    with _Companion():
        _serve_until_told(settings)


def _serve_until_told(settings: Settings) -> None:
    """Serve until a signal ends it. The server ends by itself when a web process ends twice in five
    seconds. What killed them may be over, so it is begun again; raises `ClickException` if that
    does not help."""
    ended: list[float] = []
    while True:
        server = _server(settings)
        try:
            server.serve()
        except SystemExit:
            if server.interrupt_signal:
                raise
            now = time.monotonic()
            ended = [at for at in ended if now - at < HOPELESS_SECONDS] + [now]
        else:
            return
        if len(ended) == HOPELESS:
            raise click.ClickException(GIVEN_UP)
        log.error("server_begun_again", reason="web processes ended shortly after their start")
        time.sleep(RESPAWN_SECONDS)


class _Server(Protocol):
    """Granian, as far as it is used. `interrupt_signal`: it was told to stop."""

    interrupt_signal: bool

    def serve(self) -> None:
        """Serve until a signal ends it; SystemExit if it ends by itself."""


def _server(settings: Settings) -> _Server:
    served: _Server = Granian(
        "web.wsgi:app",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGINL,
        workers=1 if is_sqlite(settings) else settings.workers,
        # HTTP/1 alone: a server of both versions waits without end for the first byte, which tells
        # them apart. A kept-alive connection is closed after the same time.
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(
            header_read_timeout=settings.idle_seconds * 1000, max_buffer_size=HEAD_BYTES
        ),
        backpressure=settings.max_connections,
        workers_kill_timeout=STOP_SECONDS,
        respawn_failed_workers=True,
        respawn_interval=RESPAWN_SECONDS,
        factory=True,
        websockets=False,
        log_access=False,
    )
    return served


def _warn_of_strangers(settings: Settings) -> None:
    """Warn if connections from other machines come without a known proxy."""
    if settings.on_loopback or settings.trusted_proxies:
        return
    words = (
        f"{PREFIX}HOST: {settings.host} can be reached from other machines, and no proxy is "
        f"trusted. Set {PREFIX}HOST=127.0.0.1 behind a proxy with https on this machine, or "
        f"{PREFIX}TRUSTED_PROXIES to the number of proxies in front."
    )
    click.echo(words)
    log.warning("reachable_without_proxy", host=settings.host, advice=words)


def _allow_files(wanted: int) -> None:
    """Allow as many open files as the connections need, if the system permits it."""
    allowed, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most != resource.RLIM_INFINITY:
        wanted = min(wanted, most)
    if allowed != resource.RLIM_INFINITY and allowed < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


class _Companion:
    """The worker process beside the web processes; it is started again when it ends by itself."""

    def __enter__(self) -> None:
        self._stopping, self._changing = threading.Event(), threading.Lock()
        self._lifeline, self._held = os.pipe()
        self._process = self._start()
        threading.Thread(target=self._watch, daemon=True).start()

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "web.cli", "worker", "--lifeline", str(self._lifeline)],
            pass_fds=[self._lifeline],
        )

    def _watch(self) -> None:
        while True:
            self._process.wait()
            if self._stopping.wait(RESPAWN_SECONDS):
                return
            with self._changing:  # or one could start behind the back of the end
                if self._stopping.is_set():
                    return
                self._process = self._start()

    def __exit__(self, *_: object) -> None:
        with self._changing:
            self._stopping.set()
        self._process.terminate()
        try:
            self._process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for end in (self._lifeline, self._held):
            os.close(end)


@click.command()
@click.option("--lifeline", type=int, hidden=True, help="A pipe that ends with the server.")
def worker(lifeline: int | None) -> None:
    """Do what is due, without serving pages. Web processes serve beside it, on the same PostgreSQL
    database."""
    if lifeline is not None:
        end_with_parent(lifeline)
    settings = settings_or_exit()
    with held.embedded_database(settings):
        _work(settings)


def _work(settings: Settings) -> None:
    service = open_service(settings)
    scheduler = Scheduler(service.engine)
    keep_what_is_loaded()
    scheduler.start()
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    stop.wait()
    scheduler.stop()
    service.close()
