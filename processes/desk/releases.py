"""Changing processes: drafts, their checks, releases, and deploying new ones.

Every use case takes the `Scope`. A release and its audit entry are one transaction. The engine's
checks decide whether a model can run. This module decides who may change it and under which name an
uploaded file is stored, and refuses a release of files that somebody else changed meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Final

from sqlalchemy import Connection

from engine.deployment import deploying, drafting
from engine.deployment.deploying import Deployment, Plan
from engine.deployment.drafting import ModelDraft, Planned
from engine.deployment.examining import Examined
from engine.models.checks import Known
from engine.sentences.errors import BadInput
from engine.sentences.invisible import is_blank
from engine.sentences.problems import Problem, errors_of
from engine.sentences.sentence import Sentence, say
from engine.storage.models import definitions
from engine.storage.models.definitions import Version
from processes.acts.acting import Acting, act
from processes.acts.reading import Reading
from processes.acts.service import Service
from processes.desk.models import ListedModel, listed
from processes.rights.access import Scope, may

LONGEST_NOTE: Final = 2_000
"""Characters of what is shown beside a version."""


@dataclass(frozen=True, slots=True)
class Change:
    """A process that gets a new version. `listed`: its present row, None for a new process."""

    key: str
    name: str
    number: int
    listed: ListedModel | None


@dataclass(frozen=True, slots=True)
class Preview:
    """The findings and effect of a deployment of these files. `seal`: digest of the files as
    seen."""

    files: Mapping[str, bytes]
    problems: Sequence[Problem]
    changes: Sequence[Change]
    seal: str

    @property
    def ready(self) -> bool:
        """Whether the files can be deployed, and change something."""
        return bool(self.changes) and not errors_of(self.problems)


def draft(at: Reading, key: str) -> ModelDraft:
    """The draft of a process; without changes it equals the newest version. Raises `NotFound`."""
    may(at.scope, "edit_processes")
    return at.ask.model_draft(key)


def problems(at: Reading, draft: ModelDraft) -> list[Problem]:
    """The findings of a release of the draft."""
    may(at.scope, "edit_processes")
    return at.ask.check(draft.files)


def preview(at: Reading, draft: ModelDraft) -> Preview:
    """The findings and effect of a release of the draft."""
    may(at.scope, "edit_processes")
    return _preview(at, draft.files)


def preview_upload(at: Reading, files: Mapping[str, bytes]) -> Preview:
    """The same for files that belong to no draft."""
    may(at.scope, "deploy")
    return _preview(at, named(files))


@act
def save(act: Acting, key: str, name: str, content: bytes, *, over: str | None = None) -> datetime:
    """Save one file of a draft under this name; return the time of saving. Raises `BadInput`,
    `NotFound`, and `Conflict` if `over` is given and is not the SHA-256 of the present file."""
    act.may("edit_processes")
    return act.engine.save_model_draft(key, name, content, act.by, over=over)


def take_in(service: Service, scope: Scope, key: str, files: Mapping[str, bytes]) -> dict[str, str]:
    """Save several files into a draft; return name of the upload -> stored name. A file with the
    same definitions as a file of the draft replaces it, whatever its name.

    Raises `BadInput` if one of them is no model or cannot be read; then none is saved.
    """
    may(scope, "edit_processes")
    uploaded = named(files)
    defined = _readable(service, uploaded).owners
    owners = _examined(service, service.engine.model_draft(key).files).owners
    kept = {name: _kept_as(name, defined, owners) for name in uploaded}
    _save_all(service, scope, key, {kept[name]: content for name, content in uploaded.items()})
    return kept


@act
def _save_all(act: Acting, key: str, files: Mapping[str, bytes]) -> None:
    act.may("edit_processes")
    for name, content in files.items():
        act.engine.save_model_draft(key, name, content, act.by)


def put_in_place(
    service: Service, scope: Scope, key: str, name: str, files: Mapping[str, bytes]
) -> None:
    """Save an uploaded file into a draft under this name, whatever its own name. Raises the errors
    of `take_in`."""
    may(scope, "edit_processes")
    [content, *_] = named(files).values()
    _readable(service, {name: content})
    save(service, scope, key, name, content)


@act
def discard(act: Acting, key: str, name: str | None = None) -> None:
    """Delete the changes of a draft, or of one of its files. Running versions stay as they are.

    Raises `NotFound` for an unknown process."""
    act.may("edit_processes")
    act.ask.model_draft(key)
    act.engine.discard_model_draft(key, name)
    act.record("discard_draft", f"process:{key}", file=name)


def release(service: Service, scope: Scope, key: str, note: str, seal: str) -> list[Version]:
    """Make the draft, as seen under `seal`, the newest version; return the new versions.

    Raises `Conflict` if it was changed since, or would undo another release, `BadInput` without a
    note, `ModelError`.
    """
    may(scope, "edit_processes")
    _check_length(note)

    def plan(connection: Connection, known: Known) -> Planned:
        planned = drafting.plan(connection, key, known, service.engine.examine)
        if planned.deployment.examined.seal != seal:
            raise drafting.changed_meanwhile()
        return planned

    return service.engine.planned(plan, lambda planned: _release(service, scope, planned, note))


def _check_length(note: str) -> None:
    if len(note) > LONGEST_NOTE:
        advice = say("Write at most {limit} characters.", limit=LONGEST_NOTE)
        raise BadInput(advice, {"note": advice})


@act
def _release(act: Acting, planned: Planned, note: str) -> list[Version]:
    act.may("edit_processes")
    before = _ids(act.connection)
    return _recorded(act, "release", act.engine.release(planned, note, act.by), before)


def deploy(
    service: Service, scope: Scope, files: Mapping[str, bytes], note: str
) -> tuple[list[Version], list[Problem]]:
    """Deploy files that belong to no draft; return the new versions, and the findings for their
    author. Raises the errors of `release`."""
    may(scope, "deploy")
    _check_length(note)
    if is_blank(note):
        advice = say("Write what this process is for; it is shown beside the version.")
        raise BadInput(say("A release needs a note."), {"note": advice})
    wanted = Deployment(named(files), scope.username, note)

    def carry_out(planned: Plan) -> tuple[list[Version], list[Problem]]:
        return _deploy(service, scope, planned, wanted), planned.problems

    return service.engine.planned(
        lambda connection, known: _planned(service, connection, wanted.files, known), carry_out
    )


@act
def _deploy(act: Acting, planned: Plan, wanted: Deployment) -> list[Version]:
    act.may("deploy")
    before = _ids(act.connection)
    return _recorded(act, "deploy", act.engine.deploy(planned, wanted), before)


def named(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files by their bare names. Raises `BadInput` for no file, or two with the same name."""
    bare = {PurePosixPath(name.replace("\\", "/")).name: one for name, one in files.items()}
    if not bare:
        raise BadInput(
            say("No file was chosen."), {"files": say("Choose at least one .bpmn file.")}
        )
    if len(bare) < len(files):
        advice = say("Give each file a name of its own.")
        raise BadInput(say("Two files have the same name."), {"files": advice})
    return bare


