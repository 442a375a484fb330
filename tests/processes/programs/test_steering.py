"""Choosing what is done next, in an instance of an owner's own."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from engine.sentences.errors import BadInput, Conflict, Forbidden, NotFound
from processes.acts import reading
from processes.acts.service import Service
from processes.programs import engine_acts, steering
from processes.programs.steering import Choices
from processes.rights.access import Scope
from processes.rights.grants import granted
from processes.storage.programs.engine_rows import ListenersWanted
from processes.storage.programs.engine_tasks import Window
from tests.engine.models.building import ad_hoc, bpmn, end, process, start, user_task
from tests.processes.conftest import Data, person, scope
from tests.processes.stories.world import World
from tests.web.api.models import PAID, RECEIVING

SURVEY = {
    "survey.bpmn": bpmn(
        process(
            "survey",
            start(),
            ad_hoc("work", user_task("ask"), user_task("measure")),
            user_task("after"),
            end(),
        )
    )
}
"""Waits until somebody chooses what is done next, as often as wanted."""


@pytest.fixture
def owner(small: Data) -> Scope:
    return scope(small, person(small, "olga", granted("process-owner")))


@pytest.fixture
def survey(small: Data) -> UUID:
    return begun(small, SURVEY)


def begun(data: Data, files: dict[str, bytes]) -> UUID:
    """An instance of the one process in these files."""
    data.engine.deploy(files, "olga")
    [name] = files
    return data.engine.start(name.removesuffix(".bpmn"), {}, by="olga")


def choices(data: Service, who: Scope, instance_id: UUID) -> Choices:
    with reading.opened(data, who) as at:
        return steering.choices(at, instance_id)


def token(data: Service, who: Scope, instance_id: UUID) -> UUID:
    """The one place where something can be chosen."""
    [choice] = choices(data, who, instance_id).open
    return choice.token


def open_elements(data: Service, instance_id: UUID) -> list[str]:
    found = data.engine.tasks(instance_id=instance_id, limit=10)
    return sorted(task.element_id for task in found)


def offering(data: Data, who: Scope, *instances: UUID, as_: str = "keeper") -> frozenset[UUID]:
    with reading.opened(data, who) as at:
        return steering.offering(at, instances, {as_})


# --- what can be chosen -------------------------------------------------------------------------


def test_a_keeper_sees_what_can_be_chosen_and_that_it_is_no_real_case(
    small: Data, owner: Scope, survey: UUID
) -> None:
    found = choices(small, owner, survey)
    assert (found.instance.instance.id, found.case) == (survey, None)
    [choice] = found.open
    assert sorted(one.id for one in choice.activities) == ["ask", "measure"]


def test_what_was_begun_can_be_begun_again_and_beside_it_another(
    small: Data, owner: Scope, survey: UUID
) -> None:
    for activity in ("ask", "measure", "ask"):
        steering.start(small, owner, survey, activity)
    assert open_elements(small, survey) == ["ask", "ask", "measure"]


def test_an_activity_begins_with_what_its_chooser_tells(
    small: Data, owner: Scope, survey: UUID
) -> None:
    at = token(small, owner, survey)
    steering.start(small, owner, survey, "ask", {"whom": "Kemhan"}, token=at)
    [task] = small.engine.tasks(instance_id=survey, limit=2)
    assert small.engine.form_data(task.id)["whom"] == "Kemhan"


def test_one_request_begins_one_activity(small: Data, owner: Scope, survey: UUID) -> None:
    for request_id in ("r-1", "r-1", "r-2"):
        steering.start(small, owner, survey, "ask", request_id=request_id)
    assert open_elements(small, survey) == ["ask", "ask"]


@pytest.mark.parametrize("activity", ["after", "work", "nothing", ""])
def test_what_is_not_offered_is_not_begun(
    small: Data, owner: Scope, survey: UUID, activity: str
) -> None:
    with pytest.raises(BadInput, match="no activity"):
        steering.start(small, owner, survey, activity)
    assert open_elements(small, survey) == []


def test_a_place_where_nothing_waits_begins_nothing(
    small: Data, owner: Scope, survey: UUID
) -> None:
    with pytest.raises(Conflict):
        steering.start(small, owner, survey, "ask", token=uuid4())
    assert open_elements(small, survey) == []


# --- enough was chosen --------------------------------------------------------------------------


def test_a_keeper_says_that_it_is_enough_and_the_instance_goes_on(
    small: Data, owner: Scope, survey: UUID
) -> None:
    at = token(small, owner, survey)
    steering.complete(small, owner, survey, at)
    assert open_elements(small, survey) == ["after"]
    assert choices(small, owner, survey).open == []
    with pytest.raises(Conflict):
        steering.complete(small, owner, survey, at)


def test_only_a_place_of_choice_is_completed_so_no_receive_task_goes_on_by_it(
    small: Data, owner: Scope
) -> None:
    waiting = begun(small, RECEIVING)
    with reading.opened(small, owner) as at:
        [listener] = engine_acts.listeners(
            at.connection, owner, ListenersWanted(instance_ids=[waiting]),
            Window(),
        )  # fmt: skip
    with pytest.raises(Conflict):
        steering.complete(small, owner, waiting, listener.token)
    assert open_elements(small, waiting) == []


def test_a_place_of_another_instance_is_none_of_this_one(
    small: Data, owner: Scope, survey: UUID
) -> None:
    other = small.engine.start("survey", {}, by="olga")
    elsewhere = token(small, owner, other)
    with pytest.raises(Conflict):
        steering.complete(small, owner, survey, elsewhere)
    with pytest.raises(Conflict):
        steering.start(small, owner, survey, "ask", token=elsewhere)
    assert len(choices(small, owner, other).open) == len(choices(small, owner, survey).open) == 1


def test_an_instance_that_has_ended_offers_nothing(small: Data, owner: Scope, survey: UUID) -> None:
    at = token(small, owner, survey)
    engine_acts.cancel(small, owner, survey, "Salah mulai.")
    assert choices(small, owner, survey).open == []
    for act in (
        lambda: steering.start(small, owner, survey, "ask"),
        lambda: steering.complete(small, owner, survey, at),
    ):
        with pytest.raises((Conflict, NotFound)):
            act()


# --- which of several offer something -----------------------------------------------------------


def test_of_several_instances_those_are_told_in_which_something_can_be_chosen(
    small: Data, owner: Scope, survey: UUID
) -> None:
    done = small.engine.start("survey", {}, by="olga")
    steering.complete(small, owner, done, token(small, owner, done))
    paid, receiving = begun(small, PAID), begun(small, RECEIVING)
    every = (survey, done, paid, receiving, uuid4())
    assert offering(small, owner, *every) == {survey}
    assert offering(small, owner, *every, as_="contact") == frozenset()
    assert offering(small, owner) == frozenset()


# --- for whom -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "grants",
    [
        granted("coordinator"),
        granted("supervisor", rank="asdep"),
        granted(contact_of="kemhan"),
        granted(),
    ],
    ids=["coordinator", "supervisor", "contact", "nobody"],
)
def test_for_whoever_keeps_no_instances_it_is_not_there(
    small: Data, owner: Scope, survey: UUID, grants: Any
) -> None:
    who = scope(small, person(small, "adi", grants))
    at = token(small, owner, survey)
    for act in (
        lambda: choices(small, who, survey),
        lambda: steering.start(small, who, survey, "ask"),
        lambda: steering.complete(small, who, survey, at),
    ):
        with pytest.raises(NotFound):
            act()
    assert open_elements(small, survey) == []


def test_an_administrator_chooses_as_an_owner_does(small: Data, survey: UUID) -> None:
    admin = scope(small, person(small, "adi", granted("admin")))
    steering.start(small, admin, survey, "measure")
    assert open_elements(small, survey) == ["measure"]


def test_in_a_real_case_nobody_but_a_coordinator_is_offered_a_choice(small_world: World) -> None:
    world = small_world
    instance_id = world.instance(world.follow_up(world.issued(), "kemhan"))
    assert choices(world.service, world.person("coordinator"), instance_id).case is not None
    for who, refusal in (("asdep", Forbidden), ("kemhan", Forbidden), ("admin", NotFound)):
        with pytest.raises(refusal):
            steering.complete(world.service, world.person(who), instance_id, uuid4())
    with pytest.raises(Conflict):
        steering.complete(world.service, world.person("coordinator"), instance_id, uuid4())
