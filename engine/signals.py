"""Signals reach everybody who waits for their name, and start every process that starts by it.

The case that throws a signal has heard it in that step. To others it is spread by a job after the
commit: one job for each token that waited when it was thrown, and for each process that started by
it then, so that a case that is locked or fails holds up none of the others. Where cases are kept, a
case hears the signals of its own family only, and no other instance those of a case.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection
from uuid_utils.compat import uuid7

from engine.cases import EVERY_FAMILY, reaches, speaks_for_no_case
from engine.execution.border import ANYBODY
from engine.execution.commands import Deliver
from engine.execution.step import Stepper
from engine.storage import jobs, messages
from engine.storage.jobs import Job, job_row


def spread(
    stepper: Stepper, connection: Connection, content: Mapping[str, Any], now: datetime
) -> None:
    """Store what the signal sets off, inside the caller's transaction."""
    name, payload, by = content["signal"], content["payload"], content["by"]
    # What was stored before senders were told apart goes where it went then.
    sender, cases = content.get("family", EVERY_FAMILY), stepper.around.cases
    heard = set(content["hearing"]) if "hearing" in content else None
    rows = [
        job_row("hear", now, {**content, "token": str(token)}, instance_id=one.id)
        for one, token in messages.listeners(connection, name, ANYBODY)
        if (heard is None or str(token) in heard) and reaches(cases, connection, sender, None, one)
    ]
    begun = stepper.programs.started_by(connection, "signal", name)
    begun = {key: begun.get(key, at) for key, at in content.get("starts", begun).items()}
    for key, start_event in begun.items() if speaks_for_no_case(sender) else ():
        start = {
            "key": key, "id": str(uuid7()), "business_key": content.get("business_key"),
            "data": payload, "by": by, "at": start_event,
        }  # fmt: skip
        rows.append(job_row("start", now, start))
    jobs.add(connection, rows)


def hearing(job: Job) -> Deliver:
    """What one waiting token is told."""
    content = job.payload
    return Deliver(
        message=content["signal"], key=ANYBODY, payload=content["payload"], by=content["by"],
        token=UUID(content["token"]),
    )  # fmt: skip
