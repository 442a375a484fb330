"""Is the product healthy? What the system page and `tindak doctor` say, in words.

Owns the questions and what counts as well. Changes nothing.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version
from typing import Final

from sqlalchemy import Connection

from engine.clock import read_virtual
from engine.storage import externals, incidents, jobs, workers
from engine.storage.clock_time import read_time
from engine.words import Sentence, say
from processes import verification
from processes.access import Scope, may
from processes.readiness import beats
from processes.service import Service
from processes.spans import span
from processes.storage import mail_rows

LEAST_FREE: Final = 1_000_000_000
"""Bytes of free space below which an operator should act."""
MOST_NAMED: Final = 10
"""Topics that one sentence names."""
HEARD_WITHIN: Final = timedelta(hours=1)
"""A worker that waits for work asks anew within half an hour."""
LATEST_JOB: Final = timedelta(minutes=2)
LATEST_VERIFICATION: Final = timedelta(days=2)
"""It is done once a day; the second day is room for one that was cut short."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One subject: whether it is well, and what there is to say."""

    subject: Sentence
    well: bool
    words: Sentence


def clock_at(database_now: datetime, stored: str | None) -> datetime:
    """The product's time for a database time and the stored clock."""
    return read_virtual(stored).at(database_now) if stored else database_now


def examine(service: Service, scope: Scope) -> list[Finding]:
    """Every finding, in the order of the page. Raises `Forbidden`."""
    may(scope, "read_system")
    with service.reading() as connection:
        found = [question(service, connection) for question in QUESTIONS]
    return [*found, _space(service), _version()]


def _database(service: Service, connection: Connection) -> Finding:
    name = "SQLite" if service.engine.database.is_sqlite else "PostgreSQL"
    return Finding(say("Database"), True, say("{name} answers.", name=name))


def _clock(service: Service, connection: Connection) -> Finding:
    database_now, stored = read_time(connection)
    if stored is None:
        return Finding(say("Clock"), True, say("The clock of the database."))
    clock = read_virtual(stored)
    ahead = clock.at(database_now) - database_now
    words = say(
        "A virtual clock, ahead by {span}, {speed} times as fast.",
        span=span(ahead), speed=f"{clock.speed:g}",
    )  # fmt: skip
    return Finding(say("Clock"), service.options.demo, words)


def _scheduler(service: Service, connection: Connection) -> Finding:
    database_now, _ = read_time(connection)
    beat = service.engine.on(connection).heartbeat()
    if beat is None:
        return Finding(say("Scheduler"), False, say("No scheduler has ever run."))
    words = say("Last heard of {age} ago.", age=span(database_now - beat))
    return Finding(say("Scheduler"), beats(service, connection), words)


def _oldest_job(service: Service, connection: Connection) -> Finding:
    earliest = jobs.earliest(connection)
    now = service.engine.on(connection).now()
    if earliest is None or earliest > now:
        return Finding(say("Due work"), True, say("Nothing is overdue."))
    words = say("The oldest due job has waited for {age}.", age=span(now - earliest))
    return Finding(say("Due work"), now - earliest < LATEST_JOB, words)


def _dead_jobs(service: Service, connection: Connection) -> Finding:
    dead = jobs.count_by_status(connection).get("dead", 0)
    words = say("Jobs that were given up: {count}; see incidents.", count=dead)
    return Finding(say("Dead jobs"), not dead, words if dead else say("None."))


def _incidents(service: Service, connection: Connection) -> Finding:
    count = sum(incidents.count_open(connection).values())
    words = say("Cases that are stuck: {count}; see incidents.", count=count)
    return Finding(say("Incidents"), not count, words if count else say("None."))


def _external_tasks(service: Service, connection: Connection) -> Finding:
    now = service.engine.on(connection).real_now()
    topics = externals.topics(connection, now)
    stuck = [one for one in topics if one.stuck]
    if stuck:
        words = say(
            "External tasks that workers gave up: {count} ({topics}); see incidents.",
            count=sum(one.stuck for one in stuck),
            topics=_named([one.topic for one in stuck]),
        )
    else:
        words = say("External tasks that wait: {count}.", count=sum(one.waiting for one in topics))
    return Finding(say("External tasks"), not stuck, words)


def _workers(service: Service, connection: Connection) -> Finding:
    now = service.engine.on(connection).real_now()
    waiting = {one.topic for one in externals.topics(connection, now) if one.unheld}
    unheard = workers.unheard(connection, waiting, now - HEARD_WITHIN)
    if not waiting:
        words = say("No external task waits for one.")
    elif unheard:
        words = say(
            "External tasks wait, and no worker has asked for their topics in the last hour: "
            "{topics}. Start their workers.",
            topics=_named(sorted(unheard)),
        )
    else:
        words = say("Each topic with external tasks was asked for in the last hour.")
    return Finding(say("Workers"), not unheard, words)


def _named(topics: Sequence[str]) -> str:
    more = "" if len(topics) <= MOST_NAMED else ", …"
    return ", ".join(topics[:MOST_NAMED]) + more


def _mail(service: Service, connection: Connection) -> Finding:
    if not service.options.smtp_url:
        words = say("No mail server is set: mails are only shown in the outbox.")
        return Finding(say("Mail"), True, words)
    failed = mail_rows.count_failed(connection)
    words = say("Mails that could not be sent: {count}.", count=failed)
    return Finding(say("Mail"), not failed, words if failed else say("All mails were sent."))


def _records(service: Service, connection: Connection) -> Finding:
    subject, found = say("Records"), verification.last(connection)
    if found is None:
        advice = say("Never verified; the scheduler does it once a day, `tindak verify` at once.")
        return Finding(subject, False, advice)
    age = service.engine.on(connection).real_now() - found.at
    if not found.holds:
        words = say("Verified {age} ago, and not all holds: run `tindak verify`.", age=span(age))
        return Finding(subject, False, words)
    words = say(
        "Verified {age} ago, and all holds. Cases: {cases}, their events: {events}, entries of the "
        "audit: {entries}.",
        age=span(age), events=found.events, cases=found.cases, entries=found.entries,
    )  # fmt: skip
    return Finding(subject, age < LATEST_VERIFICATION, words)


def _space(service: Service) -> Finding:
    free = shutil.disk_usage(service.options.data_dir).free
    words = say("{gigabytes} GB are free in the data folder.", gigabytes=free // 10**9)
    return Finding(say("Space"), free > LEAST_FREE, words)


def _version() -> Finding:
    return Finding(say("Version"), True, say("Tindak {version}.", version=version("tindak")))


QUESTIONS: Final[tuple[Callable[[Service, Connection], Finding], ...]] = (
    _database, _clock, _scheduler, _oldest_job, _dead_jobs, _incidents,
    _external_tasks, _workers, _mail, _records,
)  # fmt: skip
