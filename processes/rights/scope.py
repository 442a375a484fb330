"""A user for queries and commands: roles, groups, institutions, clearance.

Owns `Scope` and how it is read from the tables of people. Must not know the rights of each relation
(`processes.rights.access`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from engine.sentences.errors import Forbidden, NotFound
from engine.sentences.sentence import say
from processes.register.vocabulary import CLASSIFICATIONS
from processes.rights import groups
from processes.storage.authentication import sessions
from processes.storage.authentication.sessions import Token
from processes.storage.people import users
from processes.storage.people.users import User

OPERATOR: Final = UUID(int=0)
"""The user id of a scope without an account."""
STRANGER: Final = UUID(int=2**128 - 1)
"""Another id without an account."""


@dataclass(frozen=True, slots=True)
class Scope:
    """A user for queries and commands. `groups` are candidate groups of tasks."""

    user_id: UUID
    username: str
    name: str
    clearance: str
    roles: frozenset[str] = frozenset()
    served: frozenset[str] = frozenset()
    """Codes of the institutions for which the user is a contact."""
    headed: frozenset[str] = frozenset()
    """Codes of the institutions that the user heads."""
    groups: frozenset[str] = frozenset()
    read_only: bool = False
    """Whether the token of the request only reads."""
    confirmed: int | None = None
    """Version of the password that was given again with this request; None: it was not given."""
    topics: frozenset[str] = frozenset()
    """The topics of a service account's token."""
    case_topics: frozenset[str] = frozenset()
    """Those of them that an administrator has allowed in real cases."""
    token_id: UUID | None = None
    """The token of a program."""
    succeeded: frozenset[str] = frozenset()
    """Those of the institutions that have a successor: what it took over stays readable."""

    @property
    def is_service(self) -> bool:
        """Whether a program uses a token of a service account: it may only work on its topics."""
        return bool(self.topics)

    @property
    def institutions(self) -> frozenset[str]:
        """Codes of the institutions whose cases the user reads."""
        return self.served | self.headed

    @property
    def principals(self) -> frozenset[str]:
        """The user in the engine's terms for tasks: `user:<name>` and `group:<name>`. A program has
        none, whatever name a model gives."""
        if self.is_service:
            return frozenset()
        return frozenset({f"user:{self.username}", *(f"group:{name}" for name in self.groups)})

    @property
    def deciding(self) -> frozenset[str]:
        """The user in the engine's terms for tasks that are a supervisor's to decide; empty for
        anybody else."""
        if "supervisor" not in self.roles:
            return frozenset()
        return frozenset({f"user:{self.username}", "group:supervisor"})

    @property
    def cleared_for(self) -> tuple[str, ...]:
        """The classifications this user may read, lowest first."""
        return CLASSIFICATIONS[: CLASSIFICATIONS.index(self.clearance) + 1]

    @property
    def oversees(self) -> bool:
        """Whether the user reads every case within the clearance, of every institution."""
        return not self.roles.isdisjoint({"coordinator", "supervisor"})

    @property
    def keeps(self) -> bool:
        """Whether the user reads every instance that is no real case."""
        return not self.roles.isdisjoint({"process-owner", "admin"})

    @property
    def operates(self) -> bool:
        """Whether the scope has no account: the console of the server, or the product itself."""
        return self.user_id == OPERATOR

    @property
    def is_stranger(self) -> bool:
        """Whether the scope is `stranger`: nobody has signed in."""
        return self.user_id == STRANGER

    @property
    def standing(self) -> frozenset[str]:
        """The user's general relations, without a case or task."""
        if self.is_stranger:
            return frozenset()
        if self.is_service:
            return frozenset({"worker"})
        return self.roles | {
            "anybody",
            *(["contact"] if self.served else []),
            *(["head"] if self.headed else []),
        }


def scope_of(connection: Connection, user_id: UUID, *, read_only: bool = False) -> Scope:
    """The scope of an active person, two statements. Raises `NotFound` for any other user."""
    person = users.by_id(connection, user_id)
    if person is None or not person.active:
        raise NotFound(say("There is no such account."))
    return scope_of_user(connection, person, read_only=read_only)


def scope_of_user(
    connection: Connection,
    person: User,
    *,
    read_only: bool = False,
    topics: Collection[str] = (),
    case_topics: Collection[str] = (),
    token_id: UUID | None = None,
) -> Scope:
    """The same for a caller that has the active user's row. A service account may only work on the
    `topics` of its token; without topics it is `NotFound`."""
    if person.is_service:
        if not topics:
            raise NotFound(say("There is no such account."))
        return Scope(
            person.id,
            person.username,
            person.name,
            person.clearance,
            topics=frozenset(topics),
            case_topics=frozenset(case_topics),
            token_id=token_id,
        )
    grants = users.grants(connection, person.id)
    served = frozenset(m.institution_code for m in grants.memberships if m.role == "contact")
    headed = frozenset(m.institution_code for m in grants.memberships if m.role == "head")
    return Scope(
        user_id=person.id,
        username=person.username,
        name=person.name,
        clearance=person.clearance,
        roles=frozenset(grants.roles),
        served=served,
        headed=headed,
        succeeded=grants.succeeded,
        groups=groups.of_grants(grants),
        read_only=read_only,
        token_id=token_id,
    )


def of_token(connection: Connection, shown: Token, person: User) -> Scope:
    """The present rights of a program with this token of an active user."""
    return scope_of_user(
        connection,
        person,
        read_only=shown.scope == "read",
        topics=shown.topics or (),
        case_topics=shown.case_topics or (),
        token_id=shown.id,
    )


def anew(connection: Connection, asked: Scope, now: datetime) -> Scope:
    """The same person or program with present rights; the console vouches for the operator. Raises
    `Forbidden` if account or token are not valid any more. At most two statements."""
    if asked.operates or asked.is_stranger:
        return asked
    if asked.token_id is not None:
        found = sessions.token_and_user(connection, asked.token_id)
        if found is None or found[0].expires_at <= now:
            raise Forbidden(say("This token does not hold any more."))
        return replace(of_token(connection, *found), confirmed=asked.confirmed)
    person = users.by_id(connection, asked.user_id)
    if person is None or not person.active:
        raise Forbidden(say("This account is closed."))
    stands = scope_of_user(connection, person, read_only=asked.read_only)
    return replace(stands, confirmed=asked.confirmed)


SYSTEM: Final = "system"
"""The author of the product's own acts when it fills its tables."""


def operator(name: str = SYSTEM) -> Scope:
    """The scope of the server's console, and of the product itself when it fills its tables.

    It administers, but reads no case.
    """
    admin = frozenset({"admin"})
    return Scope(OPERATOR, name, name, "ordinary", roles=admin, groups=admin, confirmed=0)


def stranger() -> Scope:
    """The scope of a person who is not known yet: signs in, signs out, chooses a password by a
    link.

    It has no right of `processes.rights.access`. Its acts need a secret instead (a password, the
    key of a link or of a session), and check it inside the act.
    """
    return Scope(STRANGER, "-", "", "ordinary")


def later(user_id: UUID, username: str, token_id: UUID | None) -> Scope:
    """The author of a later act, made when it was requested: the act reads the author's rights
    again."""
    if user_id == OPERATOR:
        return operator(username)
    return Scope(user_id, username, "", "ordinary", token_id=token_id)


def cleared(user: User, classification: str) -> bool:
    """Whether this person may read a case of that classification."""
    return CLASSIFICATIONS.index(user.clearance) >= CLASSIFICATIONS.index(classification)
