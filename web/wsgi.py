"""The program of a web worker process: the application behind its front, and on SQLite the
scheduler beside it."""

from __future__ import annotations

import atexit
import signal
from collections.abc import Callable
from contextlib import suppress
from wsgiref.types import WSGIApplication

from engine.scheduler import Scheduler
from processes.acts.service import Service
from processes.operation.open_work import OpenWork
from web.app import create_app
from web.commands.lifeline import end_with_server
from web.composition import is_sqlite, keep_what_is_loaded, open_service, settings_or_exit
from web.configuration.settings import Settings
from web.front.door import Door
from web.front.receiving import Bounds
from web.front.sockets import Doorkeeper
from web.front.watch import Watch


def app() -> Door:
    """The ASGI application of one worker process."""
    end_with_server()
    settings = settings_or_exit(serving=True)
    service = open_service(settings)
    application = create_app(service, settings)
    keep_what_is_loaded()
    if is_sqlite(settings):
        scheduler = Scheduler(service.engine)
        scheduler.start()
        atexit.register(scheduler.stop)
    keep_the_door(settings)
    return door(application, settings, watch(service, settings))


def keep_the_door(settings: Settings) -> None:
    """Let no address use all connections; behind trusted proxies all come from the proxies."""
    most = min(settings.max_connections_per_address, settings.max_connections // 2)
    if most and not settings.trusted_proxies:
        Doorkeeper(settings.port, most).start()


def watch(service: Service, settings: Settings) -> Watch:
    """The watch for workers that wait for work. Pages keep half of the threads and of the
    connections."""
    work = OpenWork(service.engine)
    return Watch(
        work,
        heartbeat=work.heartbeat,
        most=settings.max_connections // 2,
        at_once=max(1, settings.threads // 2),
        at_end=_at_end,
    )


def _at_end(act: Callable[[], object]) -> None:
    """Run `act` as soon as the server is told to stop; the server then waits for running requests.
    The server's own handler is the event loop's and stays."""

    def ending(*_: object) -> None:
        with suppress(RuntimeError):  # called once more after the loop has ended
            act()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, ending)


def door(application: WSGIApplication, settings: Settings, watch: Watch | None = None) -> Door:
    """The front of the application, with the patience of the settings."""
    bounds = Bounds(
        seconds=settings.body_seconds,
        bytes_per_second=settings.body_bytes_per_second,
        most_bytes=settings.max_bodies_mb * 10**6,
        most_bodies=settings.max_bodies_per_address,
    )
    return Door(
        application,
        threads=settings.threads,
        bounds=bounds,
        send_seconds=settings.send_seconds,
        proxies=settings.trusted_proxies,
        watch=watch,
    )
