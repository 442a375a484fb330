"""Filling a database with the demo before serving.

On SQLite the demo is played into a separate file, which gets its real name when it is complete, so
an interrupted start leaves nothing half done. A PostgreSQL database must be empty.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from engine.sentences.errors import Conflict
from engine.sentences.sentence import say
from engine.time.clock import ManualClock
from processes.acts.service import Service
from processes.demo.crowd import Size
from processes.demo.people import give_password, password
from processes.demo.play import LARGE, Tell, play
from processes.operation.readiness import DEMO_COMPLETE
from processes.storage.operation.settings import read_setting
from processes.storage.people import user_list
from web.composition import database_file, open_service
from web.configuration.settings import Settings

PART = "demo-part.db"


def ensure(settings: Settings, tell: Tell, size: Size | None = None) -> None:
    """Play the demo into an empty database, with `size` for a larger one. A filled database stays
    as it is, except that its accounts get the configured password.

    Raises Conflict for a database that has accounts but no complete demo, or not one of this size.
    """
    file = database_file(settings)
    if file is None or file.exists():
        _fill(settings, tell, size, anew=file is None)
        return
    part = settings.data_dir / PART
    _remove(part)
    url = f"sqlite:///{part.absolute()}"
    _fill(settings.model_copy(update={"database_url": url}), tell, size, anew=True)
    with part.open("rb") as written:
        os.fsync(written.fileno())
    part.rename(file)


def _remove(part: Path) -> None:
    part.parent.mkdir(parents=True, exist_ok=True)
    for leftover in part.parent.glob(f"{part.name}*"):
        leftover.unlink()


def _fill(settings: Settings, tell: Tell, size: Size | None, *, anew: bool) -> None:
    """`anew`: the rest of an interrupted filling is deleted or refused, so no commit need be safe
    before the end."""
    now = datetime.now(UTC)
    clock = ManualClock(now)
    service = open_service(settings, clock)
    try:
        secret = password(settings.data_dir, settings.demo_password.get_secret_value())
        if _is_complete(service, size):
            if give_password(service, secret):
                tell("The demo accounts have a new password; sessions of the old one have ended.")
            return
        if anew:
            service.engine.database.hurry()
        much = f"months of {size.recommendations}" if size else "weeks of five"
        tell(f"Playing the demo: some {much} recommendations ...")
        play(service, clock, now, secret, tell, size)
    finally:
        service.close()


def _is_complete(service: Service, size: Size | None) -> bool:
    with service.reading() as connection:
        if found := read_setting(connection, DEMO_COMPLETE):
            if size and found != LARGE:
                raise Conflict(
                    say("This database has the small demo: choose an empty one for the large demo.")
                )
            return True
        if user_list.page(connection, limit=1):
            raise Conflict(
                say(
                    "This database has accounts but no demo: set TINDAK_DEMO=0, or choose an empty "
                    "database."
                )
            )
    return False
