"""The stage on which every act is tried: the ministry in the middle of its work, on one database,
reset after each trial.

Owns the story before the acts, and the view of an act from outside: its rows, its reports and its
memory. Knows no single act.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from uuid_utils.compat import uuid7

from engine import Engine
from engine.execution.border import Live
from engine.storage import tables
from engine.storage.cases import steps
from engine.storage.database.unit_of_work import Database
from processes.acts.service import Service
from processes.register.states import AccountKind
from processes.rights.access import Scope, operator, scope_of
from processes.rights.scope import of_token, stranger
from processes.storage.authentication import passwords, sessions
from processes.storage.authentication.sessions import Token
from processes.storage.notices import reminder_letters
from processes.storage.people import users
from processes.storage.tables import people
from tests.processes.acts.failing import Failing
from tests.processes.acts.likeness import Before
from tests.processes.acts.stores import PostgresStore, SqliteStore, Store
from tests.processes.stories.world import ACCEPTED, World, open_world
from tests.web.api.models import DIVIDED, PAID, WEIGH

CONSOLE = "console"
"""Who acts as the operator of the server."""
STRANGER = "stranger"
"""Who has proved nothing yet: what they may rests on the secret they bring."""
CLEARED_FOR = "secret"
"""Everybody on the stage; its cases are restricted, so that clearance and secrecy can cross."""
CLASSIFIED = "restricted"
LONG_PAST = datetime.fromisoformat("2000-01-01T00:00:00+00:00")
FAR_OFF = datetime.fromisoformat("2100-01-01T00:00:00+00:00")
TOKEN = UUID("01a00000-0000-7000-8000-000000000000")


@dataclass(frozen=True, slots=True)
class Moment:
    """The stage at one time, to be put back."""

    kept: Any
    at: datetime


@dataclass
class Stage:
    """One database with the product open on it. `of`: what the story has made, by name."""

    world: World
    store: Store
    failing: Failing
    of: dict[str, UUID] = field(default_factory=dict)
    told: list[object] = field(default_factory=list)
    begin: Moment | None = None

    @property
    def service(self) -> Service:
        """The one that every act is done by: what it keeps in memory is on trial too."""
        return self.world.services[0]

    @property
    def engine(self) -> Engine:
        return self.service.engine

    @property
    def database(self) -> Database:
        return self.engine.database

    # --- time and again -------------------------------------------------------------------------

    def keep(self) -> Moment:
        """The stage as it is now."""
        return Moment(self.store.keep(), self.world.clock.now)

    def restore(self, moment: Moment) -> None:
        """The stage as it was, nothing of what came since in memory."""
        self.store.restore(moment.kept)
        self.world.clock.now = moment.at
        for service in self.world.services:
            service.engine._stepper.cache._entries.clear()
        self.told.clear()

    def reset(self) -> None:
        """As the story left it."""
        assert self.begin is not None
        self.restore(self.begin)

    def before(self) -> Before:
        """What an act is compared with."""
        return Before(self.store.rows(), self.store.apart)

    # --- who acts -------------------------------------------------------------------------------

    def scope(self, username: str, *, confirmed: bool = False) -> Scope:
        """Somebody as a request takes them: a program with its token, a person with the session;
        `confirmed`: the password was given once more."""
        if username == CONSOLE:
            return operator(CONSOLE)
        if username == STRANGER:
            return stranger()
        with self.service.reading() as connection:
            person = users.by_username(connection, username)
            assert person is not None, username
            if person.is_service:
                [token] = sessions.tokens_of(connection, person.id)
                return of_token(connection, token, person)
            found = scope_of(connection, person.id)
            known = passwords.credentials(connection, username)
        assert known is not None
        return replace(found, confirmed=known.password_version if confirmed else None)

    def by_token(self, scope: Scope, id: UUID = TOKEN) -> Scope:
        """The same person, come with a token that is made for the trial, the same each time."""
        token = Token(
            id, scope.user_id, "trial", "act", self.world.clock.now, FAR_OFF, None
        )  # fmt: skip
        with self.service.transaction() as connection:
            sessions.insert_token(connection, token, token.id.hex * 2)
            person = users.by_id(connection, scope.user_id)
            assert person is not None
            return replace(of_token(connection, token, person), confirmed=scope.confirmed)

    # --- what an act leaves in memory -----------------------------------------------------------

    def warm(self, case: UUID | None) -> None:
        """Have the case in memory, as after the step before."""
        if case is None:
            return
        stepper = self.engine._stepper
        with self.service.reading() as connection:
            row = connection.execute(
                select(tables.instance.c.definition_id, tables.instance.c.version).where(
                    tables.instance.c.id == case
                )
            ).one()
            program = stepper.programs.of(connection, row.definition_id)
            find = stepper.programs.finder(connection)
            live = Live.load(program, steps.state(connection, case), find)
        stepper.cache.put(case, row.version, live)

    def remembers_truly(self, case: UUID | None) -> bool:
        """Whether what is in memory of a case, if anything, is what is stored."""
        if case is None:
            return True
        with self.service.reading() as connection:
            version = connection.scalar(
                select(tables.instance.c.version).where(tables.instance.c.id == case)
            )
            stored = steps.state(connection, case)
        live = self.engine._stepper.cache.take(case, version or 0)
        return live is None or live.dump() == stored


def open_stage(url: str, folder: Path) -> Stage:
    """The stage on a copy of the ministry's database."""
    world = open_world(url, folder)
    database = world.services[0].engine.database
    store: Store
    if database.is_sqlite:
        store = SqliteStore(Path(str(database.url.database)))
    else:
        store = PostgresStore(database.url.render_as_string(hide_password=False))
    for service in world.services[1:]:
        service.engine.database.hurry()
    stage = Stage(world, store, Failing(database))
    _tell(stage)
    _story(stage)
    stage.begin = stage.keep()
    return stage


