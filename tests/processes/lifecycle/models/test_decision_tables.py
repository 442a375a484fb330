"""The decisions of the shipped tables: the recipients and times of escalations, and the end of a
recommendation.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from lxml import etree

from engine.decisions import DecisionTable, ladder_problems, read_decisions
from tests.processes.lifecycle.models.drawn import KEYS, PROCESSES, Drawn

RANKS = ["holder", "contact", "institution_head", "asdep", "deputi", "menko"]
LEVELS = ["Pengingat", "PIC & pimpinan K/L", "Asdep", "Deputi", "Menko"]
"""Names of the levels 0 to 4, as the screens colour them."""


def table_in(path: Path) -> DecisionTable:
    [table] = read_decisions(path.read_bytes(), path.name)
    return table


ESCALATION = table_in(PROCESSES / "lifecycle" / "escalation.dmn")
ROLLUP = table_in(PROCESSES / "recommendation" / "rollup.dmn")


@dataclass(frozen=True)
class Look:
    """What the ladder answers on a working day relative to the deadline."""

    day: int
    level: int
    level_name: str
    recipients: list[str]
    channel: str
    next_look: int | None


def look(stage: str, day: int, priority: str = "normal") -> Look:
    row = ESCALATION.single({"stage": stage, "priority": priority, "overdue": day}, {})
    assert row is not None, f"no row for {stage} on day {day}"
    return Look(day=day, **row)


def climb(stage: str, priority: str = "normal", born: int = -30) -> list[Look]:
    """What people are told of a task that stays open for two months, look by look."""
    told, next_look = [], look(stage, born, priority).next_look
    while next_look is not None and next_look < 45:
        told.append(look(stage, next_look, priority))
        next_look = told[-1].next_look
    return told


def stages(lane: str) -> list[str]:
    """Ids of the human tasks in a lane of either process."""
    drawings = map(Drawn, KEYS)
    return [
        t.get("id") for d in drawings for t in d.human_tasks() if d.lane_of(t.get("id")) == lane
    ]


ALL = [stage for lane in ("institution", "coordinator", "supervisor") for stage in stages(lane)]


RELEASES = ["release_report", "release_progress"]
"""Tasks of an institution's head, of which those who wrote are told too."""


def days(told: list[Look]) -> list[int]:
    return [rung.day for rung in told]


def names(told: list[Look]) -> list[str]:
    return [rung.level_name for rung in told]


def test_a_late_report_climbs_from_reminder_to_minister() -> None:
    told = climb("report")
    assert days(told)[:6] == [-3, 1, 3, 7, 14, 19]
    assert names(told)[:6] == [*LEVELS, "Menko"]


def test_a_report_of_high_priority_climbs_faster_than_another() -> None:
    told = climb("report", "high")
    assert days(told)[:6] == [-5, 1, 2, 4, 7, 10]
    assert names(told)[:6] == [*LEVELS, "Menko"]


def test_a_late_report_on_progress_climbs_to_the_deputy_and_spares_the_heads_until_it_is_late() -> (
    None
):
    told = climb("progress_report")
    assert days(told)[:6] == [-3, 1, 3, 7, 12, 17]
    assert names(told)[:5] == [*LEVELS[:4], "Deputi"]
    assert next(rung.day for rung in told if "institution_head" in rung.recipients) == 1


@pytest.mark.parametrize("stage", RELEASES)
def test_a_head_gets_digests_of_a_late_release_and_no_minister_does(stage: str) -> None:
    told = climb(stage)
    assert days(told)[:4] == [-2, 1, 7, 12]
    assert names(told)[:3] == ["Pengingat", "Asdep", "Deputi"]
    assert {rung.channel for rung in told} == {"digest"}
    assert not any("menko" in rung.recipients for rung in told)


@pytest.mark.parametrize("priority", ["normal", "high"])
def test_an_acknowledgement_due_in_three_days_is_still_reminded_of(priority: str) -> None:
    told = climb("acknowledge", priority, born=-3)
    assert days(told)[:2] == [-1, 1]
    assert names(told)[:2] == LEVELS[:2]


