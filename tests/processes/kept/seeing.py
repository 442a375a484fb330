"""The view of a demo from outside, as JSON: stored beside a kept one, and compared later."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import func, select

from engine.storage.tables import event, instance, job, subscription, task
from processes.acts.service import Service
from processes.storage.files.evidence import evidence
from processes.storage.rights.audit import audit
from processes.storage.tables.follow_ups import (
    evaluation,
    exchange,
    extension,
    follow_up,
    plan,
    progress,
    statement,
)
from processes.storage.tables.notices import escalation, mail
from processes.storage.tables.people import institution, user
from processes.storage.tables.recommendations import comment, decision, recommendation
from processes.storage.tables.reports import report

Seen = dict[str, dict[str, int]]

COUNTED = (
    audit, comment, decision, escalation, evaluation, event, evidence, exchange, extension,
    institution, plan, progress, report, statement, user,
)  # fmt: skip
"""Tables of which every row must still be there."""
STATES = {
    "recommendations by status": select(recommendation.c.status),
    "follow-ups by status": select(follow_up.c.status),
    "follow-ups by verdict": select(follow_up.c.verdict),
    "instances": select(instance.c.key + " " + instance.c.status),
    "open tasks": select(task.c.element_id).where(task.c.status == "open"),
    "jobs": select(job.c.kind),
    "subscriptions": select(subscription.c.message),
    "mails": select(mail.c.state),
}


def seen(service: Service) -> Seen:
    """Counts of rows, and of cases and their parts by the state they are in."""
    with service.reading() as connection:
        rows = {
            table.name: connection.scalar(select(func.count()).select_from(table)) or 0
            for table in COUNTED
        }
        states = {
            name: Counter(str(value) for value in connection.scalars(question))
            for name, question in STATES.items()
        }
    return {"rows": rows, **{name: dict(sorted(found.items())) for name, found in states.items()}}
