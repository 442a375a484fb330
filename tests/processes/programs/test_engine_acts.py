"""What programs do to the engine beside completing tasks, and that real cases are not touched."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest

from engine.sentences.errors import BadInput, Forbidden, NotFound
from processes.acts import reading
from processes.acts.service import Service
from processes.programs import engine_acts, engine_view
from processes.programs.engine_acts import LONGEST_REASON, Correlation, Uncorrelated
from processes.rights.access import Scope
from processes.rights.grants import granted
from processes.storage.programs.engine_models import DefinitionsWanted
from processes.storage.programs.engine_rows import InstancesWanted
from processes.storage.programs.engine_tasks import Window
from tests.engine.models.building import bpmn, end, process, start, user_task
from tests.processes.conftest import Data, person, scope
from tests.processes.stories.world import ACCEPTED, World
from tests.web.api.models import AGREED, DIVIDED, PAID, RECEIVING, REVIEW

DATA = {"due": None}


@pytest.fixture
def owner(small: Data) -> Scope:
    return scope(small, person(small, "olga", granted("process-owner")))


@pytest.fixture
def coordinator(small: Data) -> Scope:
    return scope(small, person(small, "ani", granted("coordinator")))


def waiting(data: Data, owner: Scope, files: dict[str, bytes], key: str | None = None) -> UUID:
    """An instance of the one process in these files."""
    engine_acts.deploy(data, owner, files, "")
    [name] = files
    return engine_acts.start(data, owner, name.removesuffix(".bpmn"), DATA, business_key=key)


def open_elements(data: Service, instance: UUID) -> list[str]:
    found = data.engine.tasks(instance_id=instance, limit=10)
    return sorted(task.element_id for task in found)


def running(data: Service, who: Scope, **wanted: Any) -> int:
    with data.reading() as connection:
        return engine_view.count_instances(connection, who, InstancesWanted(**wanted))


# --- deploying and starting ---------------------------------------------------------------------


def test_a_release_without_a_name_is_called_by_its_files(small: Data, owner: Scope) -> None:
    deployed = engine_acts.deploy(small, owner, REVIEW, "  ")
    assert [one.note for one in deployed.new] == ["review.bpmn"]
    again = engine_acts.deploy(small, owner, REVIEW, "Sekali lagi")
    assert (again.new, [one.number for one in again.versions]) == ([], [1])


def test_files_that_no_process_uses_are_refused(small: Data, owner: Scope) -> None:
    form = {"lepas.form": b'{"type": "default", "id": "lepas", "components": []}'}
    with pytest.raises(BadInput):
        engine_acts.deploy(small, owner, form, "Formulir")


def test_one_request_starts_one_instance(small: Data, owner: Scope) -> None:
    engine_acts.deploy(small, owner, REVIEW, "")
    start = engine_acts.start
    first = start(small, owner, "review", DATA, request_id="r-1")
    assert start(small, owner, "review", DATA, request_id="r-1") == first
    assert start(small, owner, "review", DATA, request_id="r-2") != first
    assert start(small, owner, "review", DATA) != start(small, owner, "review", DATA)
    assert running(small, owner, keys=["review"]) == 4


def test_only_the_newest_version_is_started_by_its_id(small: Data, owner: Scope) -> None:
    [old] = engine_acts.deploy(small, owner, DIVIDED, "").new
    changed = {name: one.replace(b"= 100", b"= 50") for name, one in DIVIDED.items()}
    before = engine_acts.start_version(small, owner, old.id, {}, request_id="r-1")
    [new] = engine_acts.deploy(small, owner, changed, "").new
    with pytest.raises(BadInput):
        engine_acts.start_version(small, owner, old.id, {})
    engine_acts.start_version(small, owner, new.id, {})
    again = engine_acts.start_version(small, owner, old.id, {}, request_id="r-1")
    assert again == before, "that request was answered when the version was the newest"
    with pytest.raises(NotFound):
        engine_acts.start_version(small, owner, uuid4(), {})


def test_files_that_a_start_names_are_uploads_of_whoever_starts(small: Data, owner: Scope) -> None:
    form = {
        "id": "papers",
        "components": [{"type": "filepicker", "id": "f", "key": "paper", "multiple": True}],
    }
    begun = start("begun", camunda_formRef="papers")
    files = {
        "loan.bpmn": bpmn(process("loan", begun, user_task("a"), end())),
        "papers.form": orjson.dumps(form),
    }
    engine_acts.deploy(small, owner, files, "Coba.")
    with pytest.raises(BadInput) as refused:
        engine_acts.start(small, owner, "loan", {"paper": [str(uuid4())]})
    assert set(refused.value.fields) == {"paper"}
    assert engine_acts.start(small, owner, "loan", {"paper": []})


@pytest.mark.parametrize("key", ["follow_up", "recommendation"])
def test_a_real_case_is_started_by_no_key(small_world: World, key: str) -> None:
    owner = small_world.person("owner")
    with pytest.raises(BadInput):
        engine_acts.start(small_world.service, owner, key, {}, business_key=str(uuid4()))
    with small_world.service.reading() as connection:
        found = engine_view.definition(
            connection, owner, DefinitionsWanted(keys=[key], latest=True)
        )
    with pytest.raises(BadInput):
        engine_acts.start_version(small_world.service, owner, found.id, {})


# --- ending -------------------------------------------------------------------------------------


@pytest.mark.parametrize("reason", ["", " \u200b", "x" * (LONGEST_REASON + 1)])
def test_an_instance_is_ended_for_a_reason_of_some_length(
    small: Data, owner: Scope, reason: str
) -> None:
    instance = waiting(small, owner, REVIEW)
    with pytest.raises(BadInput) as refused:
        engine_acts.cancel(small, owner, instance, reason)
    assert set(refused.value.fields) == {"reason"}
    assert open_elements(small, instance) == ["write"]


def test_an_instance_that_has_ended_is_ended_once(small: Data, owner: Scope) -> None:
    instance = waiting(small, owner, REVIEW)
    engine_acts.cancel(small, owner, instance, f" {'x' * LONGEST_REASON} ")
    assert open_elements(small, instance) == []
    with pytest.raises(NotFound):
        engine_acts.cancel(small, owner, instance, "Lagi.")
    with pytest.raises(NotFound):
        engine_acts.cancel(small, owner, uuid4(), "Lagi.")


def test_nobody_ends_a_real_case_past_the_register(small_world: World) -> None:
    world = small_world
    instance = world.instance(world.follow_up(world.issued(), "kemhan"))
    for who, refusal in (
        ("owner", NotFound), ("admin", NotFound), ("coordinator", Forbidden), ("asdep", Forbidden),
        ("kemhan", Forbidden), ("kemenkeu", NotFound),
    ):  # fmt: skip
        with pytest.raises(refusal):
            engine_acts.cancel(world.service, world.person(who), instance, "Selesai.")
    assert world.service.engine.instance(instance).status == "active"


# --- messages -----------------------------------------------------------------------------------


def deliver(data: Data, who: Scope, request_id: str | None = None, **wanted: Any) -> UUID:
    told = engine_acts.deliver(data, who, Correlation("paid", **wanted), request_id=request_id)
    assert told.incident is None
    return told.instance_id


def test_a_message_finds_its_one_receiver_by_key_or_by_instance(small: Data, owner: Scope) -> None:
    first, second = waiting(small, owner, PAID, "A-1"), waiting(small, owner, PAID, "A-2")
    assert deliver(small, owner, key="A-1") == first
    assert deliver(small, owner, instance_id=second) == second
    assert open_elements(small, first) == open_elements(small, second) == ["ship"]


def test_the_same_request_again_gets_the_same_answer_and_moves_nothing(
    small: Data, owner: Scope
) -> None:
    instance = waiting(small, owner, PAID, "A-1")
    for _ in range(2):
        assert deliver(small, owner, "r-1", key="A-1") == instance
    assert open_elements(small, instance) == ["ship"]
    with pytest.raises(Uncorrelated):
        deliver(small, owner, "r-2", key="A-1")


@pytest.mark.parametrize("wanted", [{"key": "A-9"}, {"instance_id": UUID(int=1)}])
def test_a_message_that_nobody_waits_for_is_not_kept(
    small: Data, owner: Scope, wanted: dict[str, Any]
) -> None:
    instance = waiting(small, owner, PAID, "A-1")
    with pytest.raises(Uncorrelated):
        deliver(small, owner, **wanted)
    assert open_elements(small, instance) == []


def test_a_message_needs_more_than_its_name(small: Data, owner: Scope) -> None:
    waiting(small, owner, PAID, "A-1")
    with pytest.raises(BadInput) as refused:
        deliver(small, owner)
    assert not isinstance(refused.value, Uncorrelated)


def test_of_two_that_wait_in_one_case_neither_is_guessed(small: Data, owner: Scope) -> None:
    instance = waiting(small, owner, AGREED, "A-1")
    with pytest.raises(Uncorrelated):
        engine_acts.deliver(small, owner, Correlation("consent", "A-1"))
    assert open_elements(small, instance) == []


def test_a_token_that_waits_at_no_receive_task_is_not_told_to_go_on(
    small: Data, owner: Scope
) -> None:
    waiting(small, owner, RECEIVING)
    with pytest.raises(Uncorrelated) as refused:
        engine_acts.signal(small, owner, uuid4(), {})
    assert "receive task" in str(refused.value)


# --- who has a task -----------------------------------------------------------------------------


def test_a_free_task_is_taken_by_whoever_names_oneself_and_given_back_by_nobody(
    small: Data, owner: Scope, coordinator: Scope
) -> None:
    person(small, "bima", granted("coordinator"))
    instance = waiting(small, owner, REVIEW)
    [task] = small.engine.tasks(instance_id=instance, limit=2)

    def assigned() -> str | None:
        return small.engine.task(task.id).assignee

    for name in ("ani", "ani", "bima"):
        engine_acts.set_assignee(small, coordinator, task.id, name)
        assert assigned() == name
    with pytest.raises(NotFound):
        engine_acts.set_assignee(small, coordinator, task.id, "ani")
    engine_acts.set_assignee(small, owner, task.id, None)
    assert assigned() is None, "a keeper of the instance may"


# --- who may ------------------------------------------------------------------------------------

ACTS: dict[str, Callable[[Data, Scope, UUID], object]] = {
    "deploy": lambda data, who, _: engine_acts.deploy(data, who, PAID, ""),
    "start": lambda data, who, _: engine_acts.start(data, who, "review", DATA),
    "retire": lambda data, who, _: engine_acts.retire(data, who, "review"),
    "deliver": lambda data, who, id: deliver(data, who, instance_id=id),
    "signal": lambda data, who, id: engine_acts.signal(data, who, id, {}),
}


@pytest.mark.parametrize("act", ACTS)
def test_whoever_works_on_cases_does_nothing_to_the_engine(
    small: Data, owner: Scope, coordinator: Scope, act: str
) -> None:
    instance = waiting(small, owner, REVIEW)
    with pytest.raises(Forbidden):
        ACTS[act](small, coordinator, instance)
    assert running(small, owner, keys=["review"]) == 1


# --- what a reader is told ----------------------------------------------------------------------


def test_variables_of_a_real_case_are_for_those_who_oversee(small_world: World) -> None:
    world = small_world
    case = world.follow_up(world.issued(), "kemhan")
    world.do("kemhan", "acknowledge", case, **ACCEPTED)
    instance = world.instance(case)
    for who, told in (("coordinator", True), ("kemhan", False)):
        with reading.opened(world.service, world.person(who)) as at:
            assert bool(engine_view.instance_data(at, instance)) == told
    for who in ("owner", "kemenkeu"):
        with reading.opened(world.service, world.person(who)) as at, pytest.raises(NotFound):
            engine_view.instance_data(at, instance)


@pytest.mark.parametrize(
    ("who", "number"),
    [("coordinator", 3), ("asdep", 3), ("kemhan", 2), ("kemenkeu", 0), ("owner", 0), ("admin", 0)],
)
def test_instances_are_counted_as_far_as_a_reader_sees_them(
    small_world: World, who: str, number: int
) -> None:
    small_world.issued()
    keys = ["follow_up", "recommendation"]
    assert running(small_world.service, small_world.person(who), keys=keys) == number


def test_the_numbers_of_counters_and_of_rows_are_the_same(small_world: World) -> None:
    world = small_world
    world.issued()
    world.finish("kemhan", world.follow_up(world.issued(supporting=[]), "kemhan"))
    scope = world.person("asdep")
    for statuses in (None, ["active"], ["completed"], ["active", "completed"]):
        with world.service.reading() as connection:
            rows = engine_view.instances(
                connection, scope, InstancesWanted(statuses=statuses),
                Window(most=100),
            )  # fmt: skip
        assert running(world.service, scope, statuses=statuses) == len(rows)


def test_principals_of_somebody_else_are_told_of_persons_only(
    small: Data, owner: Scope, coordinator: Scope
) -> None:
    with small.reading() as connection:
        assert engine_view.candidate(connection, owner, "ani") == coordinator.principals
        assert engine_view.candidate(connection, owner, "olga") == owner.principals
        assert engine_view.candidate(connection, owner, "siapa") == {"user:siapa"}
