"""The trial of an act: its scene, its author, and the basis of the author's right.

Owns the shape of an example and the ways in which a right ends. The examples are in `of_cases`,
`of_models`, `of_people` and `of_programs`; `registry` has them all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, update

from engine.storage import tables
from engine.storage.cases import worklist
from processes.rights.access import Scope
from processes.storage.authentication import sessions
from processes.storage.tables import people, recommendations
from tests.processes.acts.stage import LONG_PAST, Moment, Stage


@dataclass(frozen=True, slots=True)
class Scene:
    """What an act is given. `case`: the instance that it locks first; `task`: the one it is upon;
    `recommendation`: by whose secrecy it is read."""

    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    case: UUID | None = None
    task: UUID | None = None
    recommendation: UUID | None = None


@dataclass(slots=True)
class Trial:
    """A scene as it stood at a `moment`, with whoever acts in it; `by_token`: come with one, not
    with a session."""

    stage: Stage
    scope: Scope
    scene: Scene
    moment: Moment
    by_token: bool = False

    def begin(self) -> Trial:
        """Everything as it was then."""
        self.stage.restore(self.moment)
        if self.by_token:
            self.scope = self.stage.by_token(self.scope)
        return self


@dataclass(frozen=True, slots=True)
class Removal:
    """One thing that a right rests on, and how it is taken away; the product's own way of it may be
    longer, but comes to these rows."""

    name: str
    take: Callable[[Connection, Trial], None]


@dataclass(frozen=True, slots=True)
class Example:
    """`act`: module and name, as `processes.acts.acting.DOORS` has it. `upon_case`: it locks a
    case, so it is tried on PostgreSQL too, where others move meanwhile; `upon_account`: it locks
    the account of whoever acts. `confirmed`: the password is given once more."""

    act: str
    by: str
    scene: Callable[[Stage], Scene]
    rests_on: tuple[Removal, ...]
    upon_case: bool = False
    upon_account: bool = False
    confirmed: bool = False

    def __str__(self) -> str:
        return f"{self.act.removeprefix('processes.')} by {self.by}"


# --- what a right of a person rests on ----------------------------------------------------------


def role(name: str) -> Removal:
    """The role is taken from them."""
    row = people.user_role.c

    def take(connection: Connection, trial: Trial) -> None:
        mine = (row.user_id == trial.scope.user_id) & (row.role == name)
        assert connection.execute(delete(people.user_role).where(mine)).rowcount == 1

    return Removal(f"role {name}", take)


def membership(institution: str, part: str = "contact") -> Removal:
    """They are no contact, or no head, of the institution any more."""
    row = people.membership.c

    def take(connection: Connection, trial: Trial) -> None:
        mine = (
            (row.user_id == trial.scope.user_id)
            & (row.institution_code == institution)
            & (row.role == part)
        )
        assert connection.execute(delete(people.membership).where(mine)).rowcount == 1

    return Removal(f"{part} of {institution}", take)


def _lower(connection: Connection, trial: Trial) -> None:
    mine = people.user.c.id == trial.scope.user_id
    connection.execute(update(people.user).where(mine).values(clearance="ordinary"))


CLEARANCE = Removal("clearance", _lower)
"""They may not read as much any more."""


def _classify(connection: Connection, trial: Trial) -> None:
    row = recommendations.recommendation
    its = row.c.id == trial.scene.recommendation
    changed = connection.execute(update(row).where(its).values(classification="top_secret"))
    assert changed.rowcount == 1


SECRECY = Removal("classification", _classify)
"""The case is classified higher than they are cleared for."""


def _pass_on(connection: Connection, trial: Trial) -> None:
    assert trial.scene.task is not None
    task = worklist.get(connection, trial.scene.task)
    worklist.hand_over(connection, task, "somebody", trial.stage.world.clock.now)


ASSIGNMENT = Removal("assignment", _pass_on)
"""The task was given to somebody else."""


def _offer_elsewhere(connection: Connection, trial: Trial) -> None:
    assert trial.scene.task is not None
    task = worklist.get(connection, trial.scene.task)
    offered = update(tables.task).where(tables.task.c.id == task.id)
    connection.execute(offered.values(candidate_groups=["elsewhere"], candidate_users=[]))
    candidate = tables.task_candidate
    mine = (candidate.c.task_id == task.id) & candidate.c.principal.startswith("group:")
    connection.execute(update(candidate).where(mine).values(principal="group:elsewhere"))


CANDIDATE_GROUP = Removal("candidate group", _offer_elsewhere)
"""The task is not offered to their group any more."""


def _close(connection: Connection, trial: Trial) -> None:
    mine = people.user.c.id == trial.scope.user_id
    connection.execute(update(people.user).where(mine).values(active=False))


ACCOUNT = Removal("account", _close)
"""Their account was closed; a program's too."""


def _change_password(connection: Connection, trial: Trial) -> None:
    row = people.user.c
    newer = {"password_version": row.password_version + 1}
    connection.execute(update(people.user).where(row.id == trial.scope.user_id).values(newer))


PASSWORD = Removal("password", _change_password)
"""The password that was given once more was changed since."""


# --- what a right of a program rests on ---------------------------------------------------------


def _token(connection: Connection, trial: Trial, **values: object) -> None:
    mine = sessions.token.c.id == trial.scope.token_id
    assert connection.execute(update(sessions.token).where(mine).values(values)).rowcount == 1


def _revoke(connection: Connection, trial: Trial) -> None:
    mine = sessions.token.c.id == trial.scope.token_id
    assert connection.execute(delete(sessions.token).where(mine)).rowcount == 1


REVOKED = Removal("token revoked", _revoke)
EXPIRED = Removal("token expired", lambda c, trial: _token(c, trial, expires_at=LONG_PAST))
TOPIC = Removal("topic", lambda c, trial: _token(c, trial, topics=["other"]))
CASE_TOPIC = Removal("topic in real cases", lambda c, trial: _token(c, trial, case_topics=[]))
OF_TOKEN = (REVOKED, EXPIRED, ACCOUNT)
"""What comes to everybody who came with a token."""