@pytest.mark.parametrize("stage", stages("coordinator"))
def test_a_coordinators_lateness_goes_to_their_own_superiors_and_to_no_institution(
    stage: str,
) -> None:
    told = climb(stage)
    assert days(told)[:4] == [-2, 1, 5, 10]
    assert names(told)[:4] == ["Pengingat", "Asdep", "Deputi", "Deputi"]
    assert not any("institution_head" in rung.recipients for rung in told)
    assert not any(rung.channel == "letter" for rung in told)


@pytest.mark.parametrize("stage", stages("supervisor"))
def test_a_supervisors_lateness_goes_over_their_head(stage: str) -> None:
    told = climb(stage, born=-3)
    assert days(told)[:4] == [-1, 1, 5, 10]
    assert names(told)[:4] == ["Pengingat", "Deputi", "Menko", "Menko"]
    assert not any(rung.channel == "letter" for rung in told)


@pytest.mark.parametrize("priority", ["normal", "high"])
@pytest.mark.parametrize("stage", ALL)
def test_whatever_the_task_the_ladder_only_climbs(stage: str, priority: str) -> None:
    told = climb(stage, priority)
    reminded = ["holder", "contact"] if stage in RELEASES else ["holder"]
    assert (told[0].level_name, told[0].recipients) == ("Pengingat", reminded)
    for lower, higher in pairwise(told):
        assert lower.day < higher.day
        assert lower.level <= higher.level


@pytest.mark.parametrize("priority", ["normal", "high"])
@pytest.mark.parametrize("stage", ALL)
def test_every_day_has_an_answer_whose_words_the_product_knows(stage: str, priority: str) -> None:
    for day in range(-60, 200):
        found = look(stage, day, priority)
        assert [role for role in RANKS if role in found.recipients] == found.recipients
        assert found.channel in ("none", "inbox", "digest", "letter")
        assert (found.channel == "none") == (found.recipients == [])
        assert found.level_name == (LEVELS[found.level] if found.recipients else "")


def test_a_letter_is_drafted_only_once_a_leader_of_the_ministry_is_among_the_readers() -> None:
    """Between institutions an escalation is a letter between equals, signed by a leader."""
    for rung in climb("report") + climb("implement", "high"):
        leaders = {"asdep", "deputi", "menko"} & set(rung.recipients)
        assert (rung.channel == "letter") == bool(leaders)


def test_the_engine_finds_no_rung_that_leads_back() -> None:
    assert ladder_problems(ESCALATION) == []


def test_the_table_names_only_tasks_that_exist() -> None:
    entries = etree.parse(str(PROCESSES / "lifecycle" / "escalation.dmn")).iter("{*}inputEntry")
    cells = [entry[0].text or "" for entry in entries if entry.get("id").endswith("_stage")]
    named = {stage.strip(' "') for cell in cells for stage in cell.split(",")} - {""}
    # Cases of a version before still hold the minutes in the recommendation itself.
    assert named - {"meeting"} < set(ALL)


@pytest.mark.parametrize(
    ("rule", "percent", "lead_closed", "closed_percent", "complete"),
    [
        ("lead", 100, True, 34, True),
        ("lead", 100, False, 67, False),
        ("all", 100, True, 99, False),
        ("percent", 60, False, 60, True),
        ("percent", 60, True, 59, False),
    ],
)
def test_a_recommendation_is_complete_by_its_own_rule(
    rule: str, percent: int, lead_closed: bool, closed_percent: int, complete: bool
) -> None:
    counted = {
        "rule": rule,
        "percent": percent,
        "lead_closed": lead_closed,
        "closed_percent": closed_percent,
        "all_closed": False,
    }
    row = ROLLUP.single({"rollup_input": counted}, {})
    assert row == {"complete": complete, "status": "complete" if complete else "underway"}


@pytest.mark.parametrize("rule", ["lead", "all", "percent"])
def test_when_everybody_is_closed_every_rule_is_satisfied(rule: str) -> None:
    counted = {"rule": rule, "percent": 100, "lead_closed": True, "closed_percent": 100}
    row = ROLLUP.single({"rollup_input": counted | {"all_closed": True}}, {})
    assert row is not None and row["complete"] is True
