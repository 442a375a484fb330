"""Statements for accounts: one account, the holders of a role, the members of an institution.

Owns the SQL on `user` (except its password), `user_role` and `membership`. Must not know who may
ask (`processes.rights.access`) or how passwords are checked (`processes.people.accounts`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    Connection,
    String,
    bindparam,
    cast,
    delete,
    insert,
    null,
    or_,
    select,
    tuple_,
    union,
    union_all,
    update,
)
from sqlalchemy.exc import IntegrityError

from engine.sentences.errors import Conflict
from engine.sentences.sentence import say
from engine.storage.database.hot import Hot
from engine.storage.database.types import ID
from processes.register.posts import SUPERVISOR, StandInState
from processes.register.states import AccountKind
from processes.register.vocabulary import CLASSIFICATIONS
from processes.storage.tables.people import institution, membership, stand_in, user, user_role


@dataclass(frozen=True, slots=True)
class User:
    """An account, without the password: of a person, or of a program (`states.AccountKind`)."""

    id: UUID
    username: str
    name: str
    post: str
    email: str
    clearance: str
    locale: str
    theme: str
    density: str
    zone: str
    active: bool
    fictitious: bool
    created_at: datetime
    kind: AccountKind = AccountKind.PERSON

    @property
    def is_service(self) -> bool:
        """Whether a program uses it, not a person."""
        return self.kind == AccountKind.SERVICE


@dataclass(frozen=True, slots=True)
class Membership:
    """A person's part in an institution. `role`: "contact" or "head"."""

    institution_code: str
    role: str


@dataclass(frozen=True, slots=True)
class Grants:
    """The grants of a person. `roles`: role -> rank (supervisors only) or None."""

    roles: Mapping[str, str | None]
    memberships: frozenset[Membership]
    succeeded: frozenset[str] = field(default=frozenset(), compare=False)
    """Codes of their institutions that have a successor; known where a scope is read."""


ONLY_PERSONS: Final = frozenset({"email", "clearance"})
"""Columns that only a person can have."""

USER = [user.c[name] for name in User.__slots__]
_by_id = Hot(select(*USER).where(user.c.id == bindparam("id", type_=ID)))


def insert_user(connection: Connection, row: User) -> bool:
    """Store a new user without password; False if the username is taken."""
    try:
        with connection.begin_nested():
            connection.execute(insert(user).values({n: getattr(row, n) for n in User.__slots__}))
    except IntegrityError:
        return False
    return True


def by_id(connection: Connection, user_id: UUID) -> User | None:
    """One user, active or not."""
    found = _by_id.one(connection, {"id": user_id})
    return User(*found) if found else None


def check_person(connection: Connection, user_id: UUID) -> None:
    """Raises `Conflict` for a service account. Call it before writing anything that only a person
    has: roles, a part in an institution, a session, a link for a password."""
    found = by_id(connection, user_id)
    if found and found.is_service:
        raise Conflict(say("This is a service account: programs use it, nobody signs in with it."))


def check_service(connection: Connection, user_id: UUID) -> None:
    """Raises `Conflict` for a person: only tokens of service accounts have topics."""
    found = by_id(connection, user_id)
    if found:
        refuse_person(found)


def refuse_person(found: User) -> None:
    """The same for a caller that has the user's row."""
    if not found.is_service:
        raise Conflict(say("This is the account of a person: only service accounts have topics."))


def by_username(connection: Connection, username: str) -> User | None:
    """One user by username, active or not."""
    found = connection.execute(select(*USER).where(user.c.username == username)).one_or_none()
    return User(*found) if found else None


def by_ids(connection: Connection, ids: Collection[UUID]) -> dict[UUID, User]:
    """Several users by their ids, active or not."""
    found = connection.execute(select(*USER).where(user.c.id.in_(ids)))
    return {row.id: User(*row) for row in found}


def by_usernames(connection: Connection, usernames: Collection[str]) -> dict[str, User]:
    """Several users by username, active or not."""
    found = connection.execute(select(*USER).where(user.c.username.in_(usernames)))
    return {row.username: User(*row) for row in found}


def id_of(connection: Connection, username: str) -> UUID | None:
    """The id of the user with this name, active or not."""
    return connection.scalar(select(user.c.id).where(user.c.username == username))


def names_of(connection: Connection, usernames: Collection[str]) -> dict[str, str]:
    """username -> the person's name, for those that exist."""
    if not usernames:
        return {}
    found = connection.execute(
        select(user.c.username, user.c.name).where(user.c.username.in_(usernames))
    )
    return {row.username: row.name for row in found}


