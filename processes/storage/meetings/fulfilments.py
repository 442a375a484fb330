"""What the holder of an agreement wrote, with its files, and what the coordinator found of it.

Owns writing and reading these facts. Knows no rule.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, select, update

from processes.register.agreement_states import Outcome
from processes.storage.facts import Facts, newest
from processes.storage.tables.agreements import agreement_file, fulfilment, fulfilment_check


@dataclass(frozen=True, slots=True)
class Fulfilment:
    """What was done. `on_behalf`: written by a coordinator for an institution without accounts."""

    id: UUID
    agreement_id: UUID
    text: str
    on_behalf: bool
    at: datetime
    by: str | None


@dataclass(frozen=True, slots=True)
class Check:
    """What the coordinator found; `approved`: what the supervisor said to a proposal to void it."""

    id: UUID
    agreement_id: UUID
    outcome: Outcome
    notes: str | None
    new_deadline: date | None
    at: datetime
    by: str | None
    approved: bool | None = None
    decision_reason: str | None = None
    decided_at: datetime | None = None
    decided_by: str | None = None


@dataclass(frozen=True, slots=True)
class AgreementFile:
    """A file that proves a fulfilment. `size` in bytes."""

    id: UUID
    fulfilment_id: UUID
    sha256: str
    name: str
    type: str
    size: int
    at: datetime
    by: str | None


fulfilments: Final = Facts(fulfilment, fulfilment.c.agreement_id, Fulfilment)
checks: Final = Facts(fulfilment_check, fulfilment_check.c.agreement_id, Check)
files: Final = Facts(agreement_file, agreement_file.c.fulfilment_id, AgreementFile)


def files_of(
    connection: Connection, found: Collection[Fulfilment]
) -> Mapping[UUID, Sequence[AgreementFile]]:
    """Fulfilment -> its files: one statement for all."""
    of: dict[UUID, list[AgreementFile]] = {one.id: [] for one in found}
    for file in files(connection, *of) if of else ():
        of[file.fulfilment_id].append(file)
    return of


def file_by_id(connection: Connection, id: UUID) -> tuple[AgreementFile, UUID] | None:
    """One file, and the agreement it belongs to."""
    columns = [agreement_file.c[name] for name in AgreementFile.__slots__]
    row = connection.execute(
        select(*columns, fulfilment.c.agreement_id)
        .join(fulfilment, fulfilment.c.id == agreement_file.c.fulfilment_id)
        .where(agreement_file.c.id == id)
    ).one_or_none()
    return None if row is None else (AgreementFile(*row[:-1]), row[-1])


def proposal(connection: Connection, agreement_id: UUID) -> UUID | None:
    """The proposal to void an agreement that is not decided yet."""
    undecided = fulfilment_check.c.decided_at.is_(None)
    mine = fulfilment_check.c.agreement_id == agreement_id
    return newest(
        connection, fulfilment_check, mine, undecided, fulfilment_check.c.outcome == Outcome.VOID
    )


def decide(
    connection: Connection, check_id: UUID, *, approved: bool, reason: str, at: datetime,
    by: str | None,
) -> str | None:  # fmt: skip
    """Write the supervisor's word beside the proposal; return who proposed it."""
    table = fulfilment_check
    connection.execute(
        update(table)
        .where(table.c.id == check_id)
        .values(approved=approved, decision_reason=reason, decided_at=at, decided_by=by)
    )
    proposer: str | None = connection.scalar(select(table.c.by).where(table.c.id == check_id))
    return proposer
