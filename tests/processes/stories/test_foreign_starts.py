"""Processes started by key, past the screens: the register believes the business key only."""

from __future__ import annotations

from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from engine.errors import BadInput
from processes import tasks
from processes.case import case_of
from processes.options import options_of
from processes.storage import recommendation_rows
from tests.processes.stories.world import ACCEPTED, REGISTRATION, World


def only_task(world: World, instance: UUID) -> UUID:
    (task,) = world.service.engine.tasks(instance_id=instance)
    return task.id


def test_a_recommendation_started_by_key_enters_the_register_when_it_is_registered(
    world: World,
) -> None:
    id = uuid7()
    instance = world.service.engine.start("recommendation", {}, str(id), "owner")
    task = only_task(world, instance)
    tasks.complete(world.service, world.person("coordinator"), task, REGISTRATION)
    case = world.recommendation(id)
    assert (case.number, case.instance_id) == ("REK-2026-0001", instance)


def test_a_process_without_a_business_key_of_the_register_records_nothing(
    small_world: World,
) -> None:
    world = small_world
    engine = world.service.engine
    for key in (None, "REK-2026-0001"):
        task = only_task(world, engine.start("recommendation", {}, key, "owner"))
        with pytest.raises(BadInput):
            engine.complete(task, REGISTRATION, "coordinator")


def test_ids_in_start_data_lead_to_no_other_case(small_world: World) -> None:
    world = small_world
    recommendation = world.issued()
    victim = world.follow_up(recommendation, "kemhan")
    id = uuid7()
    forged = {
        "follow_up_id": str(victim),
        "recommendation_id": str(recommendation),
        "institution": "kemhan",
    }
    instance = world.service.engine.start("recommendation", forged, str(id), "owner")
    task = only_task(world, instance)
    tasks.complete(world.service, world.person("coordinator"), task, REGISTRATION)
    assert world.case(victim).status == "acknowledge"
    assert world.recommendation(recommendation).number == "REK-2026-0001"
    assert world.recommendation(id).number == "REK-2026-0002"


def test_a_follow_up_that_is_not_in_the_register_cannot_be_started_and_mails_nobody(
    small_world: World,
) -> None:
    world = small_world
    before = len(world.mails())
    with pytest.raises(BadInput):
        world.service.engine.start("follow_up", {}, str(uuid7()), "owner")
    assert len(world.mails()) == before


def test_an_unknown_case_reads_as_an_empty_one(small_world: World) -> None:
    with small_world.service.reading() as connection:
        for key in (None, "nonsense", str(uuid7())):
            case, calendar = case_of(connection, key)
            assert case["priority"] == "normal"
            assert calendar.is_working(small_world.today())


def test_forms_offer_every_institution_before_and_the_addressed_ones_after_registration(
    small_world: World,
) -> None:
    world = small_world
    recommendation = world.propose()
    names = frozenset({"institutions", "planets"})
    with world.service.reading() as connection:
        every = options_of(connection, str(recommendation), names)
    assert ("kemhan", "Kemhan") in every["institutions"]
    assert len(every["institutions"]) == 10
    assert every["planets"] == ()
    world.register(recommendation)
    with world.service.reading() as connection:
        addressed = options_of(connection, str(recommendation), names)
        roles = recommendation_rows.institutions_of(connection, recommendation)
    assert {code for code, _ in addressed["institutions"]} == set(roles)


def test_completing_twice_tells_who_was_faster_and_changes_nothing(world: World) -> None:
    from engine.errors import Conflict

    follow_up = world.follow_up(world.issued(), "kemhan")
    task = world.task(follow_up, "acknowledge")
    kemhan = world.person("kemhan")
    tasks.complete(world.service, kemhan, task.id, ACCEPTED, request_id="r1")
    again = tasks.complete(world.service, kemhan, task.id, ACCEPTED, request_id="r1")
    assert [one.element_id for one in again.next] == ["plan"]
    with pytest.raises(Conflict) as conflict:
        tasks.complete(world.service, kemhan, task.id, ACCEPTED)
    assert conflict.value.who == "kemhan"
