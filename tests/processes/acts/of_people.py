"""Examples of the acts on accounts, institutions and calendars, and of acts of strangers: signing
in, choosing a password by a link, working at the console."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select, update
from uuid_utils.compat import uuid7

from engine.storage.cases import worklist
from processes.authentication.credentials import Chosen, digest
from processes.authentication.password_check import Visitor
from processes.authentication.sign_in import Limits
from processes.authentication.throttle import ACCOUNT as PER_ACCOUNT
from processes.authentication.throttle import knock, of_account
from processes.authentication.tokens import Bearer
from processes.days.calendars import COMMON
from processes.people import account_desk, stand_ins
from processes.people.accounts import NewUser
from processes.people.institutions import Details, Ending
from processes.people.links import invitations
from processes.people.stand_ins import Wanted
from processes.rights.grants import granted
from processes.storage import bulk
from processes.storage.authentication import passwords, sessions
from processes.storage.authentication.sessions import Session
from processes.storage.bulk import BulkAct, Part
from processes.storage.days.calendars import NamedDay, edition_of
from processes.storage.people import saved_lists, users
from processes.storage.people.saved_lists import SavedList
from processes.storage.tables import people
from processes.work import deadline_mover, tasks
from processes.work.deadline_mover import Move
from tests.processes.acts.examples import Example, Scene, membership, role
from tests.processes.acts.stage import CONSOLE, LONG_PAST, STRANGER, Stage

ADMIN: Final = role("admin")
YEAR: Final = timedelta(days=365)
HERE: Final = Visitor("203.0.113.7", "Firefox")
HASHED: Final = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$aGFzaA"
"""Of no password: comparing is slow, and no part of an act."""
HOLIDAY: Final = NamedDay(date(2026, 8, 18), "Cuti bersama", "joint_leave", "SKB 9/2026")
BODY: Final = Details("Badan Contoh", "Bacon", "agency")

HEADED: Final = "institution-head:kemhan"

Make = Callable[[Stage], Scene]


def _given(*args: Any, **kwargs: Any) -> Make:
    return lambda _stage: Scene(args, kwargs)


def _about(username: str, *args: Any, **kwargs: Any) -> Make:
    """An act upon somebody's account."""
    return lambda stage: Scene((_id(stage, username), *args), kwargs)


def _id(stage: Stage, username: str) -> UUID:
    with stage.service.reading() as connection:
        found = users.id_of(connection, username)
    assert found is not None
    return found


def _user(stage: Stage, username: str) -> users.User:
    with stage.service.reading() as connection:
        found = users.by_username(connection, username)
    assert found is not None
    return found


# --- accounts -------------------------------------------------------------------------------------


def _leaving(stage: Stage) -> Scene:
    """A contact with a task in hand, who is not the last one."""
    task = stage.world.task(stage.of["late"], "plan")
    tasks.claim(stage.service, stage.world.person("kemhan"), task.id)
    return Scene((stage.world.person("kemhan").user_id,))


def _closed(stage: Stage) -> Scene:
    id = _id(stage, "rina")
    with stage.service.transaction() as connection:
        connection.execute(update(people.user).where(people.user.c.id == id).values(active=False))
    return Scene((id,))


def _request(stage: Stage, *args: Any) -> Scene:
    """What one administrator asked for, to be decided by another."""
    with stage.service.transaction() as connection:
        row = people.user.c.username == "sari"
        second = connection.scalar(select(people.user.c.id).where(row))
        assert second is not None
        users.replace_grants(connection, second, granted("admin"))
    wider = granted("coordinator")
    waiting = account_desk.change_rights(
        stage.service, stage.scope("sari", confirmed=True), _id(stage, "rina"),
        grants=wider, clearance="secret",
    )  # fmt: skip
    assert waiting is not None
    return Scene((waiting.id, *args))


def _topics(stage: Stage) -> Scene:
    id = _id(stage, "scales")
    with stage.service.reading() as connection:
        [token] = sessions.tokens_of(connection, id)
    return Scene((id, token.id, ["weigh"]))


def _token_of_scales(stage: Stage) -> Scene:
    id, token, _ = _topics(stage).args
    return Scene((id, token))


def _known(stage: Stage, username: str) -> passwords.Credentials:
    with stage.service.reading() as connection:
        found = passwords.credentials(connection, username)
    assert found is not None
    return found


def _new_password(stage: Stage) -> Scene:
    return Scene((_known(stage, "kemhan"), HASHED, False, HERE.address))


def _own_token(stage: Stage) -> Scene:
    scope = stage.by_token(stage.scope("kemhan"), uuid7())
    return Scene((scope.token_id,))


def _stand_in(stage: Stage) -> Wanted:
    """For the head of kemhan, from today."""
    today = stage.world.today()
    return Wanted(
        HEADED, _id(stage, "kemhan-head"), _id(stage, "rina"), "plh", today,
        today + timedelta(days=3), "Prin/7/2026", "Dinas luar negeri.",
    )  # fmt: skip


def _standing_in(stage: Stage) -> Scene:
    return Scene((stand_ins.name(stage.service, stage.scope("kemhan-head"), _stand_in(stage)),))


