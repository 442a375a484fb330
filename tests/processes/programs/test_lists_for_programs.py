"""The lists of the engine's API: what each filter finds, their orders and their windows."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Column, Table, update

from engine.sentences.errors import Forbidden, NotFound
from engine.storage import tables
from processes.programs import engine_acts, engine_view
from processes.rights.access import Scope
from processes.rights.grants import granted
from processes.storage.programs import engine_models, engine_rows, engine_tasks
from processes.storage.programs.engine_models import DefinitionsWanted, DeploymentsWanted
from processes.storage.programs.engine_rows import InstancesWanted, ListenersWanted
from processes.storage.programs.engine_tasks import TasksWanted, Window
from processes.work import tasks
from tests.processes.conftest import NOW, Data, person, scope
from tests.web.api.models import AGREED, DIVIDED, PAID, REVIEW

WIDE = Window(most=100)


@pytest.fixture
def olga(data: Data) -> Scope:
    return scope(data, person(data, "olga", granted("process-owner")))


@pytest.fixture
def owner(small: Data) -> Scope:
    return scope(small, person(small, "olga", granted("process-owner")))


def hour(number: int) -> datetime:
    return NOW + timedelta(hours=number)


def put(data: Data, table: Table, key: Column[Any], id: UUID, **values: Any) -> None:
    """Change a row as time would have."""
    with data.transaction() as connection:
        connection.execute(update(table).where(key == id).values(**values))


def begun(data: Data, files: dict[str, bytes], business_key: str, by: str = "olga") -> UUID:
    data.engine.deploy(files, by)
    [name] = files
    values = {"due": None}
    return data.engine.start(name.removesuffix(".bpmn"), values, business_key, by=by)


# --- tasks --------------------------------------------------------------------------------------


def reviews(data: Data) -> dict[str, UUID]:
    """Three tasks to write, "a" due first, "c" never; their ids by letter."""
    found = {}
    for number, letter in enumerate("abc"):
        instance = begun(data, REVIEW, f"{letter.upper()}-1")
        [task] = data.engine.tasks(instance_id=instance, limit=2)
        due = None if letter == "c" else hour(10 + number)
        row = tables.task
        put(data, row, row.c.id, task.id, created_at=hour(number), due_at=due, priority=number)
        found[letter] = task.id
    return found


def tasks_found(data: Data, who: Scope, named: dict[str, UUID], **wanted: Any) -> str:
    """The letters of the tasks that a filter finds; they are counted as they are shown."""
    with data.reading() as connection:
        rows = engine_view.tasks(connection, who, TasksWanted(**wanted), WIDE)
        assert engine_view.count_tasks(connection, who, TasksWanted(**wanted)) == len(rows)
    shown = {row.task.id for row in rows}
    return "".join(letter for letter, id in named.items() if id in shown)


def test_tasks_are_found_by_each_of_their_facts(data: Data, olga: Scope) -> None:
    ani = scope(data, person(data, "ani", granted("coordinator")))
    ids = reviews(data)
    tasks.claim(data, ani, ids["b"])

    def found(**wanted: Any) -> str:
        return tasks_found(data, olga, ids, **wanted)

    with data.reading() as connection:
        row = engine_view.task(connection, olga, ids["a"])
    assert (row.version, found()) == (1, "abc")
    assert found(ids=[ids["a"], ids["c"], uuid4()]) == "ac"
    assert found(ids=[]) == ""
    assert found(instance_ids=[row.task.instance_id]) == "a"
    assert found(definition_ids=[row.task.definition_id]) == "abc"
    assert found(business_keys=["B-1", "C-1"]) == "bc"
    assert found(process_keys=["paid"]) == found(element_ids=["judge"]) == found(names=["W"]) == ""
    assert found(element_ids=["write"], names=["Write"], process_keys=["review"]) == "abc"
    assert found(name_like="Wr%") == found(name_like="_rite") == "abc"
    assert found(name_like="rit") == ""
    assert found(priorities=[0, 2]) == "ac"
    assert found(assigned=True) == found(assignees=["ani"]) == "b"
    assert found(assigned=False) == "ac"
    assert found(with_due=True) == "ab"
    assert found(with_due=False) == "c"
    assert found(due_after=hour(10)) == "b"
    assert found(due_before=hour(11)) == "a"
    assert found(created_after=hour(0), created_before=hour(2)) == "b"


def test_a_task_waits_for_its_candidates_until_somebody_has_taken_it(
    data: Data, olga: Scope
) -> None:
    ani = scope(data, person(data, "ani", granted("coordinator")))
    ids = reviews(data)
    tasks.claim(data, ani, ids["b"])

    def found(**wanted: Any) -> str:
        return tasks_found(data, olga, ids, **wanted)

    assert found(candidates=["group:coordinator"]) == found(candidates=ani.principals) == "ac"
    assert found(candidates=["user:ani"]) == "", "whoever has a task is no candidate for it"
    assert found(offered_to=["coordinator"]) == "abc"
    assert found(offered_to=["supervisor"]) == found(candidates=["group:supervisor"]) == ""


@pytest.mark.parametrize(
    ("by", "descending", "order"),
    [
        ("created", False, "abc"),
        ("created", True, "cba"),
        ("dueDate", False, "abc"),
        ("dueDate", True, "bac"),
        ("priority", True, "cba"),
        ("assignee", False, "bac"),
    ],
)
def test_tasks_are_sorted_and_what_has_no_value_comes_last(
    data: Data, olga: Scope, by: str, descending: bool, order: str
) -> None:
    ani = scope(data, person(data, "ani", granted("coordinator")))
    ids = reviews(data)
    tasks.claim(data, ani, ids["b"])
    letters = {id: letter for letter, id in ids.items()}

    def window(first: int, most: int) -> str:
        wanted = Window(first, most, by, descending)
        with data.reading() as connection:
            rows = engine_view.tasks(connection, olga, TasksWanted(), wanted)
        return "".join(letters[row.task.id] for row in rows)

    assert window(0, 10) == order
    assert [window(0, 2), window(2, 2), window(4, 2)] == [order[:2], order[2:], ""]


def test_a_task_that_has_ended_is_in_no_list(small: Data, owner: Scope) -> None:
    ids = reviews(small)
    tasks.complete(small, owner, ids["a"], {})
    assert tasks_found(small, owner, ids) == "bc"
    with small.reading() as connection, pytest.raises(NotFound):
        engine_view.task(connection, owner, ids["a"])
    with small.reading() as connection:
        past = engine_tasks.of_instance(
            connection, tables.task.c.status.is_not(None), small.engine.task(ids["a"]).instance_id
        )
    assert [one.element_id for one in past] == ["write", "judge"], "but in its past"


def test_an_institution_sees_no_task_of_an_owners_model(small: Data) -> None:
    pic = scope(small, person(small, "pic", granted(contact_of="kemhan")))
    ids = reviews(small)
    assert tasks_found(small, pic, ids) == ""
    with small.reading() as connection, pytest.raises(NotFound):
        engine_view.task(connection, pic, ids["a"])


# --- instances ----------------------------------------------------------------------------------


def test_instances_are_found_by_each_of_their_facts(data: Data, olga: Scope) -> None:
    ani = scope(data, person(data, "ani", granted("coordinator")))
    first, second = begun(data, REVIEW, "SP-1"), begun(data, PAID, "SP_2", by="rina")
    third = begun(data, DIVIDED, "X-3")
    [task] = data.engine.tasks(instance_id=third, limit=2)
    tasks.complete(data, ani, task.id, {"count": 0})
    engine_acts.cancel(data, olga, first, "Salah mulai.")
    ids = {"a": first, "b": second, "c": third}
    row = tables.instance
    for number, id in enumerate(ids.values()):
        put(data, row, row.c.id, id, started_at=hour(number))
    put(data, row, row.c.id, first, ended_at=hour(5))

    def found(**wanted: Any) -> str:
        asked = InstancesWanted(**wanted)
        with data.reading() as connection:
            rows = engine_view.instances(connection, olga, asked, WIDE)
            assert engine_view.count_instances(connection, olga, asked) == len(rows)
        shown = {row.instance.id for row in rows}
        return "".join(letter for letter, id in ids.items() if id in shown)

    assert found() == "abc"
    assert found(ids=[first, third]) == found(keys=["review", "divided"]) == "ac"
    assert found(business_keys=["SP_2"]) == found(starters=["rina"]) == "b"
    assert found(business_key_like="SP%") == "ab"
    assert found(business_key_like="SP") == ""
    assert found(ended=True) == "a"
    assert found(ended=False) == "bc"
    assert found(stuck=True) == "c"
    assert found(stuck=False) == "ab"
    assert found(started_after=hour(0)) == "bc"
    assert found(started_before=hour(1)) == "a"
    assert found(ended_after=hour(4), ended_before=hour(6)) == "a"
    assert found(ended_after=hour(5)) == ""
    assert found(statuses=["active"]) == "bc"
    assert found(statuses=["active"], keys=["paid"]) == "b"
    assert found(keys=[]) == found(statuses=[]) == ""


def test_instances_are_sorted_with_running_ones_behind_the_ended(data: Data, olga: Scope) -> None:
    ids = [begun(data, REVIEW, f"A-{number}") for number in range(3)]
    engine_acts.cancel(data, olga, ids[1], "Salah mulai.")

    def order(by: str, *, descending: bool = False) -> list[UUID]:
        window = Window(by=by, descending=descending)
        with data.reading() as connection:
            rows = engine_view.instances(connection, olga, InstancesWanted(), window)
        return [row.instance.id for row in rows]

    assert order("businessKey", descending=True) == ids[::-1]
    for descending in (False, True):
        assert order("endTime", descending=descending)[0] == ids[1]


def test_counters_of_an_owner_say_what_counting_says(small: Data, owner: Scope) -> None:
    ids = [begun(small, REVIEW, f"A-{number}") for number in range(3)]
    begun(small, PAID, "B-1")
    engine_acts.cancel(small, owner, ids[0], "Salah mulai.")
    for wanted, number in (
        ({}, 4), ({"keys": ["review"]}, 3), ({"keys": ["review"], "statuses": ["active"]}, 2),
        ({"statuses": ["active"]}, 3), ({"keys": ["none"]}, 0), ({"keys": []}, 0),
    ):  # fmt: skip
        with small.reading() as connection:
            asked = InstancesWanted(**wanted)
            assert engine_view.count_instances(connection, owner, asked) == number, wanted
            every = tables.instance.c.id.is_not(None)
            assert engine_rows.count_instances(connection, every, asked) == number, wanted


# --- waits for messages -------------------------------------------------------------------------


def test_waits_are_found_by_message_key_instance_and_element(data: Data, olga: Scope) -> None:
    paid, agreed = begun(data, PAID, "A-1"), begun(data, AGREED, "A-2")

    def found(first: int = 0, most: int = 100, **wanted: Any) -> list[UUID]:
        with data.reading() as connection:
            window = Window(first=first, most=most)
            asked = ListenersWanted(**wanted)
            rows = engine_acts.listeners(connection, olga, asked, window)
        return [row.instance_id for row in rows]

    assert sorted(found()) == sorted([paid, agreed, agreed])
    assert found(messages=["paid"]) == found(keys=["A-1"]) == found(element_ids=["payment"])
    assert found(messages=["paid"]) == [paid]
    assert found(instance_ids=[agreed]) == [agreed, agreed]
    assert found(instance_ids=[agreed], first=1) == found(element_ids=["first"]) == [agreed]
    assert found(messages=["consent"], keys=["A-1"]) == found(tokens=[uuid4()]) == []


def test_who_may_send_no_message_is_told_of_no_wait(small: Data) -> None:
    ani = scope(small, person(small, "ani", granted("coordinator")))
    with small.reading() as connection, pytest.raises(Forbidden):
        engine_acts.listeners(connection, ani, ListenersWanted(), WIDE)


# --- versions and deployments -------------------------------------------------------------------


def two_versions(data: Data, who: Scope) -> None:
    changed = {name: one.replace(b"= 100", b"= 50") for name, one in DIVIDED.items()}
    for files, note in ((DIVIDED, "Pertama"), (changed, "Kedua"), (PAID, "")):
        engine_acts.deploy(data, who, files, note)


def test_versions_are_found_by_each_of_their_facts(data: Data, olga: Scope) -> None:
    two_versions(data, olga)

    def found(**wanted: Any) -> list[tuple[str, int]]:
        asked = DefinitionsWanted(**wanted)
        window = Window(by="version")
        with data.reading() as connection:
            rows = engine_view.definitions(connection, olga, asked, window)
            assert engine_view.count_definitions(connection, olga, asked) == len(rows)
        assert all(row.resource == f"{row.key}.bpmn" for row in rows)
        return sorted((row.key, row.number) for row in rows)

    assert found() == [("divided", 1), ("divided", 2), ("paid", 1)]
    assert found(latest=True) == [("divided", 2), ("paid", 1)]
    assert found(numbers=[1]) == [("divided", 1), ("paid", 1)]
    assert found(numbers=[1], latest=True) == [("paid", 1)]
    assert found(keys=["paid", "none"]) == found(key_like="pa%") == [("paid", 1)]
    assert found(key_like="pa") == found(names=["none"]) == found(name_like="x%") == []
    with data.reading() as connection:
        one = engine_view.definition(connection, olga, DefinitionsWanted(numbers=[2]))
        with pytest.raises(NotFound):
            engine_view.definition(connection, olga, DefinitionsWanted(keys=["none"]))
        assert set(engine_models.definition_ids(connection, ["divided"])) > {one.id}
        assert sorted(engine_models.process_keys(connection)) == ["divided", "paid"]
    assert found(ids=[one.id]) == found(deployment_ids=[one.deployment_id]) == [("divided", 2)]


def test_deployments_are_found_by_their_notes_and_times(data: Data, olga: Scope) -> None:
    two_versions(data, olga)
    with data.reading() as connection:
        every = engine_view.deployments(connection, olga, DeploymentsWanted(), Window(by="name"))
    row = tables.deployment
    assert [one.note for one in every] == ["Kedua", "Pertama", "paid.bpmn"]
    for number, one in enumerate(every):
        put(data, row, row.c.id, one.id, at=hour(number))

    def found(**wanted: Any) -> list[str]:
        asked = DeploymentsWanted(**wanted)
        window = Window(by="deploymentTime", descending=True)
        with data.reading() as connection:
            rows = engine_view.deployments(connection, olga, asked, window)
            assert engine_view.count_deployments(connection, olga, asked) == len(rows)
        return [one.note for one in rows]

    assert found() == ["paid.bpmn", "Pertama", "Kedua"]
    assert found(names=["Kedua", "paid.bpmn"]) == ["paid.bpmn", "Kedua"]
    assert found(after=hour(0)) == ["paid.bpmn", "Pertama"]
    assert found(before=hour(1)) == ["Kedua"]
    assert found(after=hour(0), before=hour(2), ids=[every[1].id]) == ["Pertama"]
    with data.reading() as connection:
        assert engine_view.deployment(connection, olga, every[0].id).by == "olga"
        with pytest.raises(NotFound):
            engine_view.deployment(connection, olga, uuid4())


def test_an_institution_reads_no_models(small: Data) -> None:
    pic = scope(small, person(small, "pic", granted(contact_of="kemhan")))
    with small.reading() as connection:
        for ask in (
            lambda: engine_view.definitions(connection, pic, DefinitionsWanted(), WIDE),
            lambda: engine_view.count_definitions(connection, pic, DefinitionsWanted()),
            lambda: engine_view.deployments(connection, pic, DeploymentsWanted(), WIDE),
            lambda: engine_view.count_deployments(connection, pic, DeploymentsWanted()),
        ):
            with pytest.raises(Forbidden):
                ask()
