"""What a program reads of forms, variables and drawings, and what of it stays closed."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from engine.sentences.errors import Conflict, Forbidden, NotFound
from processes.acts import reading
from processes.acts.service import Service
from processes.programs import engine_acts, engine_history, engine_view
from processes.rights.access import Scope
from processes.rights.grants import granted
from processes.storage.programs.engine_models import DefinitionsWanted
from processes.storage.programs.engine_rows import InstancesWanted
from processes.storage.programs.engine_tasks import Window
from processes.work import tasks
from tests.processes.conftest import Data, person, scope
from tests.processes.stories.world import ACCEPTED, PLAN, World
from tests.web.api.models import AGREED, ASKED, NESTED, PAID, REVIEW


@pytest.fixture
def owner(small: Data) -> Scope:
    return scope(small, person(small, "olga", granted("process-owner")))


@pytest.fixture
def ani(small: Data) -> Scope:
    return scope(small, person(small, "ani", granted("coordinator")))


def begun(data: Data, files: dict[str, bytes], **values: Any) -> tuple[UUID, UUID]:
    """An instance of the one process in these files, and its first task."""
    data.engine.deploy(files, "olga")
    [name] = files
    instance = data.engine.start(name.removesuffix(".bpmn"), values, by="olga")
    [task] = data.engine.tasks(instance_id=instance, limit=2)
    return instance, task.id


def asked(data: Service, who: Scope, question: Any, *about: Any) -> Any:
    with reading.opened(data, who) as at:
        return question(at, *about)


# --- forms --------------------------------------------------------------------------------------


def test_a_form_is_told_with_each_of_its_fields_and_what_they_hold(
    small: Data, owner: Scope
) -> None:
    _, task = begun(small, ASKED, amount=7, hidden="x")
    assert asked(small, owner, engine_view.form_data, task) == {"amount": 7, "remark": None}


def test_a_task_without_a_form_tells_every_variable_of_an_owners_instance(
    small: Data, owner: Scope, ani: Scope
) -> None:
    _, task = begun(small, REVIEW, due=None, count=3)
    for who in (owner, ani):
        told = asked(small, who, engine_view.form_data, task)
        assert told["count"] == 3


def test_of_a_task_that_has_ended_or_is_not_there_no_form_is_told(
    small: Data, owner: Scope
) -> None:
    _, task = begun(small, ASKED)
    tasks.complete(small, owner, task, {"amount": 7})
    with pytest.raises(Conflict):
        asked(small, owner, engine_view.form_data, task)
    with pytest.raises(NotFound):
        asked(small, owner, engine_view.form_data, uuid4())


def test_for_whoever_may_not_read_the_task_there_is_none(small: Data, owner: Scope) -> None:
    _, task = begun(small, ASKED)
    pic = scope(small, person(small, "pic", granted(contact_of="kemhan")))
    for question in (engine_view.form_data, lambda at, id: engine_view.data_after(at, id, ())):
        with pytest.raises(NotFound):
            asked(small, pic, question, task)


# --- after a completion -------------------------------------------------------------------------


def after(data: Service, who: Scope, task: UUID, *sent: str) -> dict[str, Any]:
    told: dict[str, Any] = asked(data, who, engine_view.data_after, task, sent)
    return told


def test_a_keeper_is_told_every_variable_after_a_completion(small: Data, owner: Scope) -> None:
    _, task = begun(small, ASKED, hidden="x")
    tasks.complete(small, owner, task, {"amount": 7, "remark": "Baik"})
    told = after(small, owner, task, "amount", "hidden")
    assert (told["amount"], told["hidden"]) == (7, "x")


def test_whoever_keeps_no_instances_is_told_what_was_sent_and_written_and_no_more(
    small: Data, owner: Scope, ani: Scope
) -> None:
    _, task = begun(small, REVIEW, due=None, hidden="x")
    tasks.claim(small, ani, task)
    tasks.complete(small, ani, task, {"text": "Naik."})
    assert after(small, ani, task, "text") == {"text": "Naik."}
    assert after(small, ani, task, "text", "hidden", "none") == {"text": "Naik."}
    assert after(small, ani, task) == {}


def test_in_a_real_case_an_institution_is_told_only_its_own_answers_of_that_step(
    small_world: World,
) -> None:
    world = small_world
    case = world.follow_up(world.issued(), "kemhan")
    first = world.task(case, "acknowledge").id
    world.do("kemhan", "acknowledge", case, **ACCEPTED)
    answer = {"response": ACCEPTED["response"]}
    assert after(world.service, world.person("kemhan"), first, *ACCEPTED, "title") == answer
    second = world.task(case, "plan").id
    world.do("kemhan", "plan", case, **PLAN)
    assert after(world.service, world.person("kemhan"), second, "response") == {}
    assert after(world.service, world.person("coordinator"), second) == answer
    with pytest.raises(NotFound):
        after(world.service, world.person("kemenkeu"), first, "response")


# --- variables of an instance -------------------------------------------------------------------


def test_variables_are_told_to_the_keeper_also_after_the_end(small: Data, owner: Scope) -> None:
    instance, _ = begun(small, REVIEW, due=None, count=3)
    engine_acts.cancel(small, owner, instance, "Salah mulai.")
    assert asked(small, owner, engine_view.instance_data, instance)["count"] == 3
    with pytest.raises(NotFound):
        asked(small, owner, engine_view.instance_data, uuid4())


# --- drawings -----------------------------------------------------------------------------------


def test_the_drawing_of_a_version_is_the_file_it_was_released_with(
    small: Data, owner: Scope, ani: Scope
) -> None:
    engine_acts.deploy(small, owner, PAID, "")
    [content] = PAID.values()
    for who in (owner, ani):
        found, drawn = asked(small, who, engine_view.bpmn, DefinitionsWanted(keys=["paid"]))
        assert (found.key, found.resource, drawn) == ("paid", "paid.bpmn", content)
    with pytest.raises(NotFound):
        asked(small, owner, engine_view.bpmn, DefinitionsWanted(keys=["none"]))
    pic = scope(small, person(small, "pic", granted(contact_of="kemhan")))
    with pytest.raises(Forbidden):
        asked(small, pic, engine_view.bpmn, DefinitionsWanted(keys=["paid"]))


# --- the past of an instance --------------------------------------------------------------------


def test_the_past_of_an_instance_is_told_element_by_element(small: Data, owner: Scope) -> None:
    instance, task = begun(small, NESTED)
    tasks.complete(small, owner, task, {})
    past = asked(small, owner, engine_history.of_instance, instance)
    assert past.row.instance.id == instance
    told = {one.element_id: one for one in past.visits}
    assert [*told] == ["start", "inside", "begin", "work", "finish", "done"]
    assert all(one.ended is not None and not one.canceled for one in past.visits)
    assert told["work"].inside == told["begin"].inside == told["inside"].id
    assert told["start"].inside is None
    assert told["work"].task is not None and told["work"].task.id == task
    with pytest.raises(NotFound):
        asked(small, owner, engine_history.of_instance, uuid4())


def test_what_was_taken_away_is_told_as_cancelled(small: Data, owner: Scope) -> None:
    instance, _ = begun(small, NESTED)
    engine_acts.cancel(small, owner, instance, "Salah mulai.")
    visits = asked(small, owner, engine_history.of_instance, instance).visits
    cancelled = {one.element_id for one in visits if one.canceled}
    assert "work" in cancelled
    assert "start" not in cancelled and "begin" not in cancelled


def test_of_several_beginnings_the_one_that_was_taken_is_told(small: Data, owner: Scope) -> None:
    small.engine.deploy(AGREED, "olga")
    small.engine.deploy(PAID, "olga")
    by_key = small.engine.start("agreed", {}, by="olga")
    told = small.engine.start("paid", {}, by="olga")
    with reading.opened(small, owner) as at:
        rows = engine_view.instances(at.connection, owner, InstancesWanted(), Window())
        assert engine_history.started_at(at, rows) == {by_key: "start", told: "start"}
        assert engine_history.started_at(at, []) == {}
