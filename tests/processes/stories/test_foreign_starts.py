"""Processes started without the screens: a case begins only as its row in the register says."""

from __future__ import annotations

from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from engine.sentences.errors import BadInput
from processes.cases.recommendation import recommendations
from processes.lifecycle.case import case_of
from processes.lifecycle.options import options_of
from processes.rights.access import CASE_PROCESSES
from processes.storage.cases import recommendation_rows
from processes.work import tasks
from tests.processes.stories.world import ACCEPTED, World


def draft(world: World) -> tuple[UUID, UUID]:
    """A draft in the register whose process has not begun; its id and that of its instance."""
    id, instance = uuid7(), uuid7()
    with world.service.transaction() as connection:
        recommendation_rows.insert_draft(connection, id, instance, "coordinator", world.clock.now)
    return id, instance


@pytest.mark.parametrize("process", sorted(CASE_PROCESSES))
def test_no_case_begins_past_the_register(world: World, process: str) -> None:
    recommendation = world.issued()
    follow_up = world.follow_up(recommendation, "kemhan")
    engine, before = world.service.engine, len(world.mails())
    for key in (None, "REK-2026-0001", str(uuid7()), str(recommendation), str(follow_up)):
        with pytest.raises(BadInput, match="register"):
            engine.start(process, {}, key, "owner")
    assert len(world.mails()) == before


def test_a_draft_whose_process_never_began_begins_under_its_own_id_and_key_only(
    small_world: World,
) -> None:
    world = small_world
    id, instance = draft(world)
    for key, other in ((str(id), uuid7()), (str(uuid7()), instance)):
        with pytest.raises(BadInput):
            world.service.engine.start("recommendation", {}, key, "owner", id=other)
    with pytest.raises(BadInput):
        world.service.engine.start("follow_up", {}, str(id), "owner", id=instance)
    recommendations.propose(world.service, world.person("coordinator"), id=id)
    world.register(id)
    case = world.recommendation(id)
    assert (case.number, case.instance_id) == ("REK-2026-0001", instance)


def test_ids_in_start_data_lead_to_no_other_case(small_world: World) -> None:
    world = small_world
    recommendation = world.issued()
    victim = world.follow_up(recommendation, "kemhan")
    id, instance = draft(world)
    forged = {
        "follow_up_id": str(victim),
        "recommendation_id": str(recommendation),
        "institution": "kemhan",
    }
    world.service.engine.start("recommendation", forged, str(id), "owner", id=instance)
    world.register(id)
    assert world.case(victim).status == "acknowledge"
    assert world.recommendation(recommendation).number == "REK-2026-0001"
    assert world.recommendation(id).number == "REK-2026-0002"


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
    from engine.sentences.errors import Conflict

    follow_up = world.follow_up(world.issued(), "kemhan")
    task = world.task(follow_up, "acknowledge")
    kemhan = world.person("kemhan")
    tasks.complete(world.service, kemhan, task.id, ACCEPTED, request_id="r1")
    again = tasks.complete(world.service, kemhan, task.id, ACCEPTED, request_id="r1")
    assert [one.element_id for one in again.next] == ["plan"]
    with pytest.raises(Conflict) as conflict:
        tasks.complete(world.service, kemhan, task.id, ACCEPTED)
    assert conflict.value.who == "kemhan"
