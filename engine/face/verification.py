"""The check that every history is unchanged: the hash chains are walked to their end.

Owns walking all of them without one long transaction. `engine.records.history` defines what a hash
covers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Connection

from engine.records import history
from engine.sentences.errors import NotFound
from engine.sentences.sentence import say
from engine.storage.cases import chains
from engine.storage.cases.chains import Chain
from engine.storage.database.unit_of_work import Database

NAMED = 100
"""Number of broken chains that are named; all are counted."""


@dataclass(slots=True)
class Verified:
    """The result of the walk. `broken`: (instance, seq at which its chain breaks), at most `NAMED`
    of the `broken_count`; `of_nothing`: events without an instance."""

    instances: int = 0
    events: int = 0
    of_nothing: int = 0
    broken_count: int = 0
    broken: list[tuple[UUID, int]] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether no event is changed, missing or without an instance."""
        return not (self.broken_count or self.of_nothing)


def verify(database: Database, stop: Callable[[], bool] = lambda: False) -> Verified | None:
    """Walk all chains, one batch of instances in each transaction; None if `stop` asked to stop."""
    found, after = Verified(), None
    while True:
        if stop():
            return None
        with database.read() as connection:
            last = _batch(connection, found, after)
            if last is None:
                found.of_nothing = chains.events_of_nothing(connection)
                return found
        after = last


def broken_link(connection: Connection, instance_id: UUID) -> int | None:
    """The seq at which the chain of one instance breaks, or None. Raises NotFound."""
    for chain in chains.chains(connection, only=instance_id):
        return _broken(chain)
    raise NotFound(say("There is no such case."))


def _batch(connection: Connection, found: Verified, after: UUID | None) -> UUID | None:
    last = None
    for chain in chains.chains(connection, after):
        last = chain.instance_id
        found.instances += 1
        found.events += chain.last_seq
        broken = _broken(chain)
        if broken is not None:
            found.broken_count += 1
            if len(found.broken) < NAMED:
                found.broken.append((chain.instance_id, broken))
    return last


def _broken(chain: Chain) -> int | None:
    return history.broken_link(chain.links, chain.last_seq, chain.last_hash)