def fictitious(connection: Connection) -> list[User]:
    """The people of the demo, active or not, by username."""
    question = select(*USER).where(user.c.fictitious).order_by(user.c.username)
    return [User(*row) for row in connection.execute(question)]


def change(connection: Connection, user_id: UUID, values: Mapping[str, object]) -> None:
    """Set columns of a user. Raises `Conflict` as `check_person` for columns of persons only."""
    if not ONLY_PERSONS.isdisjoint(values):
        check_person(connection, user_id)
    connection.execute(update(user).where(user.c.id == user_id).values(**values))


_PART: Final = tuple_(membership.c.institution_code, membership.c.role)
_OWN_ROLE: Final = user_role.c.stand_in_id.is_(None)
_OWN_PART: Final = membership.c.stand_in_id.is_(None)
_grants_of_one = Hot(
    union_all(
        select(user_role.c.role, user_role.c.rank, cast(null(), String).label("code")).where(
            user_role.c.user_id == bindparam("id", type_=ID)
        ),
        select(membership.c.role, institution.c.successor_code, membership.c.institution_code)
        .join(institution, institution.c.code == membership.c.institution_code)
        .where(membership.c.user_id == bindparam("id", type_=ID)),
    )
)


def grants(connection: Connection, user_id: UUID) -> Grants:
    """Roles and memberships of one user, and which of the institutions have a successor: read at
    every request."""
    rows = _grants_of_one.all(connection, {"id": user_id})
    succeeded = frozenset(code for _, successor, code in rows if code and successor)
    return replace(_grants(rows), succeeded=succeeded)


def _grants(found: Iterable[Sequence[Any]]) -> Grants:
    """Rows of role, rank, and code of an institution: None for a role at large."""
    rows = list(found)
    return Grants(
        roles={role: rank for role, rank, code in rows if code is None},
        memberships=frozenset(Membership(code, role) for role, _, code in rows if code),
    )


def grants_of(
    connection: Connection, user_ids: Collection[UUID], *, standing_in: bool = False
) -> dict[UUID, Grants]:
    """Roles and memberships of these users, in one statement; every id gets an entry. With
    `standing_in` also those that they have as somebody's stand-in."""
    roles = select(
        user_role.c.user_id,
        user_role.c.role,
        user_role.c.rank,
        cast(null(), String).label("code"),
    ).where(user_role.c.user_id.in_(user_ids))
    members = select(
        membership.c.user_id, membership.c.role, null(), membership.c.institution_code
    ).where(membership.c.user_id.in_(user_ids))
    if not standing_in:
        roles, members = roles.where(_OWN_ROLE), members.where(_OWN_PART)
    found = connection.execute(union_all(roles, members)).all()
    return {
        user_id: Grants(
            roles={
                row.role: row.rank for row in found if row.user_id == user_id and row.code is None
            },
            memberships=frozenset(
                Membership(row.code, row.role)
                for row in found
                if row.user_id == user_id and row.code is not None
            ),
        )
        for user_id in user_ids
    }


_granted = union_all(
    select(
        user_role.c.user_id, user_role.c.role, user_role.c.rank, cast(null(), String).label("code")
    ).where(_OWN_ROLE),
    select(membership.c.user_id, membership.c.role, null(), membership.c.institution_code).where(
        _OWN_PART
    ),
).subquery()


def with_grants(connection: Connection, user_id: UUID) -> tuple[User, Grants] | None:
    """One user, active or not, with roles and memberships: one statement."""
    found = connection.execute(
        select(*USER, _granted.c.role, _granted.c.rank, _granted.c.code)
        .outerjoin(_granted, _granted.c.user_id == user.c.id)
        .where(user.c.id == user_id)
    ).all()
    if not found:
        return None
    given = [(role, rank, code) for *_, role, rank, code in found if role is not None]
    return User(*found[0][: len(USER)]), _grants(given)