def close_stage(stage: Stage) -> None:
    """Close all its connections."""
    stage.store.close()
    for service in stage.world.services:
        service.close()


def _tell(stage: Stage) -> None:
    """Past `listen`, which on PostgreSQL hears what others tell as well."""
    engine = stage.engine
    engine._waking._listeners.append(lambda seconds: stage.told.append(("wake", round(seconds))))
    engine._offers._listeners.append(lambda topics: stage.told.append(("offer", sorted(topics))))


def _story(stage: Stage) -> None:
    """A recommendation of two institutions: one is late with its plan, and a letter about it is
    drafted, the other may report. Beside it a draft, and models of an owner's own."""
    world = stage.world
    world.colleague("rina", "kemhan")
    world.colleague("sari", "kemenperin")
    recommendation = world.issued(classification=CLASSIFIED)
    late, ready = (world.follow_up(recommendation, who) for who in ("kemhan", "kemenperin"))
    world.do("kemhan", "acknowledge", late, **ACCEPTED)
    world.to_report("kemenperin", ready)
    world.wait_until(world.at(date(2026, 1, 23)))
    stage.of |= {"recommendation": recommendation, "late": late, "ready": ready}
    stage.of["draft"] = world.propose()
    with world.service.reading() as connection:
        [letter] = reminder_letters.of_follow_up(connection, late)
    stage.of["letter"] = letter.id
    _models(stage)
    with world.service.transaction() as connection:
        connection.execute(update(people.user).values(clearance=CLEARED_FOR))
    _programs(stage)


def _models(stage: Stage) -> None:
    """Instances that wait: for a decision, a message, a worker, and for repair."""
    engine = stage.world.services[1].engine
    for files in (DIVIDED, PAID, WEIGH):
        engine.deploy(files, "owner", "Trial.")
    stage.of["divided"] = engine.start("divided", {"count": 4}, by="owner")
    stage.of["paid"] = engine.start("paid", {}, "order-1", by="owner")
    stage.of["weigh"] = engine.start("weigh", {}, by="owner")
    stage.of["broken"] = engine.start("divided", {"count": 0}, by="owner")
    [task] = engine.tasks(instance_id=stage.of["broken"])
    received = engine.complete(task.id, {}, "owner")
    assert received.incident is not None
    stage.of["incident"] = received.incident


def _programs(stage: Stage) -> None:
    """A worker with a token for its topic."""
    row = users.User(
        uuid7(), "scales", "Scales", "", "", "ordinary", "en", "system", "dense", "Asia/Jakarta",
        True, False, stage.world.clock.now, AccountKind.SERVICE,
    )  # fmt: skip
    token = Token(
        uuid7(), row.id, "scales", "act", stage.world.clock.now, FAR_OFF, None,
        ["weigh"], [],
    )  # fmt: skip
    with stage.service.transaction() as connection:
        users.insert_user(connection, row)
        sessions.insert_token(connection, token, token.id.hex * 2)
