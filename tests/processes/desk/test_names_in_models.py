"""Whom and what a model may name: told before it is released, wherever it is checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

import pytest

from processes.acts import reading
from processes.desk import releases
from processes.rights.access import Scope
from processes.rights.grants import granted
from processes.storage.people import users
from tests.engine.models.building import bpmn, call, end, process, start, user_task
from tests.processes.stories.world import World, enter


@pytest.fixture
def owner(small_world: World) -> Scope:
    with small_world.service.transaction() as connection:
        return enter(connection, "olga", granted("process-owner"))


def named(group: str, person: str = "olga") -> dict[str, bytes]:
    """A process whose one task is for a group and a person."""
    task = user_task("a", camunda_candidateGroups=group, camunda_candidateUsers=person)
    return {"p.bpmn": bpmn(process("p", start(), task, end()))}


def codes(world: World, owner: Scope, files: Mapping[str, bytes]) -> set[str]:
    """What the page of a deployment says of names that are not there."""
    with reading.opened(world.service, owner) as at:
        problems = releases.preview_upload(at, files).problems
    return {one.code for one in problems if one.code.startswith(("unknown-", "call-"))}


def test_each_name_that_a_model_may_refer_to_is_known_to_the_checks(small_world: World) -> None:
    known = small_world.service.engine.known
    given = {one.name for one in fields(known) if getattr(known, one.name) is not None}
    # Which processes are deployed is read where a deployment is planned: see the last test.
    # The catalogues of the pages are those of the web.
    assert given == {one.name for one in fields(known)} - {"processes", "translated"}
    assert known.performers is not None
    assert known.performers.users is not None


@pytest.mark.parametrize("group", ["coordinator", "institution:kemhan", "institution-head:kemhan"])
def test_a_task_for_a_role_or_an_institution_is_for_somebody(
    small_world: World, owner: Scope, group: str
) -> None:
    assert codes(small_world, owner, named(group)) == set()


@pytest.mark.parametrize("group", ["coordinators", "institution:kemhn", "kemhan"])
def test_a_task_for_nobody_is_told_before_and_at_the_deployment_and_of_a_draft(
    small_world: World, owner: Scope, group: str
) -> None:
    service, files = small_world.service, named(group)
    assert codes(small_world, owner, files) == {"unknown-group"}
    _, warnings = releases.deploy(service, owner, files, "Coba.")
    assert "unknown-group" in {one.code for one in warnings}

    releases.save(service, owner, "p", "p.bpmn", files["p.bpmn"].replace(b'"a"', b'"b"'))
    with reading.opened(service, owner) as at:
        shown = releases.preview(at, releases.draft(at, "p"))
    assert "unknown-group" in {one.code for one in shown.problems}


def test_an_account_that_is_not_there_or_closed_does_no_task(
    small_world: World, owner: Scope
) -> None:
    files = named("coordinator", "udin")
    assert codes(small_world, owner, files) == {"unknown-user"}
    with small_world.service.transaction() as connection:
        udin = enter(connection, "udin", granted("coordinator"))
    assert codes(small_world, owner, files) == set()
    with small_world.service.transaction() as connection:
        users.change(connection, udin.user_id, {"active": False})
    assert codes(small_world, owner, files) == {"unknown-user"}


def test_a_called_process_that_is_not_there_is_told(small_world: World, owner: Scope) -> None:
    files = {"p.bpmn": bpmn(process("p", start(), call("a", "nowhere"), end()))}
    assert "call-missing" in codes(small_world, owner, files)
