"""States are defined once: moves, words and constraints come from one table."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from sqlalchemy import CheckConstraint, Table

from engine.ports.handlers import Refusal
from processes.register import states
from processes.register.states import (
    ENDED,
    MOVES,
    RECOMMENDATION_ENDED,
    RECOMMENDATION_MOVES,
    RECOMMENDATION_RUNNING,
    RUNNING,
    Deed,
    ExtensionDecision,
    MailState,
    Marked,
    RecommendationDeed,
    RecommendationState,
    Reply,
    RequestState,
    Response,
    Stage,
    VerdictKind,
    moved,
    recommendation_moved,
)
from processes.storage.cases.past import follow_up_past, recommendation_past
from processes.storage.people.approvals import approval
from processes.storage.tables.follow_ups import exchange, extension, follow_up
from processes.storage.tables.notices import mail
from processes.storage.tables.recommendations import recommendation

ROOT = Path(__file__).parents[3]
ACTS = (*Response, *Reply, *VerdictKind, *Deed)


def test_every_act_leads_somewhere_and_to_one_stage_only() -> None:
    assert sorted(id(move.act) for move in MOVES) == sorted(id(act) for act in ACTS)
    assert [move.act for move in RECOMMENDATION_MOVES] == list(RecommendationDeed)


def test_acts_of_one_value_are_told_apart() -> None:
    assert Response.ACCEPTED == Reply.ACCEPTED
    assert moved(Stage.ACKNOWLEDGE, Response.ACCEPTED) is Stage.PLAN
    assert moved(Stage.DISAGREEMENT, Reply.ACCEPTED) is Stage.DECIDE


@pytest.mark.parametrize("stage", ENDED)
@pytest.mark.parametrize("act", ACTS)
def test_after_its_end_nothing_moves_a_follow_up(act: states.FollowUpAct, stage: Stage) -> None:
    with pytest.raises(Refusal, match=re.escape(str(stage.sentence))):
        moved(stage, act)


@pytest.mark.parametrize("state", RECOMMENDATION_ENDED)
@pytest.mark.parametrize("deed", RecommendationDeed)
def test_after_its_end_nothing_moves_a_recommendation(
    deed: RecommendationDeed, state: RecommendationState
) -> None:
    with pytest.raises(Refusal, match=re.escape(str(state.sentence))):
        recommendation_moved(state, deed)


def test_an_owner_may_draw_the_acts_in_another_order() -> None:
    for move in MOVES:
        assert {moved(stage, move.act) for stage in RUNNING} == {move.to}
    for whole in RECOMMENDATION_MOVES:
        assert {recommendation_moved(one, whole.act) for one in RECOMMENDATION_RUNNING} == {
            whole.to
        }


def test_as_it_is_drawn_every_stage_is_reached_and_left_but_for_its_ends() -> None:
    assert {move.to for move in MOVES} == set(Stage)
    assert {stage for move in MOVES for stage in move.drawn} == set(RUNNING)
    reached = {move.to for move in RECOMMENDATION_MOVES} | {RecommendationState.DRAFT}
    assert reached == set(RecommendationState)
    left = {state for move in RECOMMENDATION_MOVES for state in move.drawn}
    assert left == set(RECOMMENDATION_RUNNING)


@pytest.mark.parametrize(
    ("table", "column", "kind"),
    [
        (follow_up, "status", Stage),
        (follow_up_past, "status", Stage),
        (recommendation, "status", RecommendationState),
        (recommendation_past, "status", RecommendationState),
        (exchange, "response", Response),
        (exchange, "result", Reply),
        (extension, "decision", ExtensionDecision),
        (approval, "state", RequestState),
        (mail, "state", MailState),
    ],
)
def test_the_database_lists_the_members_of_the_column(
    table: Table, column: str, kind: Iterable[str]
) -> None:
    listed = ", ".join(f"'{member}'" for member in kind)
    checks = {str(one.sqltext) for one in table.constraints if isinstance(one, CheckConstraint)}
    assert f"{column} in ({listed})" in checks
    assert table.c[column].type.kind is kind


def test_a_state_says_what_it_is_and_how_it_came_about() -> None:
    kinds = [
        one for one in vars(states).values() if isinstance(one, type) and issubclass(one, Marked)
    ]
    members = [member for kind in kinds for member in kind]
    assert len(members) > 40
    for member in members:
        assert member.sentence.template, member
        assert member.in_timeline.template, member
    assert Stage.CLOSED.in_timeline != Stage.CLOSED.sentence


SPOKEN = "|".join([*Stage, *RecommendationState])
BARE = re.compile(
    rf'(?:status|stage|state)\s*(?:=|==|!=|is|in)\s*\(?"(?:{SPOKEN})"|set_stage|\*\*values: object'
)


def test_no_code_of_the_register_writes_or_compares_a_bare_state() -> None:
    found = [
        f"{file.relative_to(ROOT)}: {match[0]}"
        for wing in ("processes", "web")
        for file in (ROOT / wing).rglob("*.py")
        if "migrations" not in file.parts and "node_modules" not in file.parts
        for match in BARE.finditer(file.read_text("utf-8"))
    ]
    assert found == []
