"""The health of the product in words, for the system page and `tindak doctor`.

Owns the questions and the limits of health. Changes nothing.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import version
from typing import Final

from engine.sentences.sentence import say
from engine.storage.cases import incidents
from engine.storage.later import externals, jobs, workers
from engine.storage.later.externals import TopicState
from processes.acts.reading import Reading
from processes.acts.service import Options
from processes.ground.spans import span
from processes.operation import kept_files, verification
from processes.operation.finding import Finding
from processes.operation.readiness import is_recent
from processes.rights.access import may
from processes.storage.notices import mail_rows

LEAST_FREE: Final = 1_000_000_000
"""Bytes of free space below which an operator should act."""
MOST_NAMED: Final = 10
"""Number of topics that one sentence names."""
HEARD_WITHIN: Final = timedelta(hours=1)
"""A waiting worker asks again within half an hour."""
LATEST_JOB: Final = timedelta(minutes=2)
LATEST_VERIFICATION: Final = timedelta(days=2)
"""The daily check; the second day covers one that was interrupted."""


@dataclass(frozen=True, slots=True)
class _Look:
    """Facts that several questions need: read once."""

    at: Reading
    options: Options
    topics: Sequence[TopicState]


def examine(at: Reading, options: Options) -> list[Finding]:
    """All findings, in the order of the page. Raises `Forbidden`."""
    may(at.scope, "read_system")
    look = _Look(at, options, externals.topics(at.connection, at.real_now))
    return [question(look) for question in QUESTIONS]


def _database(look: _Look) -> Finding:
    name = "SQLite" if look.at.connection.dialect.name == "sqlite" else "PostgreSQL"
    return Finding(say("Database"), True, say("{name} answers.", name=name))


def _clock(look: _Look) -> Finding:
    clock, now = look.at.ask.virtual_time(), look.at.real_now
    if clock is None:
        return Finding(say("Clock"), True, say("The clock of the database."))
    words = say(
        "A virtual clock, ahead by {span}, {speed} times as fast.",
        span=span(clock.at(now) - now), speed=f"{clock.speed:g}",
    )  # fmt: skip
    return Finding(say("Clock"), look.options.demo, words)


def _scheduler(look: _Look) -> Finding:
    beat, now = look.at.ask.heartbeat(), look.at.real_now
    if beat is None:
        return Finding(say("Scheduler"), False, say("No scheduler has ever run."))
    words = say("Last heard of {age} ago.", age=span(now - beat))
    return Finding(say("Scheduler"), is_recent(beat, now), words)


def _oldest_job(look: _Look) -> Finding:
    earliest, now = jobs.earliest(look.at.connection), look.at.now
    if earliest is None or earliest > now:
        return Finding(say("Due work"), True, say("Nothing is overdue."))
    words = say("The oldest due job has waited for {age}.", age=span(now - earliest))
    return Finding(say("Due work"), now - earliest < LATEST_JOB, words)


def _dead_jobs(look: _Look) -> Finding:
    dead = jobs.count_by_status(look.at.connection).get("dead", 0)
    words = say("Jobs that were given up: {count}; see incidents.", count=dead)
    return Finding(say("Dead jobs"), not dead, words if dead else say("None."))


def _incidents(look: _Look) -> Finding:
    count = sum(incidents.count_open(look.at.connection).values())
    words = say("Cases that are stuck: {count}; see incidents.", count=count)
    return Finding(say("Incidents"), not count, words if count else say("None."))


def _external_tasks(look: _Look) -> Finding:
    stuck = [one for one in look.topics if one.stuck]
    if stuck:
        words = say(
            "External tasks that workers gave up: {count} ({topics}); see incidents.",
            count=sum(one.stuck for one in stuck),
            topics=_named([one.topic for one in stuck]),
        )
    else:
        waiting = sum(one.waiting for one in look.topics)
        words = say("External tasks that wait: {count}.", count=waiting)
    return Finding(say("External tasks"), not stuck, words)


def _workers(look: _Look) -> Finding:
    since = look.at.real_now - HEARD_WITHIN
    waiting = {one.topic for one in look.topics if one.unheld}
    unheard = workers.unheard(look.at.connection, waiting, since)
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


def _mail(look: _Look) -> Finding:
    if not look.options.smtp_url:
        words = say("No mail server is set: mails are only shown in the outbox.")
        return Finding(say("Mail"), True, words)
    failed = mail_rows.count_failed(look.at.connection)
    words = say("Mails that could not be sent: {count}.", count=failed)
    return Finding(say("Mail"), not failed, words if failed else say("All mails were sent."))


def _records(look: _Look) -> Finding:
    subject, found = say("Records"), verification.last(look.at.connection)
    if found is None:
        advice = say("Never verified; the scheduler does it once a day, `tindak verify` at once.")
        return Finding(subject, False, advice)
    age = look.at.real_now - found.at
    if not found.holds:
        words = say("Verified {age} ago, and not all holds: run `tindak verify`.", age=span(age))
        return Finding(subject, False, words)
    words = say(
        "Verified {age} ago, and all holds. Cases: {cases}, their events: {events}, entries of the "
        "audit: {entries}.",
        age=span(age), events=found.events, cases=found.cases, entries=found.entries,
    )  # fmt: skip
    return Finding(subject, age < LATEST_VERIFICATION, words)


def _evidence(look: _Look) -> Finding:
    return kept_files.evidence_finding(look.at.connection, look.options, look.at.real_now)


def _backup(look: _Look) -> Finding:
    return kept_files.backup_finding(look.options, look.at.real_now)


def _space(look: _Look) -> Finding:
    folder = look.options.data_dir
    if not folder.is_dir():
        words = say("There is no folder {folder}, in which files are kept.", folder=str(folder))
        return Finding(say("Space"), False, words)
    free = shutil.disk_usage(folder).free
    words = say("{gigabytes} GB are free in the data folder.", gigabytes=free // 10**9)
    return Finding(say("Space"), free > LEAST_FREE, words)


def _version(_: _Look) -> Finding:
    return Finding(say("Version"), True, say("Tindak {version}.", version=version("tindak")))


QUESTIONS: Final[tuple[Callable[[_Look], Finding], ...]] = (
    _database, _clock, _scheduler, _oldest_job, _dead_jobs, _incidents,
    _external_tasks, _workers, _mail, _records, _evidence, _backup, _space, _version,
)  # fmt: skip
