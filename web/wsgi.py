"""What a web worker process runs: the application, and on SQLite the scheduler beside it."""

from __future__ import annotations

import atexit

from flask import Flask

from engine.scheduler import Scheduler
from web.app import create_app
from web.composition import is_sqlite, keep_what_is_loaded, open_service, settings_or_exit


def app() -> Flask:
    """The WSGI application of one worker process."""
    settings = settings_or_exit(serving=True)
    service = open_service(settings)
    application = create_app(service, settings)
    keep_what_is_loaded()
    if is_sqlite(settings):
        scheduler = Scheduler(service.engine)
        scheduler.start()
        atexit.register(scheduler.stop)
    return application
