"""A recommendation in a list and in full: how it stands in time, and what is kept from whom."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from engine.sentences.errors import BadInput, Forbidden, NotFound
from engine.time.calendar import Timing
from processes.cases.follow_up import follow_up_list
from processes.cases.recommendation import recommendation_case, recommendations
from processes.cases.recommendation.recommendation_case import Detail
from processes.cases.recommendation.recommendations import RecommendationRow
from processes.register.states import RecommendationState, Stage
from processes.register.vocabulary import PRIORITIES
from processes.storage.cases.lists import recommendation_lists
from processes.storage.cases.lists.follow_up_lists import Wanted
from tests.processes.stories.world import ACCEPTED, World


def row(world: World, who: str = "coordinator") -> RecommendationRow:
    """The newest recommendation of somebody's list."""
    with world.service.reading() as connection:
        found = recommendations.page(connection, world.person(who), world.clock.now)
    return found.items[0]


def detail(world: World, id: UUID, who: str = "coordinator") -> Detail:
    with world.service.reading() as connection:
        return recommendation_case.detail(connection, world.person(who), id, world.clock.now)


# --- how it stands in time ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "timing"),
    [
        (date(2026, 1, 8), Timing(0, "today")),
        (date(2026, 1, 9), Timing(1, "late")),
        (date(2026, 1, 11), Timing(1, "late")),
        (date(2026, 1, 12), Timing(2, "late")),
    ],
)
def test_a_recommendation_is_as_late_as_the_latest_work_on_it(
    small_world: World, day: date, timing: Timing
) -> None:
    world = small_world
    id = world.issued()
    world.do("kemhan", "acknowledge", world.follow_up(id, "kemhan"), **ACCEPTED)
    world.wait_until(world.at(day))
    found = row(world)
    assert found.timing == timing, "kemenperin has not acknowledged"
    assert found.latest is not None
    assert found.latest.cell.institution == "kemenperin"
    late = {one.cell.institution for one in found.positions if one.timing and one.timing.late}
    assert late == ({"kemenperin"} if timing.late else set())


def test_an_institution_that_is_done_is_not_late_whatever_time_passes(small_world: World) -> None:
    world = small_world
    id = world.issued(supporting=[])
    world.finish("kemhan", world.follow_up(id, "kemhan"))
    world.wait_until(world.at(date(2026, 6, 1)))
    found = row(world)
    assert (found.timing, found.latest, found.done, found.total) == (None, None, 1, 1)


def test_a_draft_has_no_position_yet(small_world: World) -> None:
    small_world.propose()
    found = row(small_world)
    assert (found.positions, found.done, found.total, found.timing) == ([], 0, 0, None)


# --- narrowing ----------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["kemhan", "kemhan-head", "owner", "admin"])
def test_the_list_of_all_is_for_those_who_oversee(small_world: World, who: str) -> None:
    with small_world.service.reading() as connection, pytest.raises(Forbidden):
        recommendations.page(connection, small_world.person(who), small_world.clock.now)


@pytest.mark.parametrize(
    ("wanted", "field"), [({"status": "plan"}, "status"), ({"priority": "low"}, "priority")]
)
def test_a_filter_that_is_not_offered_is_refused_by_its_field(
    small_world: World, wanted: dict[str, Any], field: str
) -> None:
    with small_world.service.reading() as connection, pytest.raises(BadInput) as refused:
        recommendations.page(
            connection,
            small_world.person("asdep"),
            small_world.clock.now,
            recommendation_lists.Wanted(**wanted),
        )
    assert set(refused.value.fields) == {field}


def test_each_state_and_priority_narrows_to_itself(small_world: World) -> None:
    world = small_world
    ids = {"issued": world.issued(priority="high"), "draft": world.propose()}
    with world.service.reading() as connection:

        def found(**wanted: Any) -> list[UUID]:
            narrowed = recommendation_lists.Wanted(**wanted)
            asking, now = world.person("asdep"), world.clock.now
            page = recommendations.page(connection, asking, now, narrowed)
            return [one.id for one in page.items]

        for state in RecommendationState:
            assert found(status=state) == [id for name, id in ids.items() if name == state]
        assert [found(priority=one) for one in PRIORITIES] == [[ids["draft"]], [ids["issued"]]]


# --- follow-ups in their list -------------------------------------------------------------------


def times(world: World, **wanted: Any) -> dict[str, int]:
    """How many follow-ups each word of time narrows the list to."""
    with world.service.reading() as connection:
        return {
            time: len(
                follow_up_list.page(
                    connection, world.person("asdep"), Wanted(time=time, **wanted),
                    world.clock.now,
                ).items
            )
            for time in follow_up_list.TIMES
        }  # fmt: skip


@pytest.mark.parametrize(
    ("day", "time"),
    [
        (date(2026, 1, 13), "on_time"),
        (date(2026, 1, 14), "soon"),
        (date(2026, 1, 20), "soon"),
        (date(2026, 1, 21), "late"),
    ],
)
def test_work_due_within_three_working_days_is_due_soon(
    small_world: World, day: date, time: str
) -> None:
    world = small_world
    case = world.follow_up(world.issued(supporting=[]), "kemhan")
    world.do("kemhan", "acknowledge", case, **ACCEPTED)
    world.wait_until(world.at(day))
    found = times(world)
    assert found == {"late": 0, "soon": 0, "on_time": 0, "open": 1, "ended": 0} | {time: 1}, (
        "the plan is due on Tuesday 20 January; the 16th is a holiday"
    )


