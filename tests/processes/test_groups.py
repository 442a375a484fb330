"""Ended is not done: each follow-up is in exactly one group, and the groups add up."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from typing import Any
from uuid import uuid4

import pytest

from processes.cases.timeline import Facts, timeline
from processes.register.groups import LET_OFF, OUTSTANDING, RULES, Group, group_of
from processes.register.states import ENDED, RUNNING, DecisionKind, Stage, VerdictKind
from processes.register.verdicts import VERDICTS, of_kind
from processes.storage.cases.follow_up_detail import Decision

NOW = datetime(2026, 3, 16, 9, tzinfo=UTC)
STANDINGS = list(product(Stage, (None, *VERDICTS)))
"""Every stage with every verdict, also those that no shipped drawing leads to."""


def of(kind: VerdictKind) -> str:
    """The usual verdict of a kind."""
    return of_kind(kind)[0].value


@pytest.mark.parametrize(("stage", "verdict"), STANDINGS)
def test_every_follow_up_is_in_exactly_one_group(stage: Stage, verdict: str | None) -> None:
    assert len([rule for rule in RULES if rule.holds(stage, verdict)]) == 1
    assert (group_of(stage, verdict) in OUTSTANDING) == (stage not in ENDED)


def test_only_what_was_closed_as_conforming_is_done() -> None:
    done = {(stage, verdict) for stage, verdict in STANDINGS
            if group_of(stage, verdict).role == "done"}  # fmt: skip
    assert done == {(Stage.CLOSED, one.value) for one in of_kind(VerdictKind.CONFORMS)}


def test_a_follow_up_is_open_until_a_verdict_sends_it_back_to_work() -> None:
    for stage in RUNNING:
        assert group_of(stage, None) is Group.OPEN
        assert group_of(stage, of(VerdictKind.RETURNED)) is Group.BACK_AT_WORK
        assert group_of(stage, of(VerdictKind.EMPTY)) is Group.BACK_AT_WORK
        assert group_of(stage, of(VerdictKind.IMPOSSIBLE)) is Group.OPEN, "only proposed"


def test_an_end_without_success_is_counted_by_itself() -> None:
    assert group_of(Stage.CLOSED, of(VerdictKind.IMPOSSIBLE)) is Group.IMPOSSIBLE
    for verdict in (None, *VERDICTS):
        assert group_of(Stage.WITHDRAWN, verdict) is Group.WITHDRAWN
    assert group_of("carried_over", None) is Group.CARRIED_OVER, "the stage is still to come"
    assert set(LET_OFF) | set(OUTSTANDING) | {Group.CONFORMS} == set(Group)


def test_in_the_timeline_only_a_success_bears_the_mark_of_what_is_done() -> None:
    def told(**facts: Any) -> list[str]:
        known = Facts(NOW, None, None, Stage.DECIDE, Group.OPEN)
        return [one.role for one in timeline(replace(known, **facts)) if one.kind == "decision"]

    ended = {"closed_at": NOW, "status": Stage.CLOSED}
    assert told(**ended, group=Group.CONFORMS) == ["done"]
    assert told(**ended, group=Group.IMPOSSIBLE) == ["neutral"]
    refused = Decision(uuid4(), uuid4(), DecisionKind.NOT_FEASIBLE, approved=False, at=NOW)
    assert told(decisions=[refused]) == ["neutral"]
