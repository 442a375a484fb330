"""Changing a deployed process: a saved draft over its newest version, checked, then released.

A draft is the newest version's files with some of them replaced or added. Releasing deploys it;
running instances stay on their version. Models that come with the product are deployed while
nobody has released the process, and offered as a draft afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from engine import deploying
from engine.deploying import Deployment
from engine.errors import BadInput, NotFound
from engine.models.bundle import kind_of, read_bundle
from engine.models.checks import Known
from engine.models.problems import Problem
from engine.storage import definitions, model_drafts
from engine.storage.definitions import Version
from engine.storage.model_drafts import DraftFile
from engine.words import say

MOST_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ModelDraft:
    """`files` is complete: what a release would deploy; `changed` says which files differ."""

    key: str
    base: Version
    files: Mapping[str, bytes]
    changed: Mapping[str, DraftFile]


def read(connection: Connection, key: str) -> ModelDraft:
    """The draft of a process; without changes it is its newest version. Raises NotFound."""
    base = definitions.newest(connection, key)
    if base is None:
        raise NotFound(say("There is no process {key}.", key=key))
    changed = {one.name: one for one in model_drafts.of_key(connection, key)}
    files = definitions.files_of(connection, base.id)
    return ModelDraft(key, base, {**files, **{n: d.content for n, d in changed.items()}}, changed)


def save(connection: Connection, key: str, changed: DraftFile) -> None:
    """Save a file of a draft, right or wrong: it is checked before release, not before saving.

    Raises BadInput for a file that is no model, NotFound for an unknown process.
    """
    if kind_of(changed.name) is None or "/" in changed.name or "\\" in changed.name:
        advice = say("Give the file a name that ends in .bpmn, .dmn or .form.")
        raise BadInput(say("This file is no model."), {"file": advice})
    if len(changed.content) > MOST_BYTES:
        raise BadInput(say("This file is too large."), {"file": say("Send at most 10 MB.")})
    if definitions.newest(connection, key) is None:
        raise NotFound(say("There is no process {key}.", key=key))
    model_drafts.save(connection, key, changed)


def problems(connection: Connection, key: str, known: Known) -> list[Problem]:
    """What releasing the draft would find."""
    return deploying.plan(connection, read(connection, key).files, known).problems


def affected(connection: Connection, key: str, known: Known) -> list[str]:
    """The processes that a release would give a new version: a table may serve several."""
    planned = deploying.plan(connection, read(connection, key).files, known)
    return deploying.changed(connection, planned)


def release(
    connection: Connection, key: str, note: str, by: str, known: Known, now: datetime
) -> list[Version]:
    """Deploy the draft and forget it. Raises BadInput without a note, ModelError on errors."""
    if not note.strip():
        advice = say("Write what changed and why; it is shown beside the version.")
        raise BadInput(say("A release needs a note."), {"note": advice})
    draft = read(connection, key)
    versions = deploying.deploy(connection, Deployment(draft.files, by, note), known, now)
    model_drafts.discard(connection, key)
    return versions


def ship(
    connection: Connection, files: Mapping[str, bytes], by: str, known: Known, now: datetime
) -> list[Version]:
    """Deploy the models that come with the product; where an owner has released a version of
    their own, a changed one is offered as a draft instead."""
    bundle = read_bundle(files)
    newest = {key: definitions.newest(connection, key) for key in bundle.processes}
    owned = {key: version for key, version in newest.items() if version and not version.shipped}
    for key, version in owned.items():
        _offer(connection, key, version, deploying.file_set(bundle, files, key), by, now)
    mine = {
        name: content
        for key in bundle.processes.keys() - owned.keys()
        for name, content in deploying.file_set(bundle, files, key).items()
    }
    if not mine:
        return []
    note = "Shipped with the product"
    return deploying.deploy(connection, Deployment(mine, by, note, shipped=True), known, now)


def _offer(
    connection: Connection,
    key: str,
    version: Version,
    files: Mapping[str, bytes],
    by: str,
    now: datetime,
) -> None:
    """Offer files that no version of the process has had, unless a draft is under way."""
    had = {
        (name, content)
        for one in definitions.history_of(connection, key)
        for name, content in definitions.files_of(connection, one.id).items()
    }
    if model_drafts.of_key(connection, key):
        return
    for name, content in files.items():
        if (name, content) not in had:
            model_drafts.save(connection, key, DraftFile(name, content, now, by))
