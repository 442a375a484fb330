"""Real cases survive upgrades: every kept demo is opened, understood, and worked to its end, in
register and engine."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import zstandard
from sqlalchemy import select, text

from engine.sentences.errors import Conflict
from engine.storage import schema
from engine.storage.database.unit_of_work import Database
from engine.time.clock import ManualClock
from processes.acts.service import Options, Service
from processes.authentication.password_check import Visitor
from processes.authentication.sign_in import SignedIn, sign_in
from processes.cases.follow_up import follow_up_acts
from processes.cases.recommendation import recommendations
from processes.composition import open_service
from processes.demo.people import SHOWN
from processes.programs import engine_view
from processes.register.states import ENDED
from processes.rights.scope import Scope, scope_of
from processes.storage.people import users
from processes.storage.tables.follow_ups import follow_up
from processes.storage.tree import TREE
from tests.engine.formats.resaving import resaved
from tests.processes.kept import EVIDENCE, FOLDER, PASSWORD, POSTGRESQL, SEEN, SQLITE
from tests.processes.kept.agreement import disagreements
from tests.processes.kept.seeing import seen
from tests.processes.kept.working import Office
from tests.processes.kept.writing import PROGRAMS
from web.addresses import ADDRESSES

KEPT = sorted(file.parent for file in FOLDER.glob(f"*/{SEEN}"))
LARGEST = 100_000_000


@dataclass(frozen=True)
class Reopened:
    """A kept demo as this version opens it, a minute after it was kept."""

    service: Service
    clock: ManualClock
    left: dict[str, Any]


@pytest.fixture(params=KEPT, ids=lambda folder: folder.name)
def kept(request: pytest.FixtureRequest) -> Path:
    """Each demo that was kept."""
    folder: Path = request.param
    return folder


@pytest.fixture
def reopened(kept: Path, database_url: str, tmp_path: Path) -> Iterator[Reopened]:
    """That demo on either database."""
    yield from reopen(kept, database_url, tmp_path)


@pytest.fixture
def small_reopened(sqlite_url: str, tmp_path: Path) -> Iterator[Reopened]:
    """The oldest of them on SQLite, for what the database plays no part in."""
    yield from reopen(KEPT[0], sqlite_url, tmp_path)


def reopen(kept: Path, url: str, folder: Path) -> Iterator[Reopened]:
    """Restored, and migrated as `tindak migrate` does it."""
    restore(kept, url, folder)
    database = Database(url)
    for tree in (schema.TREE, TREE):
        tree.upgrade(database)
    database.dispose()
    left = json.loads((kept / SEEN).read_text())
    clock = ManualClock(datetime.fromisoformat(left["kept_at"]) + timedelta(minutes=1))
    service = open_service(url, Options(folder, "https://tindak.example", ADDRESSES), clock)
    yield Reopened(service, clock, left["seen"])
    service.close()


def restore(kept: Path, url: str, folder: Path) -> None:
    """The database at `url`, the files in `folder`."""
    shutil.copytree(kept / EVIDENCE, folder / EVIDENCE)
    if url.startswith("sqlite"):
        Path(url.removeprefix("sqlite:///")).write_bytes(content(kept / SQLITE))
        return
    quiet = ["--quiet", "--no-psqlrc", "--set", "ON_ERROR_STOP=1", "--output", "/dev/null"]
    command = [PROGRAMS / "psql", *quiet, url.replace("+psycopg", "")]
    subprocess.run(command, input=content(kept / POSTGRESQL), check=True)


def content(file: Path) -> bytes:
    """What was compressed."""
    return zstandard.decompress(file.read_bytes(), max_output_size=LARGEST)


def test_nothing_is_lost_and_everybody_can_still_sign_in(reopened: Reopened) -> None:
    service = reopened.service
    assert disagreements(service) == []
    assert seen(service) == reopened.left
    for name in SHOWN:
        visitor = Visitor("127.0.0.1")
        assert isinstance(sign_in(service, name, PASSWORD, visitor=visitor), SignedIn)


def test_a_case_that_is_loaded_and_saved_has_the_bytes_it_had(reopened: Reopened) -> None:
    with reopened.service.engine.reading() as connection:
        pairs = list(resaved(connection))
    assert pairs
    for lay, saved in pairs:
        assert saved == lay


def test_no_form_of_a_former_version_shows_what_an_earlier_round_has_decided(
    small_reopened: Reopened,
) -> None:
    service = small_reopened.service
    tasks = service.engine.tasks(limit=500)
    decided = [
        (task, form)
        for task in tasks
        if (form := service.engine.form(task.id)[0]) is not None
        and form.shown & service.engine.form_data(task.id).keys()
    ]
    assert decided, "else nothing could be shown"
    shown = [engine_view.shown_by(service.engine, task, form) for task, form in decided]
    assert shown == [{} for _ in decided]


@pytest.mark.long
def test_every_case_of_a_former_version_comes_to_its_end(reopened: Reopened) -> None:
    service, left = reopened.service, reopened.left
    ask_for_what_messages_bring(service, reopened.clock.now.date())
    office = Office(service, reopened.clock)

    office.work_to_the_end()

    assert disagreements(service) == []
    ended = seen(service)
    assert ended["open tasks"] == {}
    assert set(ended["recommendations by status"]) <= set(ENDED)
    assert set(ended["follow-ups by status"]) <= set(ENDED)
    assert not any(name.endswith("active") for name in ended["instances"])
    for name in ("event", "escalation", "evaluation", "report"):
        assert ended["rows"][name] > left["rows"][name], f"no {name} was written on the way"
    assert ended["mails"]["shown"] > left["mails"]["shown"]


def ask_for_what_messages_bring(service: Service, today: date) -> None:
    """The running cases still listen: every institution asks for an extension, and a
    recommendation is proposed to be taken back."""
    with service.reading() as connection:
        columns = (follow_up.c.id, follow_up.c.institution, follow_up.c.recommendation_id)
        running = connection.execute(
            select(*columns).where(follow_up.c.status.not_in(ENDED)).order_by(follow_up.c.id)
        ).all()
    heard = 0
    for case in running:
        try:
            follow_up_acts.request_extension(
                service,
                person(service, case.institution),
                case.id,
                deadline=today + timedelta(days=90),
                reason="Contoh",
                letter_number="",
            )
            heard += 1
        except Conflict:
            continue  # one is under decision already
    assert heard == len(running) - 1
    recommendations.propose_withdrawal(
        service, person(service, "coordinator"), running[-1].recommendation_id, "Contoh"
    )


def person(service: Service, username: str) -> Scope:
    """Somebody of the demo."""
    with service.reading() as connection:
        found = users.by_username(connection, username)
        assert found is not None
        return scope_of(connection, found.id)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE follow_up SET status = 'closed' WHERE status = 'implement'",
        "DELETE FROM instance WHERE key = 'follow_up' AND status = 'active'",
        "UPDATE task SET status = 'cancelled' WHERE element_id = 'plan' AND status = 'open'",
        "DELETE FROM job WHERE kind = 'timer'",
        "DELETE FROM subscription WHERE message = 'extension_requested'",
        "UPDATE event SET body = X'7B7D' WHERE seq = 2",
        "DELETE FROM event WHERE seq > 1",
        "DELETE FROM audit WHERE seq = 3",
        "UPDATE evidence SET sha256 = '" + "0" * 64 + "'",
    ],
)
def test_whatever_is_lost_or_changed_between_register_and_engine_is_told(
    small_reopened: Reopened, statement: str
) -> None:
    with small_reopened.service.transaction() as connection:
        connection.execute(text(statement))
    assert disagreements(small_reopened.service) != []
