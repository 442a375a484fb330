"""What the tasks of a recommendation start with, and whom sending it out would reach."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from processes.cases.recommendation import recommendation_case, recommendation_tasks
from processes.cases.recommendation.recommendation_case import Draft
from processes.cases.recommendation.recommendation_tasks import Recipients
from tests.processes.stories.world import REGISTRATION, World


def draft(world: World, id: UUID) -> Draft:
    with world.service.reading() as connection:
        return recommendation_case.draft(connection, world.person("coordinator"), id)


def commented(world: World, **kemenperin: Any) -> UUID:
    """Kemhan agrees; Kemenperin says something else."""
    id = world.propose()
    world.register(id)
    world.comment("kemhan", id, stance="agree")
    world.comment("kemenperin", id, **kemenperin)
    return id


def test_only_comments_that_asked_for_something_want_an_answer(small_world: World) -> None:
    id = commented(small_world, stance="agree_with_notes", notes="Sebut TKDN.")
    begun = recommendation_tasks.finalising(draft(small_world, id))
    assert begun["responses"] == [{"institution": "kemenperin", "accepted": None, "reason": ""}]
    assert begun["final_text"] == "Percepat kapasitas industri strategis nasional."


@pytest.mark.parametrize("accepted", ["yes", "no"])
def test_after_a_refusal_the_answers_and_the_text_given_before_stand_there(
    small_world: World, accepted: str
) -> None:
    world = small_world
    id = commented(world, stance="disagree", notes="Terlalu cepat.")
    answer = {"institution": "kemenperin", "accepted": accepted, "reason": "Sudah dibahas."}
    world.finalise(id, final_text="Naik bertahap.", responses=[answer])
    world.do("asdep", "approve", id, approved="no", notes="Terlalu umum.")
    begun = recommendation_tasks.finalising(draft(world, id))
    assert (begun["responses"], begun["final_text"]) == ([answer], "Naik bertahap.")


def test_finalising_begins_with_the_whole_draft_so_that_all_of_it_can_change(
    small_world: World,
) -> None:
    id = commented(small_world, stance="agree")
    begun = recommendation_tasks.finalising(draft(small_world, id))
    kept = {name: value for name, value in REGISTRATION.items() if name != "text"}
    del kept["comment_deadline"]
    assert {name: begun.get(name) for name in kept} == kept
    assert "comment_deadline" not in begun, "a new round needs a new date"


# --- recipients ---------------------------------------------------------------------------------


def recipients(world: World, id: UUID, **answers: Any) -> Recipients:
    found = draft(world, id)
    with world.service.reading() as connection:
        return recommendation_tasks.recipients(connection, found, answers)


def registered(world: World, **addressed: Any) -> UUID:
    id = world.propose()
    world.register(id, **addressed)
    return id


def test_a_letter_is_owed_by_some_and_a_copy_for_others(small_world: World) -> None:
    id = registered(small_world, supporting=["tni"], information=["brin", "kemendag"])
    found = recipients(small_world, id)
    assert sorted(found.owing) == [("Kemhan", "lead"), ("Mabes TNI", "supporting")]
    assert sorted(found.informed) == ["BRIN", "Kemendag"]


def test_who_is_only_informed_needs_no_account(small_world: World) -> None:
    found = recipients(small_world, registered(small_world, information=["brin"]))
    assert (found.unserved, found.wrong) == ([], {})


def test_a_letter_that_nobody_would_receive_goes_out_only_when_that_is_ticked(
    small_world: World,
) -> None:
    id = registered(small_world, supporting=["polri", "bappenas"])
    found = recipients(small_world, id)
    assert found.unserved == ["Kementerian PPN/Bappenas", "Polri"]
    assert set(found.wrong) == {"proceed_without_users"}
    assert "Kementerian PPN/Bappenas, Polri" in str(found.wrong["proceed_without_users"])
    assert recipients(small_world, id, proceed_without_users=True).wrong == {}


@pytest.mark.parametrize("ticked", [False, None, "", "no", "true"])
def test_anything_but_a_tick_is_none(small_world: World, ticked: object) -> None:
    id = registered(small_world, supporting=["polri"])
    assert not recipients(small_world, id, proceed_without_users=ticked).accepted


def test_nobody_serves_an_institution_whose_only_contact_has_left(small_world: World) -> None:
    from processes.people import leaving
    from processes.rights.access import operator

    world = small_world
    id = registered(world)
    world.wait_until(world.at(date(2026, 1, 6)))
    leaving.close_account(world.service, operator(), world.person("kemenperin").user_id)
    assert recipients(world, id).unserved == ["Kemenperin"]
