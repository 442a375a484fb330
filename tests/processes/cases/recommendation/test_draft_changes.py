"""What has changed in a draft since the last round of comments, as its readers are told."""

from __future__ import annotations

from typing import Any

import pytest

from processes.cases.recommendation.draft_changes import FIELDS, DraftChanges, RoleChange, compared
from processes.storage.cases.draft_rounds import DRAFTED, content_of
from tests.processes.lifecycle.conftest import TODAY, Desk

DRAFT: dict[str, Any] = {
    "title": "Industri", "text": "Percepat.", "expected_outcome": None, "source_meeting": None,
    "source_date": None, "legal_basis": None, "rpjmn_reference": None, "priority": "normal",
    "classification": "ordinary", "deadline": "2026-04-30", "deadline_kind": "date",
    "deadline_days": None, "cycle": "month", "rollup_rule": "all", "rollup_percent": None,
    "institutions": {"kemhan": "lead", "kemenperin": "supporting"},
}  # fmt: skip


def changes(before: dict[str, Any] | None = None, **now: Any) -> DraftChanges:
    was = {**DRAFT, **(before or {})}
    return compared(2, was, {**was, **now})


def test_a_draft_that_stayed_as_it_was_has_no_changes() -> None:
    found = changes()
    assert (found.round, found.fields, found.roles) == (2, [], [])


@pytest.mark.parametrize("name", [name for name in FIELDS if name != "deadline"])
def test_each_field_is_told_with_what_it_was_and_is(name: str) -> None:
    [change] = changes(**{name: "baru"}).fields
    assert (change.name, change.label) == (name, FIELDS[name])
    assert (change.before[name], change.now[name]) == (DRAFT[name], "baru")


def test_every_field_of_a_draft_is_compared_by_itself_or_with_another() -> None:
    together = {"deadline_kind", "deadline_days", "rollup_percent"}
    assert {*DRAFTED, "text"} == {*FIELDS, *together}


def test_changes_stand_in_the_order_of_the_page() -> None:
    found = changes(cycle="quarter", title="Baru", priority="high").fields
    assert [one.name for one in found] == ["title", "priority", "cycle"]


def test_a_moved_date_is_told_with_how_it_was_given() -> None:
    [change] = changes(deadline="2026-06-30").fields
    assert change.before == {
        "deadline": "2026-04-30", "deadline_kind": "date", "deadline_days": None,
    }  # fmt: skip
    assert change.now["deadline"] == "2026-06-30"


def test_a_deadline_in_days_is_the_same_on_whatever_day_it_was_counted() -> None:
    days = {"deadline_kind": "days", "deadline_days": 30, "deadline": "2026-04-30"}
    assert changes(days, deadline="2026-05-07").fields == []
    assert [one.name for one in changes(days, deadline_days=31).fields] == ["deadline"]
    kinds = changes(days, deadline_kind="working_days").fields
    assert [one.name for one in kinds] == ["deadline"], "working days are other days"


def test_a_date_in_place_of_days_is_a_change_though_it_is_the_same_day() -> None:
    days = {"deadline_kind": "days", "deadline_days": 30}
    [change] = changes(days, deadline_kind="date", deadline_days=None).fields
    assert (change.before["deadline_days"], change.now["deadline_days"]) == (30, None)


def test_a_changed_share_is_told_with_its_rule() -> None:
    share = {"rollup_rule": "percent", "rollup_percent": 50}
    [change] = changes(share, rollup_percent=75).fields
    assert change.name == "rollup_rule"
    assert change.now == {"rollup_rule": "percent", "rollup_percent": 75}


@pytest.mark.parametrize(
    ("institutions", "roles"),
    [
        ({"kemhan": "lead"}, [RoleChange("kemenperin", "supporting", None)]),
        (
            {"kemhan": "lead", "kemenperin": "supporting", "tni": "information"},
            [RoleChange("tni", None, "information")],
        ),
        (
            {"kemhan": "supporting", "kemenperin": "lead"},
            [
                RoleChange("kemhan", "lead", "supporting"),
                RoleChange("kemenperin", "supporting", "lead"),
            ],
        ),
        ({"kemenperin": "supporting", "kemhan": "lead"}, []),
    ],
)
def test_institutions_are_told_that_came_went_or_have_another_role(
    institutions: dict[str, str], roles: list[RoleChange]
) -> None:
    found = changes(institutions=institutions)
    assert (found.roles, found.fields) == (roles, [])


def test_who_came_stands_before_who_went() -> None:
    found = changes(institutions={"tni": "lead"})
    assert [one.institution for one in found.roles] == ["tni", "kemhan", "kemenperin"]


# --- what a draft is compared as ----------------------------------------------------------------


def test_a_draft_is_compared_by_its_final_text_once_it_has_one(whole: Desk) -> None:
    whole.change(text="Rancangan", final_text=None)
    assert content_of(whole.recommendation, {})["text"] == "Rancangan"
    whole.change(final_text="Teks akhir")
    assert content_of(whole.recommendation, {})["text"] == "Teks akhir"


def test_what_is_kept_of_a_draft_equals_what_is_read_again(whole: Desk) -> None:
    """A date is kept as text: else the draft itself would differ from what was kept of it."""
    whole.change(source_date=TODAY, deadline=TODAY)
    kept = content_of(whole.recommendation, {"kemhan": "lead"})
    assert (kept["source_date"], kept["deadline"]) == (TODAY.isoformat(), TODAY.isoformat())
    assert kept["institutions"] == {"kemhan": "lead"}
    assert compared(1, kept, content_of(whole.recommendation, {"kemhan": "lead"})).fields == []
