"""Whether register and engine agree, and whether their chains hold.

For any database: a kept demo before and after it is worked, the large demo.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from engine.execution.border import Live, Program
from engine.models.bundle import read_bundle
from engine.sentences.errors import NotFound
from engine.storage.cases import steps
from engine.storage.tables import definition, instance, job, subscription, task
from processes.acts.service import Service
from processes.files.blobs import BlobFolder
from processes.register.states import ENDED, MOVES
from processes.rights import audit
from processes.storage.cases.past import follow_up_past, follow_up_then, recommendation_past
from processes.storage.files.evidence import evidence
from processes.storage.tables.follow_ups import follow_up
from processes.storage.tables.recommendations import recommendation

CASES = {"recommendation": recommendation, "follow_up": follow_up}
"""Process key -> the table of its rows in the register."""
DRAWN = {(origin, move.to) for move in MOVES for origin in move.drawn}
"""From which stage the shipped diagram leads to which."""


def disagreements(service: Service) -> list[str]:
    """Everything that is not as it should be, in words."""
    programs = _programs(service)
    with service.reading() as connection:
        return [
            *_of_rows(connection),
            *_of_past(connection),
            *_of_states(connection, programs),
            *_of_chains(service, connection),
            *_of_files(service, connection),
            *(f"incident at {one.element_id}: {one.what}" for one in service.engine.incidents()),
        ]


def _of_rows(connection: Connection) -> Iterator[str]:
    """Every row has its instance and every instance its row; both open or both ended."""
    for key, table in CASES.items():
        columns = (instance.c.id, instance.c.business_key, instance.c.status)
        instances = connection.execute(select(*columns).where(instance.c.key == key))
        running = {one.id: (one.business_key, one.status == "active") for one in instances}
        rows = connection.execute(select(table.c.instance_id, table.c.id, table.c.status))
        register = {one.instance_id: (str(one.id), one.status not in ENDED) for one in rows}
        for id in running.keys() | register.keys():
            if running.get(id) != register.get(id):
                yield f"{key} {id}: engine {running.get(id)}, register {register.get(id)}"


def _of_past(connection: Connection) -> Iterator[str]:
    """The dated rows of each case follow each other without a gap; the last one says what the row
    of the case does. A follow-up has gone the ways of the shipped diagram."""
    for table, past in ((follow_up, follow_up_past), (recommendation, recommendation_past)):
        owner, *_ = past.primary_key.columns
        about = (owner.name, "valid_from", "valid_to")
        names = [column.name for column in past.columns if column.name not in about]
        rows = connection.execute(select(past).order_by(owner, past.c.valid_from)).mappings()
        dated: dict[UUID, list[Any]] = defaultdict(list)
        for row in rows:
            dated[row[owner.name]].append(row)
        for now in connection.execute(select(table)).mappings():
            mine = dated[now["id"]]
            ends = [one["valid_to"] for one in mine]
            if ends != [*(one["valid_from"] for one in mine[1:]), None]:
                yield f"{table.name} {now['id']}: its past has gaps"
            elif [mine[-1][name] for name in names] != [now[name] for name in names]:
                yield f"{table.name} {now['id']}: its past and its row differ"
    for one in connection.scalars(select(follow_up.c.id)):
        stages = [then.status for then in follow_up_then(connection, one)]
        for pair in pairwise(stages):
            if pair[0] is not pair[1] and pair not in DRAWN:
                yield f"follow_up {one}: went from {pair[0]} to {pair[1]}"


def _of_states(connection: Connection, programs: dict[UUID, Program]) -> Iterator[str]:
    """The stored state of each instance waits for exactly what its rows say, and for something."""
    for row in connection.execute(
        select(instance.c.id, instance.c.definition_id, instance.c.status)
    ):
        live = Live.load(programs[row.definition_id], steps.state(connection, row.id))
        waiting = live.waiting()
        tasks = select(task.c.id).where(task.c.instance_id == row.id, task.c.status == "open")
        if {one.row_id for one in waiting.tasks.values()} != set(connection.scalars(tasks)):
            yield f"{row.id}: open tasks of state and rows differ"
        timers = select(job.c.token, job.c.due_at).where(
            job.c.instance_id == row.id, job.c.kind == "timer"
        )
        if {token: one.due_at for token, one in waiting.timers.items()} != {
            one.token: one.due_at for one in connection.execute(timers)
        }:
            yield f"{row.id}: timers of state and rows differ"
        heard = select(subscription.c.token).where(subscription.c.instance_id == row.id)
        if set(waiting.subscriptions) != set(connection.scalars(heard)):
            yield f"{row.id}: subscriptions of state and rows differ"
        if (row.status == "active") == live.ended:
            yield f"{row.id} is {row.status}, its state says otherwise"


def _programs(service: Service) -> dict[UUID, Program]:
    with service.reading() as connection:
        versions = connection.execute(select(definition.c.id, definition.c.key)).all()
    return {
        one.id: Program.build(read_bundle(service.engine.files(one.id)), one.key)
        for one in versions
    }


def _of_chains(service: Service, connection: Connection) -> Iterator[str]:
    for id in connection.scalars(select(instance.c.id)):
        if (broken := service.engine.broken_history(id)) is not None:
            yield f"{id}: its history breaks at {broken}"
    if (broken := audit.verify(connection).broken_at) is not None:
        yield f"the audit breaks at {broken}"


def _of_files(service: Service, connection: Connection) -> Iterator[str]:
    folder = BlobFolder(service.options.evidence_dir)
    for digest in connection.scalars(select(evidence.c.sha256).distinct()):
        try:
            folder.open(digest).close()
        except (OSError, NotFound):
            yield f"no file {digest}"
