"""Tables of the rakor: what it covers, whom it invites, what they say beforehand, how it moved.

Owns shapes, constraints and indexes only. The process's handlers write the rows
(`processes/rakor/handlers.py`).
"""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from engine.storage.database.types import DATA, ID, UtcDateTime
from processes.register.states import MeetingState
from processes.register.vocabulary import ATTENDANCES, CLASSIFICATIONS
from processes.storage.schema import metadata
from processes.storage.tables.recommendations import NAME, WORD, Member, one_of

meeting = Table(
    "meeting",
    metadata,
    Column("id", ID, primary_key=True),
    # NULL: its minutes were recorded in the case of its one recommendation.
    Column("instance_id", ID, unique=True),
    # RAK-<year>-<nnnn>, given when it was first prepared, or recorded.
    Column("number", WORD, unique=True),
    Column("state", Member(MeetingState), nullable=False),
    Column("title", Text, nullable=False, default=""),
    # The highest of what it covers; kept with the rows of what it covers.
    Column("classification", WORD, nullable=False, default="ordinary"),
    Column("held_on", Date),
    # The hour as the letter says it, "09.00".
    Column("hour", String(40)),
    Column("place", Text),
    Column("chair", NAME),
    Column("agenda", Text),
    # People without accounts, one a line.
    Column("guests", Text),
    # Of the letter of invitation, given by whoever approved it.
    Column("letter_number", String(200)),
    # The rakor before, whose open ends this one takes up.
    Column("previous_id", ID, ForeignKey("meeting.id")),
    Column("created_at", UtcDateTime, nullable=False),
    Column("created_by", NAME),
    Column("invited_at", UtcDateTime),
    Column("held_at", UtcDateTime),
    Column("attendance", Text),
    Column("minutes", Text),
    Column("press_statement", Text),
    Column("minutes_at", UtcDateTime),
    Column("signed_at", UtcDateTime),
    Column("signed_by", NAME),
    # Of one that was recorded: letter and invited in words, and what was agreed, as it was typed:
    # [{"item": str, "responsible": str, "due": str}]; `due` as of `activity`.
    Column("invitation", Text),
    Column("agreed_in_words", DATA),
    one_of("state", MeetingState),
    one_of("classification", CLASSIFICATIONS),
    # meetings.page, and visible_tasks: the cases classified above a reader
    Index(None, "state", "id"),
    Index(None, "classification", "instance_id"),
    # meeting_rows.before: the last one that was held before a day
    Index(None, "held_on", "id"),
    Index(None, "previous_id"),
)

meeting_past = Table(
    "meeting_past",
    metadata,
    Column("meeting_id", ID, ForeignKey("meeting.id"), primary_key=True),
    Column("valid_from", UtcDateTime, primary_key=True),
    Column("valid_to", UtcDateTime),
    Column("state", Member(MeetingState), nullable=False),
    Column("held_on", Date),
    one_of("state", MeetingState),
    CheckConstraint("valid_to > valid_from", name="span"),
    # One row holds now; note: the row that ends.
    Index(
        "uq_meeting_past_now",
        "meeting_id",
        unique=True,
        sqlite_where=text("valid_to is null"),
        postgresql_where=text("valid_to is null"),
    ),
    sqlite_with_rowid=False,
)

meeting_recommendation = Table(
    "meeting_recommendation",
    metadata,
    Column("meeting_id", ID, ForeignKey("meeting.id"), primary_key=True),
    Column("recommendation_id", ID, ForeignKey("recommendation.id"), primary_key=True),
    # recommendation_case: the rakor that covered one recommendation
    Index(None, "recommendation_id", "meeting_id"),
    sqlite_with_rowid=False,
)

meeting_institution = Table(
    "meeting_institution",
    metadata,
    Column("meeting_id", ID, ForeignKey("meeting.id"), primary_key=True),
    Column("institution", ForeignKey("institution.code"), primary_key=True),
    # Of its own letter; NULL until it is sent. Of a rakor that was recorded: since when the
    # institution reads it.
    Column("letter_number", String(200)),
    Column("sent_at", UtcDateTime),
    # When it has filled in its positions.
    Column("answered_at", UtcDateTime),
    # Written in the meeting itself.
    Column("attendance", WORD),
    Column("attended_by", Text),
    # One more with each change in the meeting, and who made the last one.
    Column("version", Integer, nullable=False, default=0),
    Column("changed_at", UtcDateTime),
    Column("changed_by", NAME),
    one_of("attendance", ATTENDANCES),
    # visibility: the rakor of an institution
    Index(None, "institution", "meeting_id"),
    sqlite_with_rowid=False,
)

meeting_position = Table(
    "meeting_position",
    metadata,
    Column("id", ID, primary_key=True),
    Column("meeting_id", ID, ForeignKey("meeting.id"), nullable=False),
    Column("follow_up_id", ID, ForeignKey("follow_up.id"), nullable=False),
    Column("text", Text, nullable=False),
    Column("obstacles", Text),
    Column("requests", Text),
    Column("at", UtcDateTime, nullable=False),
    Column("by", NAME),
    # The newest text of an institution replaces the one before.
    UniqueConstraint("meeting_id", "follow_up_id"),
    # follow_up_detail: the positions stated for one follow-up
    Index(None, "follow_up_id", "id"),
)

meeting_change = Table(
    "meeting_change",
    metadata,
    Column("id", ID, primary_key=True),
    Column("meeting_id", ID, ForeignKey("meeting.id"), nullable=False),
    # The day before and the new one; without a new one it was cancelled.
    Column("was_on", Date),
    Column("held_on", Date),
    Column("reason", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by", NAME),
    # meetings.detail: changes of one rakor in time order
    Index(None, "meeting_id", "id"),
)
