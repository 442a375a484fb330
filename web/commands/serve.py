"""`tindak serve`, `tindak worker` and `tindak run`: the product as processes.

On SQLite one web process with threads carries the scheduler as a thread of its own. On PostgreSQL
`serve` starts the web processes and one worker beside them; any number of hosts may join.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import threading

import click
from granian import Granian
from granian.constants import Interfaces

from engine.scheduler import Scheduler
from processes.demo import people
from web import demo
from web.composition import is_sqlite, keep_what_is_loaded, open_service, settings_or_exit
from web.settings import Settings

RESPAWN_SECONDS = 1.0
"""A killed worker comes back after so long."""


@click.command()
def serve() -> None:
    """Serve the web pages and the APIs; no demo, no default account."""
    _serve(settings_or_exit(serving=True))


@click.command()
def run() -> None:
    """Set up, fill with the demo on the first start, and serve: what `make run` calls."""
    settings = settings_or_exit(serving=True)
    if settings.demo:
        demo.ensure(settings, click.echo)
    click.echo(f"\nTindak: {settings.origin}")
    if settings.demo:
        secret = people.password(settings.data_dir, settings.demo_password.get_secret_value())
        click.echo(f"Accounts: {', '.join(people.SHOWN)}\nPassword: {secret}\n")
    _serve(settings)


def _serve(settings: Settings) -> None:
    # Once before all workers: an empty database is filled by one process only, and one of another
    # version is refused in a sentence instead of by each worker again.
    open_service(settings).close()
    server = Granian(
        "web.wsgi:app",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=1 if is_sqlite(settings) else settings.workers,
        blocking_threads=settings.threads,
        respawn_failed_workers=True,
        respawn_interval=RESPAWN_SECONDS,
        factory=True,
        websockets=False,
        log_access=False,
    )
    if is_sqlite(settings):
        server.serve()
        return
    with _Companion():
        server.serve()


class _Companion:
    """The worker process beside the web processes: started again when it ends by itself."""

    def __enter__(self) -> None:
        self._stopping = threading.Event()
        self._process = self._start()
        threading.Thread(target=self._watch, daemon=True).start()

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-m", "web.cli", "worker"])

    def _watch(self) -> None:
        while not self._stopping.is_set():
            self._process.wait()
            if not self._stopping.wait(RESPAWN_SECONDS):
                self._process = self._start()

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._process.terminate()
        self._process.wait(timeout=30)


@click.command()
def worker() -> None:
    """Run the scheduler alone, beside web processes on the same PostgreSQL database."""
    settings = settings_or_exit()
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