def test_what_has_ended_is_neither_late_nor_in_time(small_world: World) -> None:
    world = small_world
    world.finish("kemhan", world.follow_up(world.issued(supporting=[]), "kemhan"))
    world.wait_until(world.at(date(2026, 6, 1)))
    assert times(world) == {"late": 0, "soon": 0, "on_time": 0, "open": 0, "ended": 1}


def test_a_request_for_more_time_that_waits_too_long_makes_no_case_late(
    small_world: World,
) -> None:
    from processes.cases.follow_up import follow_up_acts

    world = small_world
    case = world.follow_up(world.issued(supporting=[]), "kemhan")
    world.do("kemhan", "acknowledge", case, **ACCEPTED)
    follow_up_acts.request_extension(
        world.service, world.person("kemhan"), case, deadline=date(2026, 6, 30),
        reason="Tender.", letter_number="P-1",
    )  # fmt: skip
    world.run()
    world.wait_until(world.at(date(2026, 1, 13)))
    assert times(world) == {"late": 0, "soon": 0, "on_time": 1, "open": 1, "ended": 0}


def test_a_list_says_which_institutions_and_recommendations_it_can_be_narrowed_to(
    small_world: World,
) -> None:
    world = small_world
    first, second = world.issued(), world.issued(supporting=["kemenkeu"])
    with world.service.reading() as connection:
        everything = follow_up_list.choices(connection, world.person("asdep"))
        own = follow_up_list.choices(connection, world.person("kemenkeu"))
    assert [code for code, _ in everything.institutions] == ["kemenkeu", "kemenperin", "kemhan"]
    assert [id for id, _, _ in everything.recommendations] == [second, first]
    assert own.institutions == [("kemenkeu", "Kemenkeu")]
    assert [number for _, number, _ in own.recommendations] == ["REK-2026-0002"]


def test_a_row_tells_who_has_its_work_and_where_it_stands(small_world: World) -> None:
    from processes.work import tasks

    world = small_world
    case = world.follow_up(world.issued(supporting=[]), "kemhan")

    def only() -> follow_up_list.FollowUpRow:
        with world.service.reading() as connection:
            [found] = follow_up_list.page(
                connection, world.person("asdep"), Wanted(), world.clock.now
            ).items
        return found

    offered = only()
    assert (offered.holder, offered.timing) == ("", Timing(-3, "before"))
    assert offered.listed.cell.status is Stage.ACKNOWLEDGE
    tasks.claim(world.service, world.person("kemhan"), world.task(case, "acknowledge").id)
    assert only().holder == "Kemhan"
    world.finish("kemhan", case)
    ended = only()
    assert (ended.task, ended.timing, ended.holder) == (None, None, "")


# --- in full ------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["kemenkeu", "owner", "admin"])
def test_a_recommendation_to_others_is_not_there(small_world: World, who: str) -> None:
    id = small_world.issued()
    with pytest.raises(NotFound):
        detail(small_world, id, who)
    with pytest.raises(NotFound):
        detail(small_world, uuid4())


def test_an_institution_sees_its_own_task_among_the_comments_asked_for(
    small_world: World,
) -> None:
    world = small_world
    id = world.propose()
    world.register(id)
    own, inside = detail(world, id, "kemhan"), detail(world, id)
    assert [one.candidate_groups for one in own.tasks] == [["institution:kemhan"]]
    assert own.mine is not None
    assert own.mine.id == own.tasks[0].id
    assert (len(inside.tasks), inside.mine) == (2, None), "whoever oversees does not answer"


def test_the_refusal_of_a_draft_stands_until_it_is_approved(small_world: World) -> None:
    world = small_world
    id = world.propose()
    world.register(id, supporting=[])
    world.comment("kemhan", id, stance="agree")
    for approved in ("no", "yes"):
        world.finalise(id, final_text="Naik.", responses=[])
        assert (detail(world, id).refusal is None) == (approved == "no")
        world.do("asdep", "approve", id, approved=approved, notes="Terlalu umum.")
        refusal = detail(world, id).refusal
        assert (refusal.reason if refusal else None) == (
            "Terlalu umum." if approved == "no" else None
        )
    assert detail(world, id).text == "Naik."


def test_what_the_ministry_decides_within_itself_is_told_to_no_institution(
    small_world: World,
) -> None:
    id = small_world.issued()
    assert [one.kind for one in detail(small_world, id).decisions] == ["issue"]
    assert detail(small_world, id, "kemhan").decisions == []


def test_a_proposal_to_withdraw_waits_once_and_is_no_business_of_the_institutions(
    small_world: World,
) -> None:
    world = small_world
    id = world.issued()
    recommendations.propose_withdrawal(world.service, world.person("asdep"), id, "Dicabut.")
    world.run()
    pending = detail(world, id).pending_withdrawal
    assert pending is not None
    assert (pending.proposed_by, pending.proposed_reason) == ("asdep", "Dicabut.")
    assert detail(world, id, "kemhan").pending_withdrawal is None
    world.do("asdep", "decide_withdrawal", id, withdraw="no", reason="Tetap.")
    assert detail(world, id).pending_withdrawal is None
