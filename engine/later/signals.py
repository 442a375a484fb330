"""A signal reaches every token that waits for its name, and starts every process with that start
event.

The case that throws a signal has heard it in that step. After the commit a job spreads it to the
others: one job for each token that waited when it was thrown, and for each process that it started
then. So a case that is locked or fails delays no other case. Where cases are kept, a case hears
only signals of its own family, and other instances hear no signal of a case.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection
from uuid_utils.compat import uuid7

from engine.execution.border import ANYBODY
from engine.execution.step import Stepper
from engine.ports.cases import reaches, speaks_for_no_case
from engine.records.commands import Deliver
from engine.records.payloads import Hearing, Spreading, Starting
from engine.storage.later import jobs, messages
from engine.storage.later.jobs import Job, job_row


def spread(stepper: Stepper, connection: Connection, signal: Spreading, now: datetime) -> None:
    """Store the jobs of the signal, inside the caller's transaction."""
    sender, cases = signal.family, stepper.around.cases
    rows = [
        job_row(Hearing.kind, now, Hearing(signal, token).encode(), instance_id=one.id)
        for one, token in messages.listeners(connection, signal.name, ANYBODY)
        if (signal.hearing is None or token in signal.hearing)
        and reaches(cases, connection, sender, None, one)
    ]
    begun = stepper.programs.started_by(connection, "signal", signal.name)
    thrown = begun if signal.starts is None else signal.starts
    begun = {key: begun.get(key, at) for key, at in thrown.items()}
    for key, start_event in begun.items() if speaks_for_no_case(sender) else ():
        start = Starting(key, uuid7(), signal.business_key, signal.payload, signal.by, start_event)
        rows.append(job_row(start.kind, now, start.encode()))
    jobs.add(connection, rows)


def hearing(job: Job) -> Deliver:
    """The command for one waiting token."""
    heard = Hearing.decode(job.payload)
    return Deliver(
        message=heard.signal.name, key=ANYBODY, payload=heard.signal.payload, by=heard.signal.by,
        token=heard.token,
    )  # fmt: skip