# --- whoever is nobody yet ------------------------------------------------------------------------


def _entering(stage: Stage) -> Scene:
    return Scene((_known(stage, "kemhan"), HERE, Limits()))


def _passed(stage: Stage) -> Scene:
    with stage.service.transaction() as connection:
        knocked = knock(connection, of_account("kemhan"), PER_ACCOUNT, stage.engine.real_now())
    return Scene((_known(stage, "kemhan"), (knocked,), HASHED))


def _failed(stage: Stage) -> Scene:
    return Scene((_known(stage, "kemhan"), "sign_in", HERE.address))


def _link(stage: Stage) -> Scene:
    made = invitations.invite(stage.service, stage.scope(CONSOLE), _id(stage, "kemhan"))
    return Scene((made.key, HASHED, HERE.address))


def _session(stage: Stage, key: str = "the key of a session") -> Session:
    """A session that has begun yesterday."""
    now = datetime.now(UTC)
    row = Session(
        digest(key), _id(stage, "kemhan"), now - timedelta(days=1), now - timedelta(hours=1),
        now + YEAR, HERE.address, HERE.user_agent,
    )  # fmt: skip
    with stage.service.transaction() as connection:
        sessions.insert_session(connection, row)
    return row


def _signing_out(stage: Stage) -> Scene:
    _session(stage)
    return Scene(("the key of a session",))


def _others(stage: Stage) -> Scene:
    return Scene((_session(stage, "another").digest[::-1],), {"address": HERE.address})


def _bearer(stage: Stage) -> Scene:
    person = _user(stage, "scales")
    with stage.service.reading() as connection:
        [token] = sessions.tokens_of(connection, person.id)
    return Scene((Bearer(token, person, LONG_PAST),))


def _nobody_there(stage: Stage) -> Scene:
    """An installation in which nobody has a name of the demo's."""
    with stage.service.transaction() as connection:
        former = "former-" + people.user.c.username
        connection.execute(update(people.user).values(username=former))
    return Scene(({"bacon": BODY}, Chosen("-", HASHED)))


def _one_missing(stage: Stage) -> Scene:
    with stage.service.transaction() as connection:
        connection.execute(delete(people.institution).where(people.institution.c.code == "brin"))
    return Scene()


def _example_person(stage: Stage) -> Scene:
    return Scene(("kemhan",), {"visitor": HERE, "limits": Limits()})


# --- calendars and acts over many -----------------------------------------------------------------


def _changing(stage: Stage) -> Scene:
    with stage.service.reading() as connection:
        edition = edition_of(connection, COMMON)
    return Scene((COMMON, HOLIDAY, edition, []))


def _part(stage: Stage) -> Part:
    """One deadline that follows from a change of the calendar by the administrator."""
    task = stage.world.task(stage.of["ready"], "report")
    admin, now = _user(stage, "admin"), stage.world.clock.now
    assert task.due_at is not None
    wanted = BulkAct(
        uuid7(), deadline_mover.MOVES, f"calendar:{COMMON}", "Cuti bersama (SKB 9/2026)",
        {"day": "2026-04-30"}, admin.id, admin.username, None, now,
    )  # fmt: skip
    facts = Move(task.id, task.due_at, date(2026, 5, 4)).written()
    with stage.service.transaction() as connection:
        bulk.plan(connection, wanted, [(task.id, facts)])
        [id] = connection.scalars(select(bulk.bulk_part.c.id))
        found = bulk.find(connection, id)
    assert found is not None
    return found


def _moving(stage: Stage) -> Scene:
    part = _part(stage)
    with stage.service.reading() as connection:
        case = worklist.get(connection, part.about).instance_id
    return Scene((deadline_mover.move, part), {}, case)


def _refused(stage: Stage) -> Scene:
    return Scene((_part(stage), "refused"))


def _by_admin(act: str, scene: Make, *, confirmed: bool = False) -> Example:
    """An act upon accounts."""
    return Example(
        f"processes.{act}", "admin", scene, (ADMIN,), upon_account=True, confirmed=confirmed
    )


def _beside(act: str, scene: Make) -> Example:
    """An act of the administrator upon anything else."""
    return Example(f"processes.{act}", "admin", scene, (ADMIN,))


def _beside_head(act: str, scene: Make) -> Example:
    """An act of an institution's head upon accounts."""
    rests_on = (membership("kemhan", "head"),)
    return Example(f"processes.{act}", "kemhan-head", scene, rests_on, upon_account=True)


def _own(act: str, scene: Make, *, confirmed: bool = False) -> Example:
    """What everybody may do with their own account, while it is one."""
    return Example(f"processes.{act}", "kemhan", scene, (), upon_account=True, confirmed=confirmed)


def _mine(act: str, scene: Make) -> Example:
    """The same without locking the account."""
    return Example(f"processes.{act}", "kemhan", scene, ())


def _at_console(act: str, scene: Make) -> Example:
    return Example(f"processes.{act}", CONSOLE, scene, ())


def _by_stranger(act: str, scene: Make) -> Example:
    return Example(f"processes.{act}", STRANGER, scene, ())


