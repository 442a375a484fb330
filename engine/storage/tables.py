"""The engine's tables. Every index has a comment with its query.

Rows that belong to a case carry `instance_id`; no table has a trigger or a sequence, and the
application makes ids (UUIDv7), so that a distributed database stays possible. On SQLite tables that
grow with every step lie in their primary key (`sqlite_with_rowid`): rows under a hidden number are
a second tree, which costs one more page in every commit.
"""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from engine.records.states import InstanceStatus, JobStatus, TaskStatus
from engine.storage.database.types import DATA, ID, NAMING, UtcDateTime

metadata = MetaData(naming_convention=NAMING)


def _one_of(column: str, states: type[StrEnum]) -> CheckConstraint:
    """The database's check of a column's states, from `engine/records/states.py`."""
    names = ", ".join(f"'{state}'" for state in states)
    return CheckConstraint(f"{column} IN ({names})", name=column)


setting = Table(
    "setting",
    metadata,
    Column("key", String(80), primary_key=True),
    Column("value", Text, nullable=False),
)

# --- models -------------------------------------------------------------------------------------

file = Table(
    "file",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

definition = Table(
    "definition",
    metadata,
    Column("id", ID, primary_key=True),
    Column("key", String(200), nullable=False),
    Column("number", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("deployment_id", ID, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("calls", DATA, nullable=False),  # called process key -> definition id, pinned
    Column("shipped", Boolean, nullable=False),
    UniqueConstraint("key", "number"),  # also: the newest version of a key
)

definition_file = Table(
    "definition_file",
    metadata,
    Column("definition_id", ID, primary_key=True),
    Column("name", String(255), primary_key=True),
    Column("sha256", String(64), nullable=False),
)

deployment = Table(
    "deployment",
    metadata,
    Column("id", ID, primary_key=True),
    Column("name", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("by", String(200), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

draft = Table(
    "draft",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("name", String(255), primary_key=True),
    Column("content", LargeBinary, nullable=False),
    Column("saved_at", UtcDateTime, nullable=False),
    Column("saved_by", String(200), nullable=False),
    Column("base", String(64)),  # SHA-256 of the replaced content
)

# --- instances ----------------------------------------------------------------------------------

instance = Table(
    "instance",
    metadata,
    Column("id", ID, primary_key=True),
    Column("definition_id", ID, nullable=False),
    Column("key", String(200), nullable=False),
    Column("business_key", String(255)),
    Column("status", String(10), nullable=False),
    Column("version", Integer, nullable=False),
    Column("last_seq", Integer, nullable=False),
    Column("last_hash", LargeBinary(32), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("started_by", String(200)),
    Column("ended_at", UtcDateTime),
    _one_of("status", InstanceStatus),
)
# instances of a process, newest first
Index("ix_instance_key_status_id", instance.c.key, instance.c.status, instance.c.id)
# the running instances of a process, by start, business key and starter
for _by in ("started_at", "business_key", "started_by"):
    Index(
        f"ix_instance_running_{_by}",
        instance.c.key,
        instance.c[_by],
        instance.c.id,
        postgresql_where=text("ended_at IS NULL"),
        sqlite_where=text("ended_at IS NULL"),
    )
# does an instance of this business key still run? (messages without a subscriber)
Index("ix_instance_business_key", instance.c.business_key, instance.c.status)

instance_state = Table(
    "instance_state",
    metadata,
    Column("instance_id", ID, primary_key=True),
    Column("body", LargeBinary, nullable=False),
)

task = Table(
    "task",
    metadata,
    Column("id", ID, primary_key=True),
    Column("instance_id", ID, nullable=False),
    Column("definition_id", ID, nullable=False),
    Column("process_key", String(200), nullable=False),
    Column("business_key", String(255)),
    Column("element_id", String(255), nullable=False),
    Column("name", Text, nullable=False),
    Column("token", ID, nullable=False),
    Column("path", Text, nullable=False),
    Column("round", Integer, nullable=False),
    Column("status", String(10), nullable=False),
    Column("assignee", String(200)),
    Column("candidate_users", DATA, nullable=False),
    Column("candidate_groups", DATA, nullable=False),
    Column("form_ref", String(255)),
    Column("priority", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime),
    Column("follow_up_at", UtcDateTime),
    Column("held_since", UtcDateTime, nullable=False),
    Column("passed_by", String(200)),  # who gave it to its assignee or back, if not they
    Column("passed_reason", Text),
    Column("repairing", Boolean, nullable=False),  # received, its incident is open
    Column("ended_at", UtcDateTime),
    Column("ended_by", String(200)),
    _one_of("status", TaskStatus),
    sqlite_with_rowid=False,
)
# the tasks of a case
Index("ix_task_instance_id", task.c.instance_id, task.c.status)
# the overdue board, and every list of open tasks by due date; tasks without one come last
Index(
    "ix_task_open_due",
    task.c.due_at,
    task.c.id,
    postgresql_where=text("status = 'open'"),
    sqlite_where=text("status = 'open'"),
)

# The people who may act on an open task now: its assignee, else each candidate. Rows go when the
# task ends.
task_candidate = Table(
    "task_candidate",
    metadata,
    Column("principal", String(255), primary_key=True),  # "user:<name>" or "group:<name>"
    Column("task_id", ID, primary_key=True),
    Column("sort_at", UtcDateTime, nullable=False),  # due_at, the far future without one
    sqlite_with_rowid=False,
)
# a principal's open tasks by due date, page by page
Index("ix_task_candidate_principal_sort", task_candidate.c.principal, task_candidate.c.sort_at)
# candidates of one task, to replace or delete them
Index("ix_task_candidate_task_id", task_candidate.c.task_id)

task_draft = Table(
    "task_draft",
    metadata,
    Column("task_id", ID, primary_key=True),
    Column("owner", String(200), primary_key=True),
    Column("data", DATA, nullable=False),
    Column("version", Integer, nullable=False),
    Column("saved_at", UtcDateTime, nullable=False),
)

# What a draft held before something else was saved over it; the newest few, until the task ends.
task_draft_past = Table(
    "task_draft_past",
    metadata,
    Column("task_id", ID, primary_key=True),
    Column("owner", String(200), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("data", DATA, nullable=False),
    Column("saved_at", UtcDateTime, nullable=False),
)

subscription = Table(
    "subscription",
    metadata,
    Column("instance_id", ID, primary_key=True),
    Column("token", ID, primary_key=True),
    Column("message", String(200), nullable=False),
    Column("key", String(255), nullable=False),
    Column("element_id", String(255), nullable=False),
    sqlite_with_rowid=False,
)
# which tokens wait for this message under this key?
Index("ix_subscription_message_key", subscription.c.message, subscription.c.key)

# Work for external workers. Leases use the database's own time.
external_task = Table(
    "external_task",
    metadata,
    Column("instance_id", ID, primary_key=True),
    Column("token", ID, primary_key=True),
    Column("definition_id", ID, nullable=False),  # the process that draws the element
    Column("process_key", String(200), nullable=False),
    Column("business_key", String(255)),
    Column("element_id", String(255), nullable=False),
    Column("topic", String(200), nullable=False),
    Column("priority", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("worker", String(255)),
    Column("leased_at", UtcDateTime),  # begin of the lease
    Column("leased_until", UtcDateTime),  # without a worker: not to be fetched before
    Column("retries", Integer),  # null: it has never failed
    Column("error_message", Text),
    Column("error_details", Text),
    Column("incident_id", ID),  # open: no worker gets it
    sqlite_with_rowid=False,
)
# one task, by the id that a worker sends
Index("ux_external_task_token", external_task.c.token, unique=True)
# the next tasks of this topic that no worker holds
Index(
    "ix_external_task_topic",
    external_task.c.topic,
    external_task.c.priority.desc(),
    external_task.c.created_at,
    external_task.c.token,
    postgresql_where=text("incident_id IS NULL AND leased_until IS NULL"),
    sqlite_where=text("incident_id IS NULL AND leased_until IS NULL"),
)
# leases that have run out, and the next one to do so
Index(
    "ix_external_task_leased_until",
    external_task.c.topic,
    external_task.c.leased_until,
    postgresql_where=text("incident_id IS NULL AND leased_until IS NOT NULL"),
    sqlite_where=text("incident_id IS NULL AND leased_until IS NOT NULL"),
)

# External workers that have asked for work, by the database's own time.
worker = Table(
    "worker",
    metadata,
    Column("worker", String(255), primary_key=True),
    Column("topic", String(200), primary_key=True),
    Column("by", String(200)),
    Column("seen_at", UtcDateTime, nullable=False),
)
# has a worker asked for this topic, and when last?
Index("ix_worker_topic", worker.c.topic, worker.c.seen_at)

# Thrown messages without a receiver; they are kept while an instance of that key runs.
message = Table(
    "message",
    metadata,
    Column("id", ID, primary_key=True),
    Column("name", String(200), nullable=False),
    Column("key", String(255), nullable=False),
    Column("payload", DATA, nullable=False),
    Column("by", String(200)),
    Column("at", UtcDateTime, nullable=False),
    Column("dropped_at", UtcDateTime),  # no instance will ever take it: kept as a record only
)
# the oldest waiting message for a subscription that opens
Index("ix_message_name_key_id", message.c.name, message.c.key, message.c.id)

# --- later work, failures, history --------------------------------------------------------------

job = Table(
    "job",
    metadata,
    Column("id", ID, primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("instance_id", ID),
    Column("token", ID),  # the timer that this job fires; of a timed start, its process
    Column("payload", DATA, nullable=False),
    Column("status", String(10), nullable=False),
    Column("attempts", SmallInteger, nullable=False),
    Column("error", DATA),  # a sentence: [template, facts]
    _one_of("status", JobStatus),
    sqlite_with_rowid=False,
)
# the due jobs in order; the planner needs the constant, see docs/decisions
Index(
    "ix_job_ready_due",
    job.c.due_at,
    job.c.id,
    postgresql_where=text("status = 'ready'"),
    sqlite_where=text("status = 'ready'"),
)
# jobs.dead, jobs.count_dead: what was given up, the oldest first, page by page
Index(
    "ix_job_dead",
    job.c.id,
    postgresql_where=text("status = 'dead'"),
    sqlite_where=text("status = 'dead'"),
)
# the timers of a case, to delete them with their task
Index("ix_job_instance_id", job.c.instance_id)

incident = Table(
    "incident",
    metadata,
    Column("id", ID, primary_key=True),
    Column("instance_id", ID, nullable=False),
    Column("definition_id", ID, nullable=False),
    Column("process_key", String(200), nullable=False),
    Column("element_id", String(255), nullable=False),
    Column("element_name", Text, nullable=False),
    Column("task_id", ID),
    Column("what", DATA, nullable=False),  # a sentence: [template, facts]
    Column("advice", DATA, nullable=False),
    Column("command", DATA, nullable=False),
    Column("by", String(200)),
    Column("received_at", UtcDateTime, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("open", Boolean, nullable=False),
)
# open incidents, newest first
Index(
    "ix_incident_open",
    incident.c.id,
    postgresql_where=text("open"),
    sqlite_where=text("open = 1"),  # as SQLAlchemy writes it there: the planner compares words
)
# the open incidents sorted by time, process, step and tries
for _by in ("at", "process_key", "element_name", "tries"):
    Index(
        f"ix_incident_open_{_by}",
        incident.c[_by],
        incident.c.id,
        postgresql_where=text("open"),
        sqlite_where=text("open = 1"),
    )
# is this case or task under repair?
Index("ix_incident_instance_id", incident.c.instance_id, incident.c.open)

event = Table(
    "event",
    metadata,
    Column("instance_id", ID, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("by", String(200)),
    Column("request_id", String(200)),
    Column("body", LargeBinary, nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    # The form in `engine.records.history.FORMS` that made the hash.
    Column("form", SmallInteger, nullable=False, server_default="1"),
    sqlite_with_rowid=False,
)
# has this command been done already, by this instance or by any?
Index(
    "ux_event_request",
    event.c.request_id,
    event.c.instance_id,
    unique=True,
    postgresql_where=text("request_id IS NOT NULL"),
    sqlite_where=text("request_id IS NOT NULL"),
)

# Deltas beside folded sums: if every step updated one counter row, commits would wait for each
# other.
counter = Table(
    "counter",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("value", Integer, nullable=False),
)

counter_delta = Table(
    "counter_delta",
    metadata,
    Column("id", ID, primary_key=True),
    Column("name", String(80), nullable=False),
    Column("key", String(255), nullable=False),
    Column("delta", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# Yearly series (receipts, letters): see engine/storage/numbers.py
series = Table(
    "series",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("last", Integer, nullable=False),
)
