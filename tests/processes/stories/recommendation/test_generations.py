"""Three generations of the process run side by side: cases that began on a former version go on to
their end on it, new ones without the meeting."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from engine.sentences.errors import BadInput, Conflict
from processes.acts.reading import opened
from processes.cases.follow_up import follow_up_acts
from processes.cases.recommendation import (
    recommendation_case,
    recommendation_timeline,
    recommendations,
)
from processes.composition import shipped_files
from processes.meetings import in_session, meetings
from processes.storage.meetings import meeting_rows
from processes.work import tasks
from tests.processes.stories.rakor.meeting import begun
from tests.processes.stories.recommendation.generations import FIRST, FORMER, SECOND, shipped_then
from tests.processes.stories.test_happy_path import CONCLUSION
from tests.processes.stories.world import World

MEETING = {
    "held_on": "2026-01-05",
    "place": "Jakarta",
    "chair": "Asdep",
    "minutes": "Semua K/L melaporkan.",
    "agreements": [{"item": "Peta jalan", "responsible": "Kemhan", "due": "2026-03-31"}],
}
REST = [{"institution": "kemenperin", "treatment": "left_to_finish", "reason": "Hampir selesai."}]
SHIPPED = "shipped"
GENERATIONS = (*FORMER, SHIPPED)


def release(world: World, generation: str) -> None:
    """What begins from now on runs on this version."""
    older = generation != SHIPPED
    files = shipped_then(generation, "recommendation") if older else shipped_files("recommendation")
    world.service.engine.deploy(files, "owner")


def begun_on(world: World, generation: str) -> UUID:
    """A case of this version whose lead is done, with an extension of the other institution and a
    withdrawal pending."""
    release(world, generation)
    id = world.issued(rollup_rule="lead")
    other = world.follow_up(id, "kemenperin")
    world.do("kemenperin", "acknowledge", other, response="accepted", contact="Rina")
    follow_up_acts.request_extension(
        world.service, world.person("kemenperin"), other,
        deadline=date(2026, 7, 1), reason="Butuh waktu.", letter_number="",
    )  # fmt: skip
    recommendations.propose_withdrawal(world.service, world.person("deputi"), id, "Usang.")
    world.run()
    world.finish("kemhan", world.follow_up(id, "kemhan"))
    return id


def version(world: World, id: UUID) -> UUID:
    """The version on which a case runs."""
    return world.service.engine.instance(world.instance(id)).definition_id


def end(world: World, id: UUID, generation: str) -> None:
    """From the count of the closed to the end, as the drawing of this version has it."""
    if generation in FORMER:
        world.do("coordinator", "meeting", id, **MEETING)
    answers: dict[str, Any] = {"decision": "close", **CONCLUSION}
    answers["remaining_treatment" if generation == FIRST else "remaining"] = (
        "Selesai bulan depan." if generation == FIRST else REST
    )
    world.do("coordinator", "evaluate_overall", id, **answers)
    if generation != FIRST:
        world.do("asdep", "decide_remaining", id, remaining_approved="yes")


def test_three_generations_run_side_by_side_each_to_its_end_on_its_own_version(
    world: World,
) -> None:
    cases = {generation: begun_on(world, generation) for generation in GENERATIONS}
    versions = {generation: version(world, id) for generation, id in cases.items()}
    assert len(set(versions.values())) == len(GENERATIONS)
    waited = {generation: set(world.waits_for(id)) for generation, id in cases.items()}
    assert waited == {
        FIRST: {"decide_withdrawal", "meeting"},
        SECOND: {"decide_withdrawal", "meeting"},
        SHIPPED: {"decide_withdrawal", "evaluate_overall"},
    }
    states = {generation: world.recommendation(id).status for generation, id in cases.items()}
    assert states == {FIRST: "issued", SECOND: "issued", SHIPPED: "evaluate"}
    for generation, id in cases.items():
        end(world, id, generation)
    for generation, id in cases.items():
        assert (world.recommendation(id).status, world.status(id)) == ("closed", "completed")
        assert version(world, id) == versions[generation]
        left = world.follow_up(id, "kemenperin")
        assert world.waits_for(left) == ["decide_extension", "plan"], "it goes on"
        world.do("asdep", "decide_extension", left, decision="denied", reason="Cukup.")
        world.do("kemenperin", "plan", left, unit="Ditjen", activities=[{"activity": "Susun"}])
    assert world.service.engine.incidents() == []


@pytest.mark.parametrize("generation", GENERATIONS)
def test_a_withdrawal_that_was_pending_ends_a_case_of_every_generation(
    world: World, generation: str
) -> None:
    id = begun_on(world, generation)
    world.do("asdep", "decide_withdrawal", id, withdraw="yes", reason="Usang.")
    assert (world.recommendation(id).status, world.status(id)) == ("withdrawn", "completed")
    assert world.case(world.follow_up(id, "kemenperin")).status == "withdrawn"
    assert world.service.engine.incidents() == []


@pytest.mark.parametrize("generation", FORMER)
def test_minutes_of_a_former_version_become_a_rakor_of_one(world: World, generation: str) -> None:
    id = begun_on(world, generation)
    release(world, SHIPPED)
    world.do("coordinator", "meeting", id, **MEETING)
    for reader in ("coordinator", "kemenperin"):
        with opened(world.service, world.person(reader)) as at:
            (row,) = meetings.page(at).items
            found = meetings.detail(at, row.id)
            if reader == "coordinator":
                whole = recommendation_case.evaluating(at.connection, at.scope, id, at.now)
                detail = recommendation_case.detail(at.connection, at.scope, id, at.now)
                told = recommendation_timeline.history(at.connection, at.scope, detail, {})
        assert (row.number, row.state, row.recommendations) == ("RAK-2026-0001", "recorded", 1)
        assert (found.case.minutes, found.case.chair) == (MEETING["minutes"], "Asdep")
        assert found.case.agreed_in_words == MEETING["agreements"]
        assert not found.changeable and not found.choosable and not found.waiting
    (discussed,) = whole.discussed
    assert discussed.rakor.id == row.id
    assert discussed.minutes is not None and discussed.minutes.text == MEETING["minutes"]
    (told_of,) = [one for one in told.entries if "RAK-2026-0001" in str(one.sentence)]
    assert (told_of.by, told_of.text) == ("coordinator", MEETING["minutes"])
    with opened(world.service, world.person("tni")) as at:
        assert not meetings.page(at).items, "it reads no recommendation of this"


def test_a_rakor_of_one_is_neither_moved_nor_typed_in_nor_the_last_of_all(
    small_world: World,
) -> None:
    world = small_world
    id = begun_on(world, SECOND)
    world.do("coordinator", "meeting", id, **MEETING)
    who = world.person("coordinator")
    with opened(world.service, who) as at:
        (held,) = meetings.page(at).items
    refused: tuple[Callable[[], object], ...] = (
        lambda: meetings.change(world.service, who, held.id, {"change": "cancelled"}),
        lambda: meetings.choose(world.service, who, held.id, [id]),
        lambda: meetings.begin(world.service, who, held.id, [id]),
        lambda: in_session.save_attendance(
            world.service, who, held.id, "kemhan", "present", "Rina", 0
        ),
    )
    for act in refused:
        with pytest.raises(Conflict):
            act()
    release(world, SHIPPED)
    following = begun(world, id)
    with world.service.reading() as connection:
        assert meeting_rows.last_held(connection, following) is None


@pytest.mark.parametrize("generation", FORMER)
def test_the_task_of_a_former_version_still_refuses_a_day_that_has_not_come(
    small_world: World, generation: str
) -> None:
    world = small_world
    id = begun_on(world, generation)
    task = world.task(id, "meeting")
    late = {**MEETING, "held_on": "2027-01-01"}
    with pytest.raises(BadInput) as refused:
        tasks.complete(world.service, world.person("coordinator"), task.id, late)
    assert set(refused.value.fields) == {"held_on"}
    assert world.waits_for(id) == ["decide_withdrawal", "meeting"]