_NEW: Final = NewUser("tina", "Tina", "", "tina@example.go.id", "ordinary", granted())
_TOPICS: Final = {"name": "Timbangan", "topics": ["weigh"], "case_topics": [], "lasts": YEAR}
_TOKEN: Final = {"name": "Ekspor", "kind": "read", "lasts": YEAR}


def _saved_list(stage: Stage, *more: str) -> Scene:
    """A list of kemhan's own."""
    row = SavedList(
        uuid7(),
        _id(stage, "kemhan"),
        "follow_ups",
        "Terlambat",
        "time=late",
        stage.engine.real_now(),
    )
    with stage.service.transaction() as connection:
        saved_lists.insert_list(connection, row)
    return Scene((row.id, *more))


EXAMPLES: Final = (
    _by_admin("people.leaving.close_account", _leaving),
    _by_admin(
        "people.account_desk.change_rights", _about("rina", grants=granted(), clearance="ordinary")
    ),
    _by_admin("people.account_desk.reopen", _closed),
    _by_admin(
        "people.account_desk.change_details",
        _about("rina", name="Rina", post="Staf", email="baru@example.go.id"), confirmed=True,
    ),
    _own("people.account_desk.change_own_mail", _given("baru@example.go.id"), confirmed=True),
    _by_admin(
        "people.account_desk.make_service_token", _about("scales", **_TOPICS), confirmed=True
    ),
    _at_console("people.account_desk.provide_service_token", _given("printer", **_TOPICS)),
    _by_admin("people.account_desk.allow_topics", _topics, confirmed=True),
    _by_admin("people.account_desk.approve", _request, confirmed=True),
    _by_admin("people.account_desk.refuse", lambda stage: _request(stage, "Tidak perlu.")),
    _by_admin("people.links.account_links.invite_new", _given(_NEW)),
    _by_admin("people.links.account_links.make", _about("rina")),
    _at_console("people.links.account_links.show_new", _given(_NEW)),
    _at_console("people.links.account_links.show", _given("rina")),
    _by_stranger("people.links.account_links._take_in", _given("kemhan", HERE.address)),
    _by_admin("people.accounts.create", _given(_NEW)),
    _own("people.accounts.change_preferences", _given({"theme": "dark"})),
    _own("people.accounts._change_password", _new_password),
    _mine("work.saved_lists.save", _given(list="inbox", name="Hari ini", query="group=today")),
    _mine("work.saved_lists.rename", lambda stage: _saved_list(stage, "Lewat tenggat")),
    _mine("work.saved_lists.forget", _saved_list),
    _at_console("acts.bulk._settle", _refused),
    Example("processes.acts.bulk.carry_out", "admin", _moving, (ADMIN,), upon_case=True),
    _at_console("work.calendar_changes.keep_zone", _given(ZoneInfo("Asia/Jayapura"))),
    _beside("work.calendar_changes.change_day", _given(COMMON, HOLIDAY)),
    _beside("work.calendar_changes._change", _changing),
    _at_console("demo.people._give_password", _given(HASHED)),
    _at_console("demo.people.add_all", _nobody_there),
    _beside_head("people.stand_ins.name", lambda stage: Scene((_stand_in(stage),))),
    _beside_head("people.stand_ins.end", _standing_in),
    _by_stranger("people.example_accounts.enter", _example_person),
    _beside("people.institutions.add", _given("bacon", BODY)),
    _beside("people.institutions.change", _given("kemhan", BODY)),
    Example(
        "processes.people.institutions.set_approval", "kemhan-head", _given("kemhan", True),
        (membership("kemhan", "head"),),
    ),
    _beside(
        "people.institutions.close",
        _given("brin", Ending(date(2026, 12, 31), "kemenperin", "UU 1/2026"))
    ),
    _by_admin("people.links.invitations.invite", _about("rina", shown=False)),
    _by_stranger("people.links.invitations._choose", _link),
    _by_stranger("authentication.password_check._knock", _given("kemhan", HERE)),
    _by_stranger("authentication.password_check._passed", _passed),
    _by_stranger("authentication.password_check._failed", _failed),
    _at_console("people.seed.seed_institutions", _one_missing),
    _by_admin("people.service_accounts.create", _given(username="printer", name="Printer")),
    _by_admin("people.service_accounts.revoke", _token_of_scales),
    _by_stranger("authentication.sign_in._enter", _entering),
    _by_stranger(
        "authentication.sign_in.touch_session",
        lambda stage: Scene((_session(stage), stage.engine.real_now())),
    ),
    _own("authentication.sign_in.end_other_sessions", _others, confirmed=True),
    _own(
        "authentication.sign_in.end_session",
        lambda stage: Scene((_session(stage).digest,)),
        confirmed=True,
    ),
    _by_stranger("authentication.sign_in.sign_out", _signing_out),
    _own("authentication.tokens.create", _given(**_TOKEN), confirmed=True),
    _at_console("authentication.tokens.create_for", _given("kemhan", **_TOKEN)),
    _by_stranger("authentication.tokens.touch", _bearer),
    _own("authentication.tokens.revoke", _own_token),
)  # fmt: skip
