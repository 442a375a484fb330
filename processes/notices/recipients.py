"""The people behind "holder", "institution_head" or "deputi" at the time of a notice.

Owns the step from a decision table's words to people. They are always found at that time, so that
delegation, leave and new accounts count. They are always cleared for the case, because even a
number and a link reveal something.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from sqlalchemy import Connection

from engine.storage.cases import worklist
from processes.rights import groups
from processes.rights.scope import cleared
from processes.storage.people import institutions, users
from processes.storage.people.users import Membership, User
from processes.storage.tables.people import RANKS


class Offered(Protocol):
    """Who has a task, and whom it is offered to."""

    @property
    def assignee(self) -> str | None: ...
    @property
    def candidate_users(self) -> Sequence[str]: ...
    @property
    def candidate_groups(self) -> Sequence[str]: ...


@dataclass(frozen=True, slots=True)
class Recipient:
    """A recipient of a notice. `role`: the word that found the person; `leads`: gets a digest,
    never a mail for each case."""

    user: User
    role: str
    leads: bool


def of_escalation(
    connection: Connection, wanted: object, task: Offered, classification: str
) -> list[Recipient]:
    """The people behind a decision's `recipients` (a list of words, or words with commas), each
    once, under the first word that found them. Unknown words find nobody."""
    found: dict[str, Recipient] = {}
    for word in words_of(wanted):
        for recipient in _behind(connection, word, task):
            if cleared(recipient.user, classification):
                found.setdefault(recipient.user.username, recipient)
    return list(found.values())


def contacts_of(connection: Connection, institution: str, classification: str) -> list[User]:
    """The active contacts of an institution with the clearance for the case."""
    found = users.members_of(connection, institution, "contact")
    return [user for user in found if cleared(user, classification)]


def in_hand(
    connection: Connection, instance_id: UUID, element_id: str, classification: str
) -> list[User]:
    """Who has the open task of this element, taken or offered, with the clearance for the case."""
    waiting = worklist.of_instance(connection, instance_id, only_open=True)
    found = [
        recipient.user
        for task in waiting
        if task.element_id == element_id
        for recipient in _holders(connection, task)
    ]
    return [user for user in found if cleared(user, classification)]


def administrators(connection: Connection) -> list[User]:
    """The people to notify if nobody else can be notified."""
    return users.holding_role(connection, "admin")


def holder_name(connection: Connection, task: Offered) -> str:
    """The holder of the task, for a sentence: the person, the institution it waits for, or the
    people to whom it is offered. Never the name of a group."""
    if task.assignee is not None:
        return users.names_of(connection, [task.assignee]).get(task.assignee, task.assignee)
    if codes := institutions_of(task):
        return ", ".join(institutions.short_names(connection, codes).values())
    return ", ".join(user.name for user in offered_to(connection, task)) or "-"


def words_of(wanted: object) -> list[str]:
    """The words of a decision's `recipients`, in any form of its cell."""
    items = wanted.split(",") if isinstance(wanted, str) else wanted
    if not isinstance(items, Iterable):
        return []
    return [word for item in items if (word := str(item).strip())]


def _behind(connection: Connection, word: str, task: Offered) -> list[Recipient]:
    if word == "holder":
        return _holders(connection, task)
    if word == "institution_head":
        codes = institutions_of(task)
        heads = [user for code in codes for user in users.members_of(connection, code, "head")]
        return [Recipient(user, word, True) for user in heads]
    if word == "contact":
        codes = institutions_of(task)
        people = [user for code in codes for user in users.members_of(connection, code, word)]
        return [Recipient(user, word, False) for user in people]
    if word in RANKS:
        found = users.holding_role(connection, "supervisor", word)
        return [Recipient(user, word, True) for user in found]
    if word in ("coordinator", "admin", "process-owner", "supervisor"):
        found = users.holding_role(connection, word)
        return [Recipient(user, word, word == "supervisor") for user in found]
    return []


def _holders(connection: Connection, task: Offered) -> list[Recipient]:
    leads = any(_leading(group) for group in task.candidate_groups)
    if task.assignee is not None:
        people = users.offered(connection, [task.assignee], (), ())
    else:
        people = offered_to(connection, task)
    return [Recipient(user, "holder", leads) for user in people]


def _leading(group: str) -> bool:
    found = groups.parse(group)
    return group == "supervisor" if found is None else found.role == "head"


def offered_to(connection: Connection, task: Offered) -> list[User]:
    """The active people to whom a task was offered, taken or not, each once, by name. A program is
    left out, whatever name a model gives."""
    members, roles = [], []
    for group in task.candidate_groups:
        if found := groups.parse(group):
            members.append(Membership(found.code, found.role))
        else:
            roles.append(group)
    return users.offered(connection, task.candidate_users, members, roles)


def institutions_of(task: Offered) -> list[str]:
    """The institutions whose task this is: none for a task of the ministry's own."""
    return groups.institutions(task.candidate_groups)