def _preview(at: Reading, files: Mapping[str, bytes]) -> Preview:
    planned = deploying.plan(at.connection, files, at.ask.known, at.ask.examine)
    now = {one.version.key: one for one in listed(at, list(planned.newest.values()))}
    changes = [_change(planned, key, now.get(key)) for key in deploying.changed(planned)]
    return Preview(files, planned.problems, changes, planned.examined.seal)


def _planned(
    service: Service, connection: Connection, files: Mapping[str, bytes], known: Known
) -> Plan:
    return deploying.plan(connection, files, known, service.engine.examine)


def _change(planned: Plan, key: str, now: ListedModel | None) -> Change:
    name = planned.examined.names[key]
    return Change(key, name, now.version.number + 1 if now else 1, now)


def _examined(service: Service, files: Mapping[str, bytes]) -> Examined:
    """The contents of files that belong together, without other files."""
    return service.engine.examine(files, {}, Known())


def _readable(service: Service, files: Mapping[str, bytes]) -> Examined:
    """Refuse files that no editor could open: they would only block the next release."""
    found = _examined(service, files)
    if found.unreadable:
        refused = say("The draft stays as it was: an uploaded file cannot be read.")
        raise BadInput(
            refused, {one.file or "files": _at_its_line(one) for one in found.unreadable}
        )
    return found


def _at_its_line(problem: Problem) -> Sentence:
    facts = {"file": problem.file, "what": problem.what, "advice": problem.advice}
    if problem.line:
        return say("{file}, line {line}: {what} {advice}", line=problem.line, **facts)
    if not problem.file:
        return say("{what} {advice}", **facts)
    return say("{file}: {what} {advice}", **facts)


def _kept_as(name: str, defined: Mapping[str, str], owners: Mapping[str, str]) -> str:
    """Browsers and tools rename files (`plan (1).form`); the content stays the same."""
    replaced = {owners[one] for one, file in defined.items() if file == name and one in owners}
    return name if name in owners.values() or len(replaced) != 1 else replaced.pop()


def _ids(connection: Connection) -> set[object]:
    return {version.id for version in definitions.all_newest(connection)}


def _recorded(
    act: Acting, name: str, found: Sequence[Version], before: set[object]
) -> list[Version]:
    fresh = [version for version in found if version.id not in before]
    for version in fresh:
        facts = {"version": version.number, "note": version.note, "digest": version.digest}
        act.record(name, f"process:{version.key}", **facts)
    return fresh
