"""Tables of the working calendars: one common, and an own one where an institution sets its own.

Owns which days are named and by which decree. Must not know how days are counted
(`engine.calendar`) or who may change them (`processes.calendars`).
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Date, ForeignKey, String, Table

from engine.storage.types import ID, UtcDateTime
from processes.storage.register import one_of
from processes.storage.schema import metadata

DAY_KINDS: Final = ("holiday", "joint_leave", "working")
"""`working` takes an earlier holiday back: the row stays, with the decree that did so."""

calendar = Table(
    "calendar",
    metadata,
    Column("code", String(40), primary_key=True),
    Column("name", String(120), nullable=False),
    # A new random value with every change: what a process remembers of the days is good exactly
    # as long as the edition is the same, whichever database it came from.
    Column("edition", ID, nullable=False),
)

calendar_day = Table(
    "calendar_day",
    metadata,
    # The primary key also serves days_of: one calendar's days in order.
    Column("calendar_code", ForeignKey("calendar.code"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("name", String(160), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("decree", String(200), nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
    Column("added_by", String(60), nullable=False),
    one_of("kind", DAY_KINDS),
)
