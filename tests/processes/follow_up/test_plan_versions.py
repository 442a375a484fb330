"""The versions of an action plan: when one may be revised, and what a revision keeps."""

from __future__ import annotations

from typing import Any

import pytest

from engine.ports.handlers import Refusal
from processes.follow_up import plans
from processes.lifecycle.form_answers import Answers
from processes.register.states import RUNNING, Stage
from processes.storage.tables.follow_ups import plan
from tests.processes.conftest import NOW
from tests.processes.lifecycle.conftest import Desk

PLAN: dict[str, Any] = {"unit": "Ditjen Pothan", "activities": [{"activity": "Susun peta jalan"}]}


def write(desk: Desk, *, revises: bool = False, **changed: Any) -> None:
    form = Answers({**PLAN, **changed})
    plans.write(desk.connection, desk.id, form, NOW, "rina", revises=revises)


def refused(desk: Desk, *, revises: bool = False, **changed: Any) -> dict[str, str]:
    """What is wrong with a plan, by field; nothing of it is kept."""
    with pytest.raises(Refusal) as refusal:
        write(desk, revises=revises, **changed)
    assert desk.rows(plan) == []
    return {field: sentence.render() for field, sentence in refusal.value.fields.items()}


# --- whether it may be revised ------------------------------------------------------------------


def why_not(desk: Desk, stage: Stage, *, planned: bool = True) -> str:
    desk.change(status=stage)
    found = plans.why_not(desk.follow_up, planned=planned)
    return found.render() if found else ""


@pytest.mark.parametrize("stage", [Stage.CLOSED, Stage.WITHDRAWN, Stage.CARRIED_OVER])
def test_after_the_end_a_plan_stays_as_it_is(stage: Stage, part: Desk) -> None:
    assert why_not(part, stage) == "This follow-up has ended; its action plan stays as it is."


def test_while_the_plan_is_a_task_it_is_written_there(part: Desk) -> None:
    assert why_not(part, Stage.PLAN).startswith("The action plan is a task now")
    assert why_not(part, Stage.PLAN, planned=False).startswith("The action plan is a task now")


@pytest.mark.parametrize("stage", [Stage.ACKNOWLEDGE, Stage.CLARIFICATION, Stage.DISAGREEMENT])
def test_before_a_plan_there_is_none_to_revise(stage: Stage, part: Desk) -> None:
    for planned in (True, False):
        assert why_not(part, stage, planned=planned).startswith("There is no action plan yet")


def test_at_every_other_stage_a_plan_that_exists_can_be_revised(part: Desk) -> None:
    others = set(RUNNING) - {Stage.PLAN, *plans.BEFORE_A_PLAN}
    assert {Stage.IMPLEMENT, Stage.REPORT, Stage.EVALUATE, Stage.DECIDE} <= others
    for stage in others:
        assert why_not(part, stage) == ""
        assert why_not(part, stage, planned=False).startswith("There is no action plan yet")


# --- what is written ----------------------------------------------------------------------------


def test_a_revision_is_the_next_version_with_its_reason_and_the_former_one_stays(
    part: Desk,
) -> None:
    write(part)
    write(part, revises=True, reason="Anggaran berubah.", unit="Ditjen Kuathan")
    first, second = part.rows(plan)
    assert (first["version"], first["reason"], first["responsible_unit"]) == (
        1, None, "Ditjen Pothan",
    )  # fmt: skip
    assert (second["version"], second["reason"], second["responsible_unit"]) == (
        2, "Anggaran berubah.", "Ditjen Kuathan",
    )  # fmt: skip


def test_a_revision_moves_nothing_else_of_the_case(part: Desk) -> None:
    part.change(status="implement")
    before = part.follow_up
    write(part, revises=True, reason="R.")
    assert part.follow_up == before


def test_the_activities_stand_in_the_order_they_were_written(part: Desk) -> None:
    named = ["Cari", "Baca", "Tulis", "Aju"]
    write(part, activities=[{"activity": name} for name in named])
    rows = sorted(part.rows(plan), key=lambda row: int(row["position"]))
    assert [row["position"] for row in rows] == [1, 2, 3, 4]
    assert [row["activity"] for row in rows] == named
    assert {row["version"] for row in rows} == {1}


def test_a_row_left_empty_is_no_activity_and_takes_no_place(part: Desk) -> None:
    rows = [{"activity": "", "due": ""}, {"activity": "Susun"}, {}]
    write(part, activities=rows)
    kept = part.row(plan)
    assert (kept["activity"], kept["position"]) == ("Susun", 1)


def test_a_plan_without_activities_is_none(part: Desk) -> None:
    empty: list[Any] = [[], [{}], [{"activity": "", "unit": ""}], None]
    for nothing in empty:
        found = refused(part, activities=nothing)
        assert found == {"activities": "Please write at least one activity."}


def test_an_activity_with_a_day_but_no_name_is_refused_in_its_row(part: Desk) -> None:
    rows = [{"activity": "Susun"}, {"due": "2026-05-01"}]
    assert set(refused(part, activities=rows)) == {"activities[1].activity"}


def test_all_that_is_wrong_with_a_plan_is_told_at_once(part: Desk) -> None:
    rows = [{"activity": "Susun", "due": "31/02/2026"}]
    found = refused(part, revises=True, unit=" ", activities=rows, reason="")
    assert set(found) == {"unit", "activities[0].due", "reason"}


def test_only_a_revision_says_why(part: Desk) -> None:
    assert set(refused(part, revises=True)) == {"reason"}
    write(part, reason="Tidak ditanya.")
    assert part.row(plan)["reason"] is None, "the first plan revises nothing"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("2026-05-31", "2026-05-31"),
        ("31/05/2026", "2026-05-31"),
        ("triwulan II", "triwulan II"),
        ("", None),
    ],
)
def test_an_activity_is_due_on_a_day_or_in_words(
    written: str, kept: str | None, part: Desk
) -> None:
    write(part, activities=[{"activity": "Susun", "due": written}])
    assert part.row(plan)["due"] == kept