def replace_grants(connection: Connection, user_id: UUID, grants: Grants) -> None:
    """Give a user exactly these roles and memberships; what they have as a stand-in stays, unless
    it is their own now. Raises `Conflict` as `check_person`."""
    if grants.roles or grants.memberships:
        check_person(connection, user_id)
    parts = [(one.institution_code, one.role) for one in grants.memberships]
    gone = or_(_OWN_ROLE, user_role.c.role.in_(list(grants.roles)))
    connection.execute(delete(user_role).where(user_role.c.user_id == user_id, gone))
    gone = or_(_OWN_PART, _PART.in_(parts))
    connection.execute(delete(membership).where(membership.c.user_id == user_id, gone))
    roles = [
        {"user_id": user_id, "role": role, "rank": rank} for role, rank in grants.roles.items()
    ]
    memberships = [
        {"user_id": user_id, "institution_code": item.institution_code, "role": item.role}
        for item in grants.memberships
    ]
    if roles:
        connection.execute(insert(user_role), roles)
    if memberships:
        connection.execute(insert(membership), memberships)


_MEANT: Final = union(
    select(user.c.id).where(user.c.username.in_(bindparam("names", expanding=True))),
    select(membership.c.user_id).where(_PART.in_(bindparam("parts", expanding=True))),
    select(user_role.c.user_id).where(user_role.c.role.in_(bindparam("roles", expanding=True))),
)
_OFFERED: Final = (
    select(*USER)
    .where(user.c.id.in_(_MEANT), user.c.active)
    .where(user.c.kind == AccountKind.PERSON)
    .order_by(user.c.username)
)


def offered(
    connection: Connection,
    usernames: Collection[str],
    memberships: Collection[Membership],
    roles: Collection[str],
) -> list[User]:
    """The active people with one of these names, one of these parts in an institution, or one of
    these roles; each once, by name."""
    if not (usernames or memberships or roles):
        return []
    wanted = {
        "names": list(usernames),
        "parts": [(one.institution_code, one.role) for one in memberships],
        "roles": list(roles),
    }
    found = [User(*row) for row in connection.execute(_OFFERED, wanted)]
    return sorted(found, key=lambda one: one.name)


def holding_role(connection: Connection, role: str, rank: str | None = None) -> list[User]:
    """Active users with a role (and rank, their own or that of whom they stand in for), by
    username."""
    question = (
        select(*USER)
        .join(user_role, user_role.c.user_id == user.c.id)
        .where(user_role.c.role == role, user.c.active)
        .order_by(user.c.username)
    )
    if rank is not None:
        standing_in = select(stand_in.c.deputy_id).where(
            stand_in.c.post == SUPERVISOR,
            stand_in.c.rank == rank,
            stand_in.c.state == StandInState.ACTIVE,
        )
        question = question.where(or_(user_role.c.rank == rank, user.c.id.in_(standing_in)))
    return [User(*row) for row in connection.execute(question)]


def holding_any(connection: Connection, roles: Collection[str]) -> list[User]:
    """Active users with one of these roles, by username."""
    holding = select(user_role.c.user_id).where(user_role.c.role.in_(roles))
    question = select(*USER).where(user.c.id.in_(holding), user.c.active).order_by(user.c.username)
    return [User(*row) for row in connection.execute(question)]


_members_of = Hot(
    select(*USER)
    .join(membership, membership.c.user_id == user.c.id)
    .where(
        membership.c.institution_code == bindparam("institution"),
        membership.c.role == bindparam("role"),
        user.c.active,
    )
    .order_by(user.c.username)
)


def members_of(connection: Connection, institution_code: str, role: str) -> list[User]:
    """Active contacts ("contact") or heads ("head") of an institution, by username."""
    found = _members_of.all(connection, {"institution": institution_code, "role": role})
    return [User(*row) for row in found]


def people_of(connection: Connection, institution_code: str) -> dict[str, list[User]]:
    """Role ("contact", "head") -> those active people of an institution, by username."""
    question = (
        select(membership.c.role, *USER)
        .join(membership, membership.c.user_id == user.c.id)
        .where(membership.c.institution_code == institution_code, user.c.active)
        .order_by(user.c.username)
    )
    found: dict[str, list[User]] = {"contact": [], "head": []}
    for role, *row in connection.execute(question):
        found[role].append(User(*row))
    return found


def institutions_without_contact(
    connection: Connection, codes: Collection[str], classification: str = CLASSIFICATIONS[0]
) -> set[str]:
    """Those of these institutions without an active contact who may read a case of that
    classification: nobody would read the task."""
    able = CLASSIFICATIONS[CLASSIFICATIONS.index(classification) :]
    served = connection.execute(
        select(membership.c.institution_code)
        .join(user, user.c.id == membership.c.user_id)
        .where(
            membership.c.institution_code.in_(codes),
            membership.c.role == "contact",
            user.c.active,
            user.c.clearance.in_(able),
        )
        .distinct()
    ).scalars()
    return set(codes) - set(served)
