"""What happened to an instance that is no real case, in words, with the scope of each variable."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from engine.models.elements import Element
from engine.sentences.errors import Forbidden, NotFound
from processes.acts import reading
from processes.acts.service import Service
from processes.programs import engine_acts, instance_history, steering
from processes.programs.instance_history import InstanceHistory
from processes.rights.access import Scope
from processes.rights.grants import granted
from processes.work import tasks
from tests.processes.conftest import Data, person, scope
from tests.processes.made_programs import a_worker, asking, fetch, give_up
from tests.processes.stories.world import World
from tests.web.api.models import DIVIDED, PAID, REVIEW

ELEMENTS = {
    id: Element(id, name, kind, 1, "p")
    for id, name, kind in (
        ("check", "Periksa", "subProcess"),
        ("pay", "Bayar", "transaction"),
        ("pick", "Pilih", "adHocSubProcess"),
        ("loan", "Pinjaman", "callActivity"),
        ("ask", "Tanya", "userTask"),
        ("bare", "", "subProcess"),
    )
}


@pytest.fixture
def owner(small: Data) -> Scope:
    return scope(small, person(small, "olga", granted("process-owner")))


def history(data: Service, who: Scope, instance: UUID) -> InstanceHistory:
    with reading.opened(data, who) as at:
        return instance_history.of_instance(at, instance)


def told(data: Service, who: Scope, instance: UUID) -> list[str]:
    """Its steps in words, the oldest first."""
    return [str(one.sentence) for one in history(data, who, instance).steps][::-1]


def started(data: Data, files: dict[str, bytes], **values: Any) -> UUID:
    data.engine.deploy(files, "olga")
    [name] = files
    return data.engine.start(name.removesuffix(".bpmn"), values, "A-1", by="olga")


# --- scopes -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("check", ["sub-process Periksa"]),
        ("pay", ["sub-process Bayar"]),
        ("pick", ["sub-process Pilih"]),
        ("loan", ["process called by Pinjaman"]),
        ("ask", ["Tanya"]),
        ("ask[3]", ["Tanya, run 3"]),
        ("check[12]", ["Periksa, run 12"]),
        ("check/ask[2]", ["sub-process Periksa", "Tanya, run 2"]),
        ("bare", ["sub-process bare"]),
        ("gone", ["gone"]),
    ],
)
def test_a_scope_is_named_as_a_reader_knows_it_outermost_first(path: str, words: list[str]) -> None:
    assert [str(one) for one in instance_history.scope_words(path, ELEMENTS)] == words


# --- steps --------------------------------------------------------------------------------------


def test_steps_are_told_newest_first_with_who_did_them(small: Data, owner: Scope) -> None:
    ani = scope(small, person(small, "ani", granted("coordinator")))
    instance = started(small, REVIEW, due=None)
    [task] = small.engine.tasks(instance_id=instance, limit=2)
    tasks.claim(small, ani, task.id)
    tasks.complete(small, ani, task.id, {"text": "Naik."})
    found = history(small, owner, instance)
    assert [one.by for one in found.steps] == ["ani", "ani", "olga"]
    assert [str(one.sentence) for one in found.steps] == [
        "Write: completed", "Write: taken", "Started",
    ]  # fmt: skip
    assert found.people == {"ani": "Contoh ani", "olga": "Contoh olga"}
    assert [(one.name, one.value) for one in found.steps[0].changes] == [("text", "Naik.")]
    assert found.steps[0].changes[0].scope == (), "it belongs to the instance"


def test_a_message_is_told_by_its_name(small: Data, owner: Scope) -> None:
    instance = started(small, PAID)
    small.engine.deliver("paid", "A-1", {"sum": 7}, by="olga")
    assert told(small, owner, instance) == ["Started", "Payment: paid received"]


def test_a_failure_and_what_became_of_it_are_told(small: Data, owner: Scope) -> None:
    from processes.desk import repairs

    ani = scope(small, person(small, "ani", granted("coordinator")))
    instance = started(small, DIVIDED)
    [task] = small.engine.tasks(instance_id=instance, limit=2)
    incident = tasks.complete(small, ani, task.id, {"count": 0}).incident
    assert incident is not None
    repairs.discard(small, owner, incident)
    assert told(small, owner, instance)[-1] == "What failed was given up"
    assert any(one.endswith("failed, waits for repair") for one in told(small, owner, instance))


def test_an_instance_that_was_ended_says_why(small: Data, owner: Scope) -> None:
    instance = started(small, REVIEW, due=None)
    engine_acts.cancel(small, owner, instance, "Salah mulai.")
    last = history(small, owner, instance).steps[0]
    assert (str(last.sentence), last.reason, last.by) == (
        "Ended before its time", "Salah mulai.", "olga",
    )  # fmt: skip


def test_work_of_a_program_is_told_by_its_machine(small: Data, owner: Scope) -> None:
    from processes.programs import external_work

    instance, other = asking(small, 2)
    worker = a_worker(small)
    works = {work.task.instance_id: work.task.id for work in fetch(small, worker)}
    external_work.complete(small, worker, works[instance], "host-7", {}, {})
    give_up(small, worker, works[other])
    assert "Ask: done by the worker host-7" in told(small, owner, instance)
    assert not any("done by" in one for one in told(small, owner, other))


# --- for whom -----------------------------------------------------------------------------------


def test_a_real_case_has_no_such_history(small_world: World) -> None:
    world = small_world
    instance = world.instance(world.follow_up(world.issued(), "kemhan"))
    for who in ("owner", "admin"):
        for id in (instance, uuid4()):
            with pytest.raises(NotFound):
                history(world.service, world.person(who), id)
    for who in ("coordinator", "kemhan"):
        with pytest.raises(Forbidden):
            history(world.service, world.person(who), instance)


def test_in_a_real_case_only_coordinators_choose_what_is_done_next(small_world: World) -> None:
    world = small_world
    instance = world.instance(world.follow_up(world.issued(), "kemhan"))
    with reading.opened(world.service, world.person("coordinator")) as at:
        found = steering.choices(at, instance)
    assert (found.open, found.case is not None) == ([], True)
    for who, refusal in (
        ("asdep", Forbidden), ("kemhan", Forbidden), ("owner", NotFound), ("kemenkeu", NotFound),
    ):  # fmt: skip
        with reading.opened(world.service, world.person(who)) as at, pytest.raises(refusal):
            steering.choices(at, instance)
        with pytest.raises(refusal):
            steering.start(world.service, world.person(who), instance, "plan")
