"""Deploying models: what is checked, what becomes a new version, and which files a version is
pinned to.

A version is pinned to exactly the files that its process uses. A file that a model names but the
upload lacks comes from the newest version of that process, with a warning that names it. Reading
and checking take long and need no lock. They make a plan; the plan is carried out if it is still
valid.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from graphlib import TopologicalSorter
from hashlib import sha256
from uuid import UUID

from sqlalchemy import Connection
from uuid_utils.compat import uuid7

from engine.deployment.examining import Examine, Examined, Files
from engine.models.checks import Known
from engine.sentences.errors import ModelError
from engine.sentences.problems import Problem, errors_of
from engine.storage.models import definitions
from engine.storage.models.definitions import Version


@dataclass(frozen=True, slots=True)
class Deployment:
    """The files, author and note of a deployment. `shipped`: the product brings the files, not an
    owner."""

    files: Files
    by: str
    note: str = ""
    shipped: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """The effect of a deployment. `newest`: the versions it builds on, by key."""

    newest: Mapping[str, Version]
    examined: Examined

    @property
    def seen(self) -> frozenset[UUID]:
        """The ids of the versions that the plan builds on."""
        return frozenset(one.id for one in self.newest.values())

    @property
    def problems(self) -> list[Problem]:
        """All findings."""
        return list(self.examined.problems)


def plan(connection: Connection, files: Files, known: Known, examine: Examine) -> Plan:
    """Read and check an upload together with the deployed files that it builds on."""
    newest = {one.key: one for one in definitions.all_newest(connection)}
    contents = definitions.files_of_all(connection, [one.id for one in newest.values()])
    deployed = {key: contents[one.id] for key, one in newest.items()}
    return Plan(newest, examine(files, deployed, replace(known, processes=frozenset(newest))))


def changed(planned: Plan) -> list[str]:
    """The keys that get a new version from this plan."""
    return [
        key
        for key, digest in planned.examined.digests.items()
        if (newest := planned.newest.get(key)) is None or newest.digest != digest
    ]


def deploy(
    connection: Connection, planned: Plan, wanted: Deployment, now: datetime
) -> list[Version]:
    """Store new versions of the changed processes; return the newest version of each process.

    Raises ModelError with every finding if one of them is an error, Overtaken if somebody stored
    versions after the plan was made. Either error stores nothing.
    """
    if errors_of(planned.problems):
        raise ModelError(planned.problems)
    definitions.hold(connection, planned.seen)
    deployment_id = uuid7()
    definitions.insert_deployment(
        connection,
        deployment_id,
        ", ".join(sorted(planned.examined.sets)),
        wanted.note,
        wanted.by,
        now,
    )
    versions: dict[str, Version] = {}
    for key in _callees_first(planned):
        versions[key] = _version(connection, planned, key, wanted, deployment_id, now, versions)
    return [versions[key] for key in planned.examined.sets]


def _callees_first(planned: Plan) -> list[str]:
    """The keys, each called process before its caller. No process calls itself."""
    calls = {
        key: planned.examined.sets.keys() & called for key, called in planned.examined.calls.items()
    }
    return list(TopologicalSorter(calls).static_order())


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
    for called in planned.examined.calls[key]:
        target = fresh.get(called) or definitions.newest(connection, called)
        if target is not None:
            calls[called] = target.id
    files, digest = planned.examined.sets[key], planned.examined.digests[key]
    before = definitions.newest(connection, key)
    if before is not None and before.digest == digest and dict(before.calls) == calls:
        return before
    version = Version(
        uuid7(), key, before.number + 1 if before else 1,
        planned.examined.names[key], digest, calls, wanted.shipped, deployment_id,
        now, wanted.by, wanted.note,
    )  # fmt: skip
    contents = {name: (sha256(content).hexdigest(), content) for name, content in files.items()}
    definitions.insert_version(connection, version, contents)
    return version
