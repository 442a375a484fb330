"""Changing a deployed process: a saved draft over its newest version, checked, then released.

A draft is the newest version's files with some of them replaced or added. Releasing deploys it;
running instances stay on their version. The models of the product are deployed until somebody
releases the process; after that the product offers its models as a draft.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection

from engine.deployment import deploying
from engine.deployment.deploying import Deployment, Plan
from engine.deployment.examining import Examine, Files, examine, file_sets
from engine.models.bundle import kind_of, read_bundle
from engine.models.checks import Known
from engine.sentences.errors import BadInput, Conflict, NotFound
from engine.sentences.sentence import say
from engine.storage.models import definitions, model_drafts
from engine.storage.models.definitions import Version
from engine.storage.models.model_drafts import DraftFile
from engine.time.calendar import DEFAULT_ZONE

MOST_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ModelDraft:
    """A draft. `files` are all the files that a release would deploy; `changed` names the files
    that differ."""

    key: str
    base: Version
    files: Files
    changed: Mapping[str, DraftFile]


@dataclass(frozen=True, slots=True)
class Planned:
    """A draft as read, and the effect of deploying it."""

    draft: ModelDraft
    deployment: Plan


def read(connection: Connection, key: str) -> ModelDraft:
    """The draft of a process; without changes it equals the newest version. Raises NotFound."""
    base = definitions.newest(connection, key)
    if base is None:
        raise NotFound(say("There is no process {key}.", key=key))
    changed = {one.name: one for one in model_drafts.of_key(connection, key)}
    files = definitions.files_of(connection, base.id)
    return ModelDraft(key, base, {**files, **{n: d.content for n, d in changed.items()}}, changed)


def save(connection: Connection, key: str, changed: DraftFile, *, over: str | None = None) -> None:
    """Save a file of a draft, correct or not: the release checks it. `over`: SHA-256 of the content
    that the author changed.

    Raises BadInput for a file that is no model, NotFound for an unknown process, Conflict if the
    present file is not the one that the author changed.
    """
    if kind_of(changed.name) is None or "/" in changed.name or "\\" in changed.name:
        advice = say("Give the file a name that ends in .bpmn, .dmn or .form.")
        raise BadInput(say("This file is no model."), {"file": advice})
    if len(changed.content) > MOST_BYTES:
        raise BadInput(say("This file is too large."), {"file": say("Send at most 10 MB.")})
    if over is not None:
        definitions.hold(connection, definitions.newest_ids(connection))
        _refuse_overtaken(read(connection, key), changed, over)
    model_drafts.save(connection, key, replace(changed, base=_base(connection, key, changed.name)))


def _refuse_overtaken(draft: ModelDraft, changed: DraftFile, over: str) -> None:
    present = draft.files.get(changed.name, b"")
    if sha256(present).hexdigest() == over or present == changed.content:
        return
    by = draft.changed.get(changed.name)
    raise Conflict(
        say("This file was saved from another page meanwhile."),
        who=by.saved_by if by else None,
        when=by.saved_at if by else None,
    )


def _base(connection: Connection, key: str, name: str) -> str | None:
    """The content that the draft's first change of a file replaced; later changes keep it."""
    version = definitions.newest(connection, key)
    if version is None:
        raise NotFound(say("There is no process {key}.", key=key))
    before = next((one for one in model_drafts.of_key(connection, key) if one.name == name), None)
    return before.base if before else definitions.hashes_of(connection, version.id).get(name)


def plan(connection: Connection, key: str, known: Known, examine: Examine) -> Planned:
    """Read and check the draft. This takes long and needs no lock. Raises NotFound."""
    draft = read(connection, key)
    return Planned(draft, deploying.plan(connection, draft.files, known, examine))


def release(
    connection: Connection, planned: Planned, note: str, by: str, now: datetime
) -> list[Version]:
    """Deploy the draft as planned, then delete it.

    Raises BadInput without a note, ModelError on errors, Overtaken, and Conflict if the draft was
    changed meanwhile or would undo a file of another release.
    """
    if not note.strip():
        advice = say("Write what changed and why; it is shown beside the version.")
        raise BadInput(say("A release needs a note."), {"note": advice})
    draft = planned.draft
    _refuse_to_undo(connection, draft)
    wanted = Deployment(draft.files, by, note)
    versions = deploying.deploy(connection, planned.deployment, wanted, now)
    taken = model_drafts.take(connection, draft.key, draft.changed.values())
    if not taken or model_drafts.of_key(connection, draft.key):
        raise changed_meanwhile()
    return versions


def changed_meanwhile() -> Conflict:
    """The draft to release is not the checked draft."""
    return Conflict(say("The draft was changed since you checked it. Check it again."))


def _refuse_to_undo(connection: Connection, draft: ModelDraft) -> None:
    """Raises Conflict for a file that another release changed after the draft's first change of it:
    the draft would bring the old content back."""
    deployed = definitions.hashes_of(connection, draft.base.id)
    for changed in draft.changed.values():
        now = deployed.get(changed.name)
        if now is None or now in (changed.base, sha256(changed.content).hexdigest()):
            continue
        version = definitions.who_released(connection, draft.key, changed.name)
        raise Conflict(
            say(
                "{who} released another {file} on {day}, after it was first changed in this draft. "
                "Download your {file}, discard its changes here, and make them again in the "
                "version of {who}.",
                who=version.by,
                file=changed.name,
                day=version.at.astimezone(DEFAULT_ZONE).date(),
            ),
            who=version.by,
            when=version.at,
        )


@dataclass(frozen=True, slots=True)
class Shipment:
    """The effect of shipping models: the files `offered` as drafts by key; all others are
    deployed."""

    offered: Mapping[str, Files]
    files: Files
    deployment: Plan


def plan_shipment(connection: Connection, files: Files, known: Known) -> Shipment:
    """Plan the shipment of the product's models. If an owner has released a version of a process,
    changed files of the product are offered as a draft. The files are trusted, so this process
    reads them itself."""
    sets = file_sets(read_bundle(files), files)
    newest = {key: definitions.newest(connection, key) for key in sets}
    owned = {key for key, version in newest.items() if version and not version.shipped}
    mine = {n: c for key in sets.keys() - owned for n, c in sets[key].items()}
    return Shipment(
        {key: sets[key] for key in owned}, mine, deploying.plan(connection, mine, known, examine)
    )


def ship(connection: Connection, planned: Shipment, by: str, now: datetime) -> list[Version]:
    """Carry out the shipment; return the newest versions of the deployed processes. Raises the
    errors of `deploy`."""
    definitions.hold(connection, planned.deployment.seen)
    for key, files in planned.offered.items():
        _offer(connection, key, files, by, now)
    if not planned.files:
        return []
    wanted = Deployment(planned.files, by, "Shipped with the product", shipped=True)
    return deploying.deploy(connection, planned.deployment, wanted, now)


def _offer(connection: Connection, key: str, files: Files, by: str, now: datetime) -> None:
    """Offer files that no version of the process has had, unless a draft exists."""
    if model_drafts.of_key(connection, key):
        return
    had = {
        (name, content)
        for one in definitions.history_of(connection, key)
        for name, content in definitions.files_of(connection, one.id).items()
    }
    for name, content in files.items():
        if (name, content) not in had:
            save(connection, key, DraftFile(name, content, now, by))
