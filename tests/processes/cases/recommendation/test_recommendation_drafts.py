"""A recommendation before it is registered: what its form would mean, and who can edit it when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from uuid_utils.compat import uuid7

from engine.sentences.errors import Conflict, Forbidden, NotFound
from processes.acts import reading
from processes.cases.recommendation import (
    recommendation_case,
    recommendation_drafts,
    recommendations,
)
from processes.cases.recommendation.recommendation_drafts import Outlook
from processes.recommendation.drafting import LONGEST_DEADLINE_DAYS
from processes.rights.grants import granted
from processes.storage.days import calendars
from processes.storage.days.calendars import NamedDay
from tests.processes.conftest import NOW, Data, person, scope
from tests.processes.stories.world import REGISTRATION, World

TODAY = date(2026, 3, 17)
"""A Tuesday; from Wednesday on it is Nyepi and Lebaran."""


@pytest.fixture
def coordinator(small: Data) -> UUID:
    """Kemhan has a contact, Kemenperin none."""
    person(small, "rina", granted(contact_of="kemhan"))
    return person(small, "ani", granted("coordinator"))


def outlook(data: Data, who: UUID, **answers: Any) -> Outlook:
    asking = scope(data, who)
    with data.reading() as connection:
        return recommendation_drafts.outlook(connection, asking, answers, NOW)


# --- what the dates would mean ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "deadline"),
    [
        ({"deadline_kind": "working_days", "deadline_days": 3}, date(2026, 3, 27)),
        ({"deadline_kind": "working_days", "deadline_days": 1}, date(2026, 3, 25)),
        ({"deadline_kind": "days", "deadline_days": 3}, date(2026, 3, 20)),
        ({"deadline_kind": "date", "deadline_date": "2026-04-30"}, date(2026, 4, 30)),
        ({"deadline_kind": "date", "deadline_date": "30 April"}, None),
        ({"deadline_kind": "date", "deadline_days": 3}, None),
        ({"deadline_kind": "days", "deadline_date": "2026-04-30"}, None),
        ({"deadline_kind": "working_days", "deadline_days": "3"}, None),
        ({"deadline_days": 3}, None),
        ({}, None),
    ],
)
def test_the_deadline_is_found_as_the_form_says(
    small: Data, coordinator: UUID, answers: Mapping[str, Any], deadline: date | None
) -> None:
    assert outlook(small, coordinator, **answers).deadline == deadline


@pytest.mark.parametrize(
    ("days", "counts"),
    [(0, False), (-1, False), (1, True), (LONGEST_DEADLINE_DAYS, True),
     (LONGEST_DEADLINE_DAYS + 1, False)],
)  # fmt: skip
def test_from_one_day_to_ten_years_can_be_counted(
    small: Data, coordinator: UUID, days: int, counts: bool
) -> None:
    found = outlook(small, coordinator, deadline_kind="days", deadline_days=days)
    assert (found.deadline is not None, found.from_today) == (counts, counts)


def test_the_days_on_the_way_to_a_deadline_say_which_of_them_count(
    small: Data, coordinator: UUID
) -> None:
    found = outlook(small, coordinator, deadline_kind="working_days", deadline_days=3)
    assert found.working_days == 3
    assert found.days[-1].day == date(2026, 3, 27)
    assert len(found.days) == 10, "every day after today until the deadline"


def test_to_a_deadline_of_tomorrow_one_day_is_counted(small: Data, coordinator: UUID) -> None:
    answers = {"deadline_kind": "date", "deadline_date": "2026-03-17"}
    asking, monday = scope(small, coordinator), NOW - timedelta(days=1)
    with small.reading() as connection:
        found = recommendation_drafts.outlook(connection, asking, answers, monday)
    assert [one.day for one in found.days] == [TODAY]


@pytest.mark.parametrize("day", ["2026-03-17", "2026-03-16", "2036-03-25"])
def test_no_days_are_counted_to_a_deadline_that_cannot_be_or_lies_very_far(
    small: Data, coordinator: UUID, day: str
) -> None:
    found = outlook(small, coordinator, deadline_kind="date", deadline_date=day)
    assert (found.days, found.working_days) == ([], 0)


@pytest.mark.parametrize(
    ("answers", "fields"),
    [
        ({"deadline_kind": "date", "deadline_date": "2026-03-17"}, {"deadline_date"}),
        ({"deadline_kind": "date", "deadline_date": "2026-03-18"}, set()),
        ({"comment_deadline": "2026-03-17"}, {"comment_deadline"}),
        ({"comment_deadline": "2026-03-18"}, set()),
        ({"comment_deadline": "bukan tanggal"}, set()),
        (
            {"deadline_kind": "days", "deadline_days": 3, "comment_deadline": "2026-03-21"},
            {"comment_deadline"},
        ),
        (
            {"deadline_kind": "days", "deadline_days": 3, "comment_deadline": "2026-03-20"},
            set(),
        ),
    ],
)
def test_dates_that_would_be_refused_are_told_beside_their_field(
    small: Data, coordinator: UUID, answers: Mapping[str, Any], fields: set[str]
) -> None:
    assert set(outlook(small, coordinator, **answers).wrong) == fields


def test_an_institution_with_a_calendar_of_its_own_may_have_another_deadline(
    small: Data, coordinator: UUID
) -> None:
    with small.transaction() as connection:
        off = NamedDay(date(2026, 3, 25), "Hari TNI", "joint_leave", "Keputusan Panglima")
        calendars.put_day(connection, "tni", off, "admin", NOW)
    counted: Mapping[str, Any] = {"deadline_kind": "working_days", "deadline_days": 1}
    asked = {"lead": ["tni"], "supporting": ["kemhan"]}
    found = outlook(small, coordinator, **counted, **asked)
    assert found.deadline == date(2026, 3, 25)
    assert found.others == {"Mabes TNI": date(2026, 3, 26)}
    fixed = {"deadline_kind": "date", "deadline_date": "2026-04-30"}
    assert outlook(small, coordinator, **fixed, **asked).others == {}


# --- whom it would reach ------------------------------------------------------------------------


def test_who_owes_something_and_has_nobody_to_see_it_is_named(
    small: Data, coordinator: UUID
) -> None:
    found = outlook(
        small, coordinator, lead=["kemhan"], supporting=["kemenperin", "atlantis"],
        information=["brin"],
    )  # fmt: skip
    assert found.unserved == ["Kemenperin", "atlantis"], "who is only told owes nothing"


def test_an_outlook_is_for_those_who_may_read_the_institutions(small: Data) -> None:
    rina = person(small, "rina", granted(contact_of="kemhan"))
    with pytest.raises(Forbidden):
        outlook(small, rina, lead=["kemhan"])


# --- beginning ----------------------------------------------------------------------------------


def begin(world: World, id: UUID, who: str = "coordinator") -> UUID:
    return recommendation_drafts.begin(world.service, world.person(who), id)


def test_a_draft_sent_twice_is_begun_once(small_world: World) -> None:
    id = uuid7()
    first = begin(small_world, id)
    assert begin(small_world, id) == first
    assert small_world.waits_for(id) == ["register"]


def test_an_id_that_would_stand_at_a_random_place_of_lists_is_not_taken(
    small_world: World,
) -> None:
    with pytest.raises(NotFound):
        begin(small_world, uuid4())


def test_a_recommendation_that_is_registered_is_not_begun_again(small_world: World) -> None:
    id = small_world.propose()
    small_world.register(id)
    with pytest.raises(Conflict):
        begin(small_world, id)


@pytest.mark.parametrize("who", ["asdep", "owner", "admin", "kemhan"])
def test_only_coordinators_begin_a_recommendation(small_world: World, who: str) -> None:
    with pytest.raises(Forbidden):
        begin(small_world, uuid7(), who)
    with (
        pytest.raises(Forbidden),
        reading.opened(small_world.service, small_world.person(who)) as at,
    ):
        recommendation_drafts.blank_form(at)


def test_the_blank_form_is_that_of_the_released_version_and_offers_every_institution(
    small_world: World,
) -> None:
    with reading.opened(small_world.service, small_world.person("coordinator")) as at:
        form, options = recommendation_drafts.blank_form(at)
    assert {"title", "deadline_kind", "lead", "supporting", "information"} <= set(form.keys)
    assert {"kemhan", "tni", "brin"} <= {code for code, _ in options["institutions"]}


def test_what_was_registered_stands_in_the_form_again_and_empty_fields_do_not(
    small_world: World,
) -> None:
    id = small_world.propose()
    small_world.register(id, source_date="2025-12-09", information=["brin"])
    with small_world.service.reading() as connection:
        draft = recommendation_case.draft(connection, small_world.person("coordinator"), id)
        begun = recommendation_drafts.prefill(draft)
    same = ("title", "text", "priority", "classification", "cycle", "rollup_rule")
    assert {name: begun[name] for name in same} == {name: REGISTRATION[name] for name in same}
    assert begun["source_date"] == "2025-12-09"
    assert (begun["lead"], begun["supporting"], begun["information"]) == (
        ["kemhan"], ["kemenperin"], ["brin"],
    )  # fmt: skip
    assert not {"legal_basis", "rollup_percent", "source_meeting"} & set(begun)


# --- where it can be edited ---------------------------------------------------------------------


def refusal(world: World, id: UUID, who: str = "coordinator") -> str:
    """Why a draft cannot be changed."""
    with world.service.reading() as connection, pytest.raises(Conflict) as refused:
        recommendation_drafts.task_to_edit(connection, world.person(who), id)
    return str(refused.value)


def editing(world: World, id: UUID) -> UUID:
    with world.service.reading() as connection:
        asking = world.person("coordinator")
        return recommendation_drafts.task_to_edit(connection, asking, id)


def test_a_draft_is_edited_in_its_first_task_and_when_the_comments_are_in(
    small_world: World,
) -> None:
    world = small_world
    id = world.propose()
    assert editing(world, id) == world.task(id, "register").id
    world.register(id)
    assert "lies with others now" in refusal(world, id)
    for institution in ("kemhan", "kemenperin"):
        world.comment(institution, id, stance="agree")
    assert editing(world, id) == world.task(id, "finalise").id
    world.finalise(id, final_text="Naik.", responses=[])
    assert "lies with others now" in refusal(world, id)
    world.do("asdep", "approve", id, approved="no", notes="Terlalu umum.")
    assert editing(world, id) == world.task(id, "finalise").id, "it was refused"


def test_what_was_issued_is_not_changed_any_more_and_what_to_do_instead_is_told(
    small_world: World,
) -> None:
    told = refusal(small_world, small_world.issued())
    assert told.startswith("Issued on 2026-01-05")
    assert "withdrawn" in told


def test_a_draft_that_was_withdrawn_stays_as_it_is(small_world: World) -> None:
    world = small_world
    id = world.propose()
    world.register(id)
    recommendations.propose_withdrawal(
        world.service, world.person("coordinator"), id, "Usulan digabung."
    )
    world.run()
    world.do("asdep", "decide_withdrawal", id, withdraw="yes", reason="Setuju.",
             letter_number="C-1/2026")  # fmt: skip
    assert refusal(world, id) == "The draft was withdrawn and is not changed any more."


@pytest.mark.parametrize("who", ["asdep", "kemhan", "owner"])
def test_only_coordinators_are_led_to_the_task(small_world: World, who: str) -> None:
    id = small_world.propose()
    with small_world.service.reading() as connection, pytest.raises(Forbidden):
        recommendation_drafts.task_to_edit(connection, small_world.person(who), id)
