"""Oral statements, and whether a report has confirmed them since.

Owns that one rule: a statement stays unconfirmed until its institution hands in a report.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection

from processes.storage.cases import follow_up_detail
from processes.storage.cases.follow_up_detail import Statement


@dataclass(frozen=True, slots=True)
class Spoken:
    """An oral statement; `confirmed` if a report came later, else shown as unconfirmed;
    `on_behalf`: somebody else said it in a rakor for the institution."""

    statement: Statement
    confirmed: bool
    on_behalf: bool = False


def said(connection: Connection, follow_up_ids: Collection[UUID]) -> list[Spoken]:
    """The statements of these follow-ups, oldest first: one statement of SQL. The caller has
    checked that the follow-ups may be read."""
    if not follow_up_ids:
        return []
    return [
        Spoken(one, reported is not None and reported > one.at, on_behalf)
        for one, reported, on_behalf in follow_up_detail.statements_with_report(
            connection, follow_up_ids
        )
    ]


def unconfirmed(connection: Connection, follow_up_ids: Collection[UUID]) -> set[UUID]:
    """Those of these follow-ups with an unconfirmed statement."""
    return {
        one.statement.follow_up_id for one in said(connection, follow_up_ids) if not one.confirmed
    }
