"""The official written reports of follow-ups: which one counts, receipts, release inside the
institution, and taking one back.

Owns writing and reading `report`. The caller has checked the rights; the handlers own the rules.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, select, update

from processes.storage import search
from processes.storage.tables.follow_ups import evaluation
from processes.storage.tables.reports import (
    Release,
    Report,
    releases,
    report,
    report_release,
    reports,
)

_COLUMNS: Final = [report.c[name] for name in Report.__slots__]
HANDED_IN: Final = report.c.handed_in_at.is_not(None)
"""Reports that anybody outside their institution may know of."""


def newest(connection: Connection, follow_up_id: UUID) -> Report | None:
    """The report that was handed in last, taken back or not."""
    row = connection.execute(
        select(*_COLUMNS)
        .where(report.c.follow_up_id == follow_up_id, HANDED_IN)
        .order_by(report.c.id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else Report(*row)


def standing(connection: Connection, follow_up_id: UUID) -> Report | None:
    """The same, if it still counts."""
    found = newest(connection, follow_up_id)
    return None if found is None or found.replaced_at is not None else found


def written_last(connection: Connection, follow_up_id: UUID) -> Report | None:
    """The report that was written last, handed in or not: for its own institution."""
    return written_last_of(connection, [follow_up_id]).get(follow_up_id)


def written_last_of(
    connection: Connection, follow_up_ids: Collection[UUID]
) -> Mapping[UUID, Report]:
    """Follow-up id -> the same, for each of several that have one."""
    rows = connection.execute(
        select(*_COLUMNS).where(report.c.follow_up_id.in_(follow_up_ids)).order_by(report.c.id)
    )
    return {one.follow_up_id: one for one in (Report(*row) for row in rows)}


def is_evaluated(connection: Connection, report_id: UUID) -> bool:
    """Whether there is a verdict on this report."""
    found = select(evaluation.c.id).where(evaluation.c.report_id == report_id).limit(1)
    return connection.execute(found).first() is not None


def add(connection: Connection, written: Report) -> None:
    """Store a report; if it is handed in, the number of its letter finds its follow-up."""
    reports.add(connection, written)
    if written.handed_in:
        search.note_report(connection, written.id)


def hand_in(connection: Connection, id: UUID, at: datetime) -> None:
    """Hand a stored report in; from now on the number of its letter finds its follow-up."""
    _change(connection, id, handed_in_at=at)
    search.note_report(connection, id)


def give_receipt(connection: Connection, report_id: UUID, number: str, at: datetime) -> None:
    """Number a report; from now on its number finds its follow-up."""
    _change(connection, report_id, receipt_number=number, receipt_at=at)
    search.note_report(connection, report_id)


def replace(
    connection: Connection, report_id: UUID, at: datetime, by: str | None, why: str
) -> None:
    """Take a report back: it stays, with its receipt, and counts no more."""
    _change(connection, report_id, replaced_at=at, replaced_by=by, replaced_reason=why)


def _change(connection: Connection, report_id: UUID, **values: Any) -> None:
    connection.execute(update(report).where(report.c.id == report_id).values(**values))


def receipt_given_at(connection: Connection, id: UUID, moment: datetime) -> str | None:
    """The receipt of the report handed in at exactly this moment, which is the time of one step."""
    found: str | None = connection.execute(
        select(report.c.receipt_number)
        .where(report.c.follow_up_id == id, report.c.handed_in_at == moment)
        .order_by(report.c.id.desc())
        .limit(1)
    ).scalar_one_or_none()
    return found


def by_id(connection: Connection, id: UUID) -> Report | None:
    """One report."""
    row = connection.execute(select(*_COLUMNS).where(report.c.id == id)).one_or_none()
    return None if row is None else Report(*row)


def by_receipt(connection: Connection, number: str) -> Report | None:
    """The report a receipt was given for."""
    row = connection.execute(select(*_COLUMNS).where(report.c.receipt_number == number))
    found = row.one_or_none()
    return None if found is None else Report(*found)


def after(connection: Connection, one: Report) -> Report | None:
    """The report that came after this one."""
    row = connection.execute(
        select(*_COLUMNS)
        .where(report.c.follow_up_id == one.follow_up_id, report.c.id > one.id, HANDED_IN)
        .order_by(report.c.id)
        .limit(1)
    ).one_or_none()
    return None if row is None else Report(*row)


def release_of(connection: Connection, report_id: UUID) -> Release | None:
    """The answer of the institution's head to a report; None while it waits, or needs none."""
    found = releases.where(connection, report_release.c.report_id == report_id)
    return found[-1] if found else None
