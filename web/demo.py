"""Filling a database with the demo before serving.

On SQLite it is played into a file of its own that gets its real name when it is complete; an
interrupted start leaves nothing half done. A PostgreSQL database must be empty.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import make_url

from engine.clock import ManualClock
from engine.errors import Conflict
from engine.words import say
from processes.demo.people import password
from processes.demo.play import Tell, play
from processes.readiness import DEMO_COMPLETE
from processes.service import Service
from processes.storage import users
from processes.storage.settings import read_setting
from web.composition import is_sqlite, open_service
from web.settings import Settings

PART = "demo-part.db"


def ensure(settings: Settings, tell: Tell) -> None:
    """Play the demo into an empty database; a filled one is left as it is.

    Raises Conflict for a database that has accounts but no complete demo.
    """
    file = _file(settings)
    if file is None or file.exists():
        _fill(settings, tell)
        return
    part = settings.data_dir / PART
    _remove(part)
    _fill(settings.model_copy(update={"database_url": f"sqlite:///{part.absolute()}"}), tell)
    part.rename(file)


def _file(settings: Settings) -> Path | None:
    """The embedded database, when it is one in a file."""
    name = make_url(settings.engine_url).database if is_sqlite(settings) else None
    return Path(name) if name else None


def _remove(part: Path) -> None:
    part.parent.mkdir(parents=True, exist_ok=True)
    for leftover in part.parent.glob(f"{part.name}*"):
        leftover.unlink()


def _fill(settings: Settings, tell: Tell) -> None:
    now = datetime.now(UTC)
    clock = ManualClock(now)
    service = open_service(settings, clock)
    try:
        if _is_complete(service):
            return
        secret = password(settings.data_dir, settings.demo_password.get_secret_value())
        tell("Playing the demo: some weeks of five recommendations ...")
        play(service, clock, now, secret, tell)
    finally:
        service.close()


def _is_complete(service: Service) -> bool:
    with service.reading() as connection:
        if read_setting(connection, DEMO_COMPLETE):
            return True
        if users.page(connection, limit=1):
            raise Conflict(
                say(
                    "This database has accounts but no demo: set TINDAK_DEMO=0, or choose an empty "
                    "database."
                )
            )
    return False
