"""Deploying models: what is checked, what becomes a new version, and what it is pinned to.

A version is pinned to exactly the files its process uses. Files that are referred to but not
uploaded come from the newest version of that process, with a warning that names them. Reading and
checking take long and need no lock: they make a plan, which is carried out while it still holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from graphlib import TopologicalSorter
from hashlib import sha256
from uuid import UUID

from sqlalchemy import Connection
from uuid_utils.compat import uuid7

from engine.errors import ModelError
from engine.models.bundle import Bundle, digest_of, files_of, read_bundle
from engine.models.checks import Known, check_bundle
from engine.models.problems import Problem, errors_of
from engine.storage import definitions
from engine.storage.definitions import Version

Files = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Deployment:
    """What is deployed by whom. `shipped`: it comes with the product, not from an owner."""

    files: Files
    by: str
    note: str = ""
    shipped: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What a deployment would do: each key with its complete file set and its digest, and all
    findings. `seen`: the newest versions it builds on."""

    seen: frozenset[UUID]
    bundle: Bundle
    sets: Mapping[str, dict[str, bytes]]
    digests: Mapping[str, str]
    problems: list[Problem]


def plan(connection: Connection, files: Files, known: Known) -> Plan:
    """Read and check an upload together with the deployed files it builds on."""
    seen = definitions.newest_ids(connection)
    completed = _completed(connection, files)
    bundle = read_bundle(completed)
    sets = {key: file_set(bundle, completed, key) for key in bundle.processes}
    digests = {key: digest_of(content) for key, content in sets.items()}
    return Plan(seen, bundle, sets, digests, check_bundle(bundle, known))


def changed(connection: Connection, planned: Plan) -> list[str]:
    """The keys that carrying out a plan would give a new version."""
    return [
        key
        for key, digest in planned.digests.items()
        if (newest := definitions.newest(connection, key)) is None or newest.digest != digest
    ]


def file_set(bundle: Bundle, files: Files, key: str) -> dict[str, bytes]:
    """The files process `key` is pinned to."""
    return {name: files[name] for name in files_of(bundle, key)}


def _completed(connection: Connection, files: Files) -> dict[str, bytes]:
    """The upload, plus what the newest versions of its processes have that it refers to, plus
    every deployed process that uses a file of the same name as an uploaded one."""
    completed = dict(files)
    uploaded = read_bundle(files).processes
    for version in definitions.all_newest(connection):
        deployed = definitions.files_of(connection, version.id)
        if version.key in uploaded or deployed.keys() & files.keys():
            used = deployed if version.key not in uploaded else _without_models(deployed)
            completed = {**used, **completed}
    return completed


def _without_models(deployed: Files) -> dict[str, bytes]:
    return {name: content for name, content in deployed.items() if not name.endswith(".bpmn")}


def deploy(
    connection: Connection, planned: Plan, wanted: Deployment, now: datetime
) -> list[Version]:
    """Store new versions of what changed; returns the newest version of each process.

    Raises ModelError with every finding when one of them is an error, Overtaken when versions were
    stored since it was planned; nothing is stored then.
    """
    if errors_of(planned.problems):
        raise ModelError(planned.problems)
    definitions.hold(connection, planned.seen)
    deployment_id = uuid7()
    definitions.insert_deployment(
        connection, deployment_id, ", ".join(sorted(planned.sets)), wanted.note, wanted.by, now
    )
    versions: dict[str, Version] = {}
    for key in _callees_first(planned):
        versions[key] = _version(connection, planned, key, wanted, deployment_id, now, versions)
    return [versions[key] for key in planned.sets]


def _callees_first(planned: Plan) -> list[str]:
    """Keys in an order in which each called process comes before its caller; none calls itself."""
    calls = {key: planned.sets.keys() & _calls(planned.bundle, key) for key in planned.sets}
    return list(TopologicalSorter(calls).static_order())


def _calls(bundle: Bundle, key: str) -> list[str]:
    elements = bundle.processes[key].elements.values()
    return [element.called_process for element in elements if element.called_process]


def _version(
    connection: Connection,
    planned: Plan,
    key: str,
    wanted: Deployment,
    deployment_id: UUID,
    now: datetime,
    fresh: Mapping[str, Version],
) -> Version:
    calls = {}
    for called in _calls(planned.bundle, key):
        target = fresh.get(called) or definitions.newest(connection, called)
        if target is not None:
            calls[called] = target.id
    files, digest = planned.sets[key], planned.digests[key]
    before = definitions.newest(connection, key)
    if before is not None and before.digest == digest and dict(before.calls) == calls:
        return before
    version = Version(
        uuid7(), key, before.number + 1 if before else 1,
        planned.bundle.processes[key].name or key, digest, calls, wanted.shipped, deployment_id,
        now, wanted.by, wanted.note,
    )  # fmt: skip
    contents = {name: (sha256(content).hexdigest(), content) for name, content in files.items()}
    definitions.insert_version(connection, version, contents)
    return version


def check_files(files: Files, known: Known) -> list[Problem]:
    """Findings on files alone: no database, so nothing is filled in from earlier versions."""
    return check_bundle(read_bundle(files), known)
