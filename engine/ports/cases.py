"""Which instances are cases that somebody outside the engine keeps, and what reaches them.

The engine keeps no case itself. Whoever opens it may say that each instance of some processes owns
one: these processes begin only where their keeper has made room, handlers named with them run in an
owner only, and messages pass between owners of one family. A business key proves nothing: whoever
starts any process chooses one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol
from uuid import UUID

from sqlalchemy import Connection

from engine.sentences.sentence import Sentence, say

EVERY_FAMILY: Final = "*"
"""For whom the application itself speaks: what it sends reaches every case."""


@dataclass(frozen=True, slots=True)
class Identity:
    """An instance, as far as owning a case goes."""

    id: UUID
    process_key: str
    business_key: str | None


@dataclass(frozen=True, slots=True)
class Case:
    """A case, and the instance that owns it, running or not. A family is any text: cases that
    send each other messages share one."""

    family: str
    instance_id: UUID


class Cases(Protocol):
    """What the keeper of cases answers.

    `processes`: the keys whose instances are cases; `names`: messages and signals that only models
    of these may use.
    """

    processes: frozenset[str]
    names: frozenset[str]

    def family(self, connection: Connection, instance: Identity) -> str | None:
        """The family of the case that exactly this instance owns; None: it owns none. Asked for
        instances of `processes` only. What is true once stays true."""

    def case_of_key(self, connection: Connection, key: str) -> Case | None:
        """The case whose business key this is, however written; None: it is that of no case."""


class NoCases:
    """An engine by itself keeps none."""

    processes: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()

    def family(self, _connection: Connection, _instance: Identity) -> str | None:
        return None

    def case_of_key(self, _connection: Connection, _key: str) -> Case | None:
        return None


class OutOfReach(Exception):
    """What an element asked for is not this instance's to reach; becomes an incident there."""

    def __init__(self, what: Sentence, advice: Sentence) -> None:
        super().__init__(str(what))
        self.what = what
        self.advice = advice


def begins_elsewhere(process: str) -> Sentence:
    """Why a process of cases is not started or called by whoever likes to."""
    return say("Cases of the process {process} begin in the register only.", process=process)


CALL_ANOTHER: Final = say("Call another process, or have the case begun by those who may.")


def family_of(cases: Cases, connection: Connection, instance: Identity) -> str | None:
    """The family of the case an instance owns, if any; nothing is asked where it cannot own one."""
    if instance.process_key not in cases.processes:
        return None
    return cases.family(connection, instance)


def reaches(
    cases: Cases,
    connection: Connection,
    sender: str | None,
    named: Case | None,
    receiver: Identity,
) -> bool:
    """Whether what was sent on behalf of the family `sender`, under the key of the case `named`,
    may reach this instance: a case hears and tells its family only, and under its key nobody else
    listens."""
    family = family_of(cases, connection, receiver)
    if named is not None and family != named.family:
        return False
    return sender in (family, EVERY_FAMILY)


def speaks_for_no_case(sender: str | None) -> bool:
    """Whether what this family sends may begin, or wait for, an instance that owns no case: what
    a case tells is known to readers of the case alone."""
    return sender in (None, EVERY_FAMILY)
