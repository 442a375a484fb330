"""Uploads: files that were sent and not handed in yet.

Owns the limit of one account. Must not know HTTP; `processes.files.blobs` keeps the bytes. An
upload belongs to one person and lives seven days, so a refused or expired form keeps its files.
Completing the task makes it evidence (`processes.files.evidence`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection
from uuid_utils.compat import uuid7

from engine import Engine
from engine.sentences.errors import BadInput, NotFound
from engine.sentences.sentence import say
from processes.acts.acting import Acting, act
from processes.files.blobs import MEGABYTE, Blob, BlobFolder
from processes.rights.access import Scope, may
from processes.storage.files import compilation_orders
from processes.storage.files import evidence as table
from processes.storage.files.evidence import Evidence, Upload

UPLOAD_LASTS: Final = timedelta(days=7)
QUOTA: Final = 500 * MEGABYTE
"""Bytes of uploads, not yet evidence, that one account may keep where nothing else is set."""


def room(connection: Connection, scope: Scope, quota: int) -> int:
    """The number of bytes that this account may still upload. Raises `BadInput` if it is zero."""
    may(scope, "upload_file")
    room = quota - table.bytes_of_uploads(connection, scope.username)
    if room <= 0:
        raise over_quota(quota)
    return room


def over_quota(quota: int) -> BadInput:
    """The error for an account whose uploads without a report are too large together."""
    return BadInput(
        say(
            "Your files that are not handed in yet take {megabytes} MB, the most for one account. "
            "Hand in a form that has files, or wait: what is not handed in is removed after seven "
            "days.",
            megabytes=quota // MEGABYTE,
        )
    )


@act
def add(act: Acting, blob: Blob, *, task_id: UUID | None, quota: int = QUOTA) -> Upload:
    """Record a received file (`BlobFolder.receive`, before this transaction). Raises `BadInput` if
    the uploads of this account exceed `quota` bytes meanwhile."""
    act.lock_accounts()  # two files at the same time are counted one after the other
    act.may("upload_file")
    if table.bytes_of_uploads(act.connection, act.by) + blob.size > quota:
        raise over_quota(quota)
    row = Upload(
        id=uuid7(),
        owner=act.by,
        task_id=task_id,
        sha256=blob.sha256,
        name=blob.name,
        type=blob.type,
        size=blob.size,
        created_at=act.now,
        expires_at=act.now + UPLOAD_LASTS,
    )
    table.insert_upload(act.connection, row)
    return row


def of_task(connection: Connection, scope: Scope, task_id: UUID) -> list[Upload]:
    """The user's own files beside the form of a task, oldest first."""
    return table.uploads_of_task(connection, scope.username, task_id)


def named(connection: Connection, scope: Scope, ids: Collection[UUID]) -> list[Upload]:
    """Those of the user's own uploads that a form names, oldest first."""
    return table.uploads(connection, scope.username, ids)


def one(connection: Connection, scope: Scope, upload_id: UUID) -> Upload:
    """One of the user's own uploads, to read it back. Raises `NotFound` for another user's."""
    found = table.uploads(connection, scope.username, [upload_id])
    if not found:
        raise NotFound(say("There is no such file, or it is no longer kept."))
    return found[0]


def copy(act: Acting, data: Mapping[str, Any], owner: str, to: str) -> dict[str, Any]:
    """The entries of a form for another person: each upload that they name is noted once more, as
    theirs, and lives seven days from now."""
    listed = [entry for value in data.values() if isinstance(value, list) for entry in value]
    named = {UUID(one) for one in listed if isinstance(one, str) and is_id(one)}
    found = table.uploads(act.connection, owner, named)
    copies = {
        str(one.id): replace(
            one, id=uuid7(), owner=to, created_at=act.now, expires_at=act.now + UPLOAD_LASTS
        )
        for one in found
    }
    for copy in copies.values():
        table.insert_upload(act.connection, copy)

    def theirs(entry: object) -> object:
        copy = copies.get(entry) if isinstance(entry, str) else None
        return entry if copy is None else str(copy.id)

    return {
        name: [theirs(entry) for entry in value] if isinstance(value, list) else value
        for name, value in data.items()
    }


def again(act: Acting, files: Sequence[Evidence], owner: str, task_id: UUID) -> list[str]:
    """Files that were handed in before, noted once more for a form; return the ids it names."""
    rows = [
        Upload(
            id=uuid7(),
            owner=owner,
            task_id=task_id,
            sha256=one.sha256,
            name=one.name,
            type=one.type,
            size=one.size,
            created_at=act.now,
            expires_at=act.now + UPLOAD_LASTS,
        )
        for one in files
    ]
    for row in rows:
        table.insert_upload(act.connection, row)
    return [str(row.id) for row in rows]


def is_id(text: str) -> bool:
    """Whether a form may name an upload like this."""
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def clean(engine: Engine, folder: BlobFolder, *, now: datetime, wall_clock: datetime) -> list[str]:
    """The daily cleaning: expired uploads and compilations, then files that no row has named for 48
    hours; return the digests of the removed files. `now` is the product's clock, which dates the
    rows."""
    engine.act(lambda act: table.forget_uploads(act.connection, now))
    engine.act(lambda act: compilation_orders.expire(act.connection, now))
    with engine.reading() as connection:
        return folder.remove_abandoned(
            lambda digests: table.digests_in_use(connection, digests), wall_clock
        )
