"""The `incident` table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, exists, func, or_, select
from sqlalchemy import insert as sql_insert
from sqlalchemy import update as sql_update

from engine.records.commands import Send
from engine.sentences.sentence import Sentence, say
from engine.storage.tables import incident, instance, task


@dataclass(frozen=True, slots=True)
class Incident:
    """A failed step: its reason, and the command to repeat. Times are aware UTC."""

    id: UUID
    instance_id: UUID
    definition_id: UUID
    process_key: str
    element_id: str
    element_name: str
    task_id: UUID | None
    what: Sentence
    advice: Sentence
    command: Mapping[str, Any]
    by: str | None
    received_at: datetime
    at: datetime
    tries: int
    open: bool


REACHED_NOBODY: Final = say("The message {name} reached nobody: {why}")
"""Why a message is kept by its sender."""
COLUMNS = tuple(incident.c[name] for name in Incident.__dataclass_fields__)


def dump_sentence(sentence: Sentence) -> list[Any]:
    """JSON of a sentence; facts become text, but sentences among them can still be translated."""
    facts = {
        key: dump_sentence(fact) if isinstance(fact, Sentence) else str(fact)
        for key, fact in sentence.facts.items()
    }
    return [sentence.template, facts]


def load_sentence(stored: list[Any]) -> Sentence:
    """The sentence from the JSON of `dump_sentence`."""
    template, facts = stored
    return Sentence(
        template,
        {k: load_sentence(fact) if isinstance(fact, list) else fact for k, fact in facts.items()},
    )


def read(row: Sequence[Any]) -> Incident:
    """The incident from its `COLUMNS`."""
    values = dict(zip(Incident.__dataclass_fields__, row, strict=True))
    for name in ("what", "advice"):
        values[name] = load_sentence(values[name])
    return Incident(**values)


def insert(connection: Connection, row: Mapping[str, Any]) -> None:
    """A new incident."""
    connection.execute(sql_insert(incident), row)


def by_id(connection: Connection, incident_id: UUID) -> Incident | None:
    """One incident."""
    row = connection.execute(select(*COLUMNS).where(incident.c.id == incident_id)).first()
    return None if row is None else read(row)


def still_open(connection: Connection, incident_id: UUID) -> bool:
    """Whether the incident is open; asked again under the lock of its instance."""
    return bool(connection.scalar(select(incident.c.open).where(incident.c.id == incident_id)))


def opened(
    connection: Connection, *, process_key: str | None = None, most: int = 200
) -> list[Incident]:
    """Open incidents, newest first."""
    wanted = select(*COLUMNS).where(incident.c.open).order_by(incident.c.id.desc()).limit(most)
    if process_key is not None:
        wanted = wanted.where(incident.c.process_key == process_key)
    return [read(row) for row in connection.execute(wanted)]


def of_instance(connection: Connection, instance_id: UUID) -> list[Incident]:
    """The open incidents of a case."""
    wanted = select(*COLUMNS).where(incident.c.instance_id == instance_id, incident.c.open)
    return [read(row) for row in connection.execute(wanted)]


def count_open(connection: Connection) -> dict[str, int]:
    """Open incidents by process key."""
    rows = connection.execute(
        select(incident.c.process_key, func.count())
        .where(incident.c.open)
        .group_by(incident.c.process_key)
    )
    return dict(rows.all())


def close(connection: Connection, incident_id: UUID) -> bool:
    """Close a repaired, discarded or overtaken incident; False if somebody else has closed it."""
    closed = connection.execute(
        sql_update(incident).where(incident.c.id == incident_id, incident.c.open).values(open=False)
    )
    return closed.rowcount == 1


def close_outlived(connection: Connection) -> None:
    """Close what outlived its task or its case. A step closes its own; this finds those
    that came at the same moment, or before steps did."""
    kind, sent = incident.c.command["kind"].as_string(), Send.kind
    task_ended = incident.c.task_id.is_not(None) & ~exists().where(
        task.c.id == incident.c.task_id, task.c.status == "open"
    )
    # Messages kept before receivers were told apart are known by the reason alone.
    received = incident.c.what[0].as_string() != REACHED_NOBODY.template
    case_ended = exists().where(
        instance.c.id == incident.c.instance_id,
        instance.c.status != "active",
        or_(kind != sent, instance.c.status == "withdrawn", received),
    )
    ended = or_(task_ended, case_ended)
    connection.execute(sql_update(incident).where(incident.c.open, ended).values(open=False))


def count_try(
    connection: Connection,
    incident_id: UUID,
    element_id: str,
    element_name: str,
    what: Sentence,
    advice: Sentence,
) -> None:
    """Count a failed retry, and store its reason."""
    connection.execute(
        sql_update(incident)
        .where(incident.c.id == incident_id)
        .values(
            tries=incident.c.tries + 1,
            element_id=element_id,
            element_name=element_name,
            what=dump_sentence(what),
            advice=dump_sentence(advice),
        )
    )
