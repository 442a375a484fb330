"""The check that the histories of all cases and the audit are unchanged: once a day and by `tindak
verify`.

Owns the parts of the check and the record of the last one. `engine.records.history` and
`processes.rights.audit` own the chains. Anybody with write access to the database can rewrite both
chains as a whole. So the last entry of the audit is remembered here and written to the log, which
others keep.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import structlog
from sqlalchemy import Connection

from engine import Engine
from engine.face.verification import Verified
from engine.sentences.sentence import Sentence, say
from processes.rights import audit
from processes.rights.audit import Chain
from processes.storage.operation.settings import read_setting, write_setting
from processes.storage.rights.audit import GENESIS

log = structlog.get_logger(__name__)

SETTING: Final = "verification"
BY: Final = "tindak"
"""The author of a verification in the record: the product itself."""


@dataclass(frozen=True, slots=True)
class Verification:
    """The result of a verification. `broken`: (instance, first event at which its history does not
    hold), the first of `broken_count`; `of_nothing`: events without a case; `entries`: number of
    audit entries that hold, up to the one with `last_hash`."""

    at: datetime
    cases: int
    events: int
    broken_count: int
    broken: Sequence[tuple[UUID, int]]
    of_nothing: int
    entries: int
    last_hash: bytes
    audit_broken_at: int | None

    @property
    def holds(self) -> bool:
        """Whether everything is unchanged."""
        return not (self.broken_count or self.of_nothing or self.audit_broken_at)


def verify(engine: Engine) -> Verification | None:
    """Verify everything and store the result; None if the product was told to stop before the end.
    No transaction stays open for long, and nothing is locked."""
    histories = engine.verify()
    if histories is None:
        return None
    with engine.reading() as connection:
        before = last(connection)
        known = (before.entries, before.last_hash) if before else (0, GENESIS)
        chain = audit.verify(connection, known)
        found = _found(engine.on(connection).real_now(), histories, chain)
    kept = _dump(found, known)
    engine.act(lambda act: write_setting(act.connection, SETTING, kept, BY, found.at))
    facts: dict[str, object] = {"cases": found.cases, "events": found.events}
    facts |= {"entries": found.entries, "last_hash": found.last_hash.hex()}
    if found.holds:
        log.info("all histories and the audit hold", **facts)
    else:
        log.error(
            "what was recorded does not hold", why=[str(s) for s in sentences(found)], **facts
        )
    return found


def last(connection: Connection) -> Verification | None:
    """The result of the last verification; None if there was none."""
    stored = read_setting(connection, SETTING)
    if stored is None:
        return None
    return Verification(
        **stored
        | {
            "at": datetime.fromisoformat(stored["at"]),
            "broken": [(UUID(id), seq) for id, seq in stored["broken"]],
            "last_hash": bytes.fromhex(stored["last_hash"]),
        }
    )


def sentences(found: Verification) -> Iterator[Sentence]:
    """What does not hold, a sentence each."""
    for id, seq in found.broken:
        yield say("Case {id}: its history does not hold from event {seq} on.", id=id, seq=seq)
    if found.broken_count > len(found.broken):
        yield say("{count} histories do not hold in all.", count=found.broken_count)
    if found.of_nothing:
        yield say("{count} events tell of cases that are not there.", count=found.of_nothing)
    if found.audit_broken_at is not None:
        yield say("The audit does not hold from entry {seq} on.", seq=found.audit_broken_at)


def _found(at: datetime, histories: Verified, chain: Chain) -> Verification:
    return Verification(
        at, histories.instances, histories.events, histories.broken_count, histories.broken,
        histories.of_nothing, chain.intact, chain.last_hash, chain.broken_at,
    )  # fmt: skip


def _dump(found: Verification, known: tuple[int, bytes]) -> dict[str, Any]:
    """JSON values; `last` reads them back. While the audit does not hold, the known last entry
    stays, otherwise the next verification would accept the changed entries."""
    entries, digest = (found.entries, found.last_hash) if found.audit_broken_at is None else known
    return asdict(found) | {
        "at": found.at.isoformat(),
        "broken": [(str(id), seq) for id, seq in found.broken],
        "entries": entries,
        "last_hash": digest.hex(),
    }
