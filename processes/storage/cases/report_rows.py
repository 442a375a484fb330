"""The official written reports of follow-ups: which one counts, receipts, and taking one back.

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
from processes.storage.tables.reports import Report, report, reports

_COLUMNS: Final = [report.c[name] for name in Report.__slots__]


def newest(connection: Connection, follow_up_id: UUID) -> Report | None:
    """The report that was handed in last, taken back or not."""
    row = connection.execute(
        select(*_COLUMNS)
        .where(report.c.follow_up_id == follow_up_id)
        .order_by(report.c.id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else Report(*row)


def standing(connection: Connection, follow_up_id: UUID) -> Report | None:
    """The same, if it still counts."""
    found = newest(connection, follow_up_id)
    return None if found is None or found.replaced_at is not None else found


def newest_of(connection: Connection, follow_up_ids: Collection[UUID]) -> Mapping[UUID, Report]:
    """Follow-up id -> the report that was handed in last, for each of several that have one."""
    rows = connection.execute(
        select(*_COLUMNS).where(report.c.follow_up_id.in_(follow_up_ids)).order_by(report.c.id)
    )
    return {one.follow_up_id: one for one in (Report(*row) for row in rows)}


def is_evaluated(connection: Connection, report_id: UUID) -> bool:
    """Whether there is a verdict on this report."""
    found = select(evaluation.c.id).where(evaluation.c.report_id == report_id).limit(1)
    return connection.execute(found).first() is not None


def add(connection: Connection, handed_in: Report) -> None:
    """Store a report; from now on the number of its letter finds its follow-up."""
    reports.add(connection, handed_in)
    search.note_report(connection, handed_in.id)


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
        .where(report.c.follow_up_id == id, report.c.at == moment)
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
        .where(report.c.follow_up_id == one.follow_up_id, report.c.id > one.id)
        .order_by(report.c.id)
        .limit(1)
    ).one_or_none()
    return None if row is None else Report(*row)
