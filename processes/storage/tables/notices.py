"""Tables of notices: escalations with their recipients, and the sent mail.

Owns shapes, constraints and indexes only. The process's decision table decides on recipients, and
`processes/notices/notify.py` finds them; `processes/notices/mail.py` sends.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
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
from processes.register.states import MailState
from processes.register.vocabulary import MAIL_KINDS, TASK_NEWS
from processes.storage.schema import metadata
from processes.storage.tables.recommendations import NAME, WORD, Member, one_of

escalation = Table(
    "escalation",
    metadata,
    Column("id", ID, primary_key=True),
    # Of a recommendation or its follow-up, or of a rakor.
    Column("recommendation_id", ID, ForeignKey("recommendation.id")),
    Column("follow_up_id", ID, ForeignKey("follow_up.id")),
    Column("meeting_id", ID, ForeignKey("meeting.id")),
    # Of an agreement of that rakor.
    Column("agreement_id", ID, ForeignKey("agreement.id")),
    Column("instance_id", ID, nullable=False),
    Column("task_id", ID, nullable=False),
    Column("element_id", String(200), nullable=False),
    Column("element_name", Text, nullable=False),
    Column("level", Integer, nullable=False),
    Column("level_name", Text, nullable=False),
    # The task's deadline at the look: once it is moved, this escalation has ended.
    Column("due_at", UtcDateTime),
    # Working days of lateness: 0 on the due day, negative before it.
    Column("overdue", Integer, nullable=False),
    Column("planned", UtcDateTime),
    Column("fired", UtcDateTime, nullable=False),
    Column("late_seconds", Integer, nullable=False),
    # The holder of the task at that moment, as a sentence names them.
    Column("holder", Text, nullable=False),
    # [{"user": str, "name": str, "as": "holder" | ...}]: the recipients found at that moment
    Column("told", DATA, nullable=False),
    # Nobody could be notified, so the administrators were.
    Column("no_recipient", Boolean, nullable=False),
    # Ended by the task's next escalation, its completion or a new deadline.
    Column("ended_at", UtcDateTime),
    # escalations.board: the present escalations by level, the longest late first
    Index(
        "ix_escalation_standing",
        "level",
        "due_at",
        "id",
        sqlite_where=text("ended_at is null"),
        postgresql_where=text("ended_at is null"),
    ),
    # follow_ups.page: the present level of a follow-up; also ends the present one of a task
    Index(
        "ix_escalation_standing_task",
        "task_id",
        sqlite_where=text("ended_at is null"),
        postgresql_where=text("ended_at is null"),
    ),
    # follow_ups.detail and recommendations.detail: escalations of one case in time order
    Index(None, "instance_id", "id"),
    Index(None, "follow_up_id", "id"),
)

mail = Table(
    "mail",
    metadata,
    Column("id", ID, primary_key=True),
    Column("kind", WORD, nullable=False),
    Column("to_user", NAME),
    Column("to_address", String(320)),
    Column("locale", String(8), nullable=False),
    # For a digest they are written when it is sent.
    Column("subject", Text, nullable=False, default=""),
    Column("body", Text, nullable=False, default=""),
    Column("recommendation_id", ID, ForeignKey("recommendation.id")),
    Column("follow_up_id", ID, ForeignKey("follow_up.id")),
    Column("meeting_id", ID, ForeignKey("meeting.id")),
    # Day a digest is for; NULL for everything else.
    Column("digest_day", Date),
    Column("state", Member(MailState), nullable=False),
    Column("tries", Integer, nullable=False, default=0),
    Column("error", Text),
    Column("message_id", String(200), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
    one_of("kind", MAIL_KINDS),
    one_of("state", MailState),
    # One digest for each person and day.
    UniqueConstraint("to_user", "digest_day"),
    # outbox.page filtered by state, sorted by the time of writing
    Index(None, "state", "created_at", "id"),
    # outbox.page sorted by the time of writing, or from one day to another
    Index(None, "created_at", "id"),
    # follow_ups.detail and recommendations.detail: mail about one case
    Index(None, "follow_up_id", "id"),
    Index(None, "recommendation_id", "id"),
    Index(None, "meeting_id", "id"),
)

mail_item = Table(
    "mail_item",
    metadata,
    Column("mail_id", ID, ForeignKey("mail.id"), primary_key=True),
    Column("escalation_id", ID, ForeignKey("escalation.id"), primary_key=True),
)

mail_task = Table(
    "mail_task",
    metadata,
    # A digest that tells of this task; it is read by the digest alone.
    Column("mail_id", ID, ForeignKey("mail.id"), primary_key=True),
    Column("task_id", ID, primary_key=True),
    Column("news", WORD, primary_key=True),
    # Of a recommendation or its follow-up, or of a rakor; none of them: of an owner's own process.
    Column("recommendation_id", ID, ForeignKey("recommendation.id")),
    Column("follow_up_id", ID, ForeignKey("follow_up.id")),
    Column("meeting_id", ID, ForeignKey("meeting.id")),
    Column("agreement_id", ID, ForeignKey("agreement.id")),
    # The deadline before the first move that this digest tells of.
    Column("was_due", UtcDateTime),
    # Names of who gave it and who has it now; empty where nobody in particular.
    Column("given_by", String(120), nullable=False, default=""),
    Column("given_to", String(120), nullable=False, default=""),
    one_of("news", TASK_NEWS),
)
