"""Instances that are cases of an application, and the messages that may reach them.

The engine keeps no cases. An application that opens the engine may declare that each instance of
some processes owns a case. Then these processes start only where the application has created the
case, handlers named with them run only in an instance that owns a case, and messages pass only
between cases of one family. A business key proves nothing, because any caller can choose one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol
from uuid import UUID

from sqlalchemy import Connection

from engine.sentences.sentence import Sentence, say

EVERY_FAMILY: Final = "*"
"""The sender is the application itself: its messages reach every case."""


@dataclass(frozen=True, slots=True)
class Identity:
    """The facts of an instance that decide whether it owns a case."""

    id: UUID
    process_key: str
    business_key: str | None


@dataclass(frozen=True, slots=True)
class Case:
    """A case and the instance that owns it, running or ended. A family is any text; cases that
    exchange messages share one."""

    family: str
    instance_id: UUID


class Cases(Protocol):
    """The questions that the application answers about its cases.

    `processes`: keys of the processes whose instances are cases; `names`: messages and signals that
    only models of these processes may use.
    """

    processes: frozenset[str]
    names: frozenset[str]

    def family(self, connection: Connection, instance: Identity) -> str | None:
        """The family of the case that this instance owns; None if it owns none. The engine asks
        only for instances of `processes`. An answer never changes afterwards."""

    def case_of_key(self, connection: Connection, key: str) -> Case | None:
        """The case with this business key, however it is written; None if no case has it."""


class NoCases:
    """The answers of an engine without cases."""

    processes: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()

    def family(self, _connection: Connection, _instance: Identity) -> str | None:
        return None

    def case_of_key(self, _connection: Connection, _key: str) -> Case | None:
        return None


class OutOfReach(Exception):
    """An element asked for something that its instance may not reach. The step turns this into an
    incident."""

    def __init__(self, what: Sentence, advice: Sentence) -> None:
        super().__init__(str(what))
        self.what = what
        self.advice = advice


def begins_elsewhere(process: str) -> Sentence:
    """Why a caller cannot start or call a process of cases freely."""
    return say("Cases of the process {process} begin in the register only.", process=process)


CALL_ANOTHER: Final = say("Call another process, or have the case begun by those who may.")


def family_of(cases: Cases, connection: Connection, instance: Identity) -> str | None:
    """The family of the case that an instance owns, or None. Asks no question if the instance can
    own no case."""
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
    """Whether a message from the family `sender`, under the key of the case `named`, may reach this
    instance. A case exchanges messages only with its family, and no other instance receives
    messages under its key."""
    family = family_of(cases, connection, receiver)
    if named is not None and family != named.family:
        return False
    return sender in (family, EVERY_FAMILY)


def speaks_for_no_case(sender: str | None) -> bool:
    """Whether a message of this family may start an instance without a case, or wait for one. Only
    readers of a case may know its messages."""
    return sender in (None, EVERY_FAMILY)
