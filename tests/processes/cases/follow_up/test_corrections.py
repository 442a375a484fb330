"""A plan that is revised, and which corrections a case allows."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from engine.sentences.errors import BadInput, Conflict, Forbidden, NotFound
from processes.acts.reading import opened
from processes.cases.follow_up import corrections, follow_up_models, follow_ups
from processes.cases.follow_up.follow_ups import Detail
from tests.processes.stories.world import ACCEPTED, PLAN, World

REVISED: dict[str, Any] = {
    "unit": "Ditjen Kuathan",
    "activities": [
        {"activity": "Susun peta jalan", "due": "2026-05-31"},
        {"activity": "Uji coba", "target": "2 lokasi"},
    ],
    "reason": "Anggaran baru turun pada Mei.",
}


def revise(world: World, case: UUID, who: str = "kemhan", **changes: Any) -> None:
    answers = {**REVISED, **changes}
    corrections.revise_plan(world.service, world.person(who), case, answers)


def planned(world: World) -> UUID:
    case = world.follow_up(world.issued(), "kemhan")
    world.do("kemhan", "acknowledge", case, **ACCEPTED)
    world.do("kemhan", "plan", case, **PLAN)
    return case


def detail(world: World, case: UUID, who: str = "coordinator") -> Detail:
    with world.service.reading() as connection:
        return follow_ups.detail(connection, world.person(who), case, world.clock.now)


def allowed(world: World, case: UUID) -> set[str]:
    with opened(world.service, world.person("kemhan")) as at:
        found = follow_ups.detail(at.connection, at.scope, case, at.now)
        version = follow_up_models.version_of(at, found.case)
        refusals = corrections.refusals(found, version)
    return {act for act, refusal in refusals.items() if refusal is None}


def test_a_revised_plan_counts_and_the_version_before_can_be_read_with_who_when_and_why(
    world: World,
) -> None:
    case = planned(world)
    waiting = world.task(case, "implement")
    revise(world, case)
    found = detail(world, case)
    assert [one.activity for one in found.plan] == ["Susun peta jalan", "Uji coba"]
    assert {(one.version, one.by, one.reason) for one in found.plan} == {
        (2, "kemhan", "Anggaran baru turun pada Mei.")
    }
    [[before]] = found.earlier_plans
    assert (before.version, before.due, before.reason) == (1, "2026-03-31", None)
    assert world.task(case, "implement") == waiting, "no token moved"
    [told, first] = [one for one in found.timeline if "Action plan" in str(one.sentence)]
    assert (str(told.sentence), told.by) == ("Action plan, version 2", "kemhan")
    assert (told.text, first.text) == ("Anggaran baru turun pada Mei.", None)


def test_every_version_is_kept_the_latest_first(small_world: World) -> None:
    world = small_world
    case = planned(world)
    revise(world, case)
    revise(world, case, who="kemhan-head", reason="Uji coba ditunda.")
    found = detail(world, case)
    assert [version[0].version for version in found.earlier_plans] == [2, 1]
    assert (found.plan[0].version, found.plan[0].by) == (3, "kemhan-head")


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"reason": " "}, {"reason"}),
        ({"unit": ""}, {"unit"}),
        ({"activities": []}, {"activities"}),
        ({"activities": [{"target": "1"}]}, {"activities[0].activity"}),
        ({"activities": [{"activity": "A", "due": "31/02/2026"}]}, {"activities[0].due"}),
    ],
)
def test_a_revision_is_judged_as_a_plan_is_and_needs_its_reason(
    small_world: World, changes: dict[str, Any], fields: set[str]
) -> None:
    world = small_world
    case = planned(world)
    with pytest.raises(BadInput) as refused:
        revise(world, case, **changes)
    assert set(refused.value.fields) == fields
    assert [one.version for one in detail(world, case).plan] == [1]


def test_only_the_institution_itself_revises_its_plan(small_world: World) -> None:
    world = small_world
    case = planned(world)
    with pytest.raises(Forbidden):
        revise(world, case, who="coordinator")
    with pytest.raises(NotFound):
        revise(world, case, who="kemenperin")


def test_a_plan_is_revised_while_it_is_in_force_and_no_longer(small_world: World) -> None:
    world = small_world
    case = world.follow_up(world.issued(), "kemhan")
    with pytest.raises(Conflict, match="There is no action plan yet"):
        revise(world, case)
    assert allowed(world, case) == set()
    world.do("kemhan", "acknowledge", case, **ACCEPTED)
    with pytest.raises(Conflict, match="is a task now"):
        revise(world, case)
    world.do("kemhan", "plan", case, **PLAN)
    assert allowed(world, case) == {"revise_plan"}
    world.do("kemhan", "implement", case, percent=100, narrative="Selesai.", done="yes")
    assert allowed(world, case) == {"revise_plan"}
    world.hand_in("kemhan", case)
    assert allowed(world, case) == {"revise_plan", "replace_report"}
    revise(world, case)
    world.evaluate(case, "not_followed_up", notes="Susun lagi.")
    with pytest.raises(Conflict, match="is a task now"):
        revise(world, case)
    assert allowed(world, case) == set()
    world.do("kemhan", "plan", case, **PLAN)
    world.do("kemhan", "implement", case, percent=100, narrative="Selesai.", done="yes")
    world.hand_in("kemhan", case)
    world.evaluate(case, "conforms")
    with pytest.raises(Conflict, match="has ended"):
        revise(world, case)


def test_who_may_not_read_the_report_takes_none_back_and_is_told_when_it_was_evaluated(
    small_world: World,
) -> None:
    world = small_world
    case = planned(world)
    world.do("kemhan", "implement", case, percent=100, narrative="Selesai.", done="yes")
    world.hand_in("kemhan", case, classification="secret")
    assert allowed(world, case) == {"revise_plan", "replace_report"}
    world.lower_clearance("kemhan", "ordinary")
    assert allowed(world, case) == {"revise_plan"}
    with pytest.raises(Conflict, match="above your clearance"):
        corrections.replace_report(world.service, world.person("kemhan"), case, "Keliru.")
    world.evaluate(case, "not_yet_conforms", notes="K.", rework_deadline="2026-03-02")
    with pytest.raises(Conflict, match="No report is handed in yet"):
        corrections.replace_report(world.service, world.person("kemhan"), case, "Keliru.")


def test_a_running_case_of_a_version_without_the_message_says_so(small_world: World) -> None:
    """Running cases finish on their version of the model."""
    world = small_world
    engine = world.service.engine
    [newest] = [one for one in engine.versions() if one.key == "follow_up"]
    files = {
        name: content.replace(b'attachedToRef="evaluate">\n      <bpmn:outgoing>report_replaced',
                              b'attachedToRef="report">\n      <bpmn:outgoing>report_replaced')
        for name, content in engine.files(newest.id).items()
    }  # fmt: skip
    files["follow_up.bpmn"] = (
        files["follow_up.bpmn"]
        .replace(b'name="report_replaced"', b'name="extension_requested"')
        .replace(
            b'messageRef="message_report_replaced"', b'messageRef="message_extension_requested"'
        )
    )
    engine.deploy(files, "owner")
    case = planned(world)
    world.do("kemhan", "implement", case, percent=100, narrative="Selesai.", done="yes")
    world.hand_in("kemhan", case)
    with pytest.raises(Conflict, match="earlier version of the process"):
        corrections.replace_report(world.service, world.person("kemhan"), case, "Keliru.")
    assert "replace_report" not in allowed(world, case)
