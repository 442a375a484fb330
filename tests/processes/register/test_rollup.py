"""How far a recommendation is by its rule: words and the figures that the table is asked with."""

from __future__ import annotations

import pytest

from processes.register.groups import Group
from processes.register.rollup import Part, rollup
from processes.register.vocabulary import RollupRule

LEAD = Part("Kemhan", "lead", Group.CONFORMS)
OPEN = Part("Kemenkeu", "supporting", Group.OPEN)
BACK = Part("Kemenperin", "supporting", Group.BACK_AT_WORK)
DONE = Part("Bappenas", "supporting", Group.CONFORMS)
GONE = Part("BIN", "supporting", Group.WITHDRAWN)
LET_OFF = Part("BSSN", "supporting", Group.IMPOSSIBLE)


@pytest.mark.parametrize(
    ("rule", "percent", "parts", "words"),
    [
        ("lead", None, (LEAD, OPEN, DONE),
         "Lead decides: Kemhan: Conforms; 1 of 2 supporting open"),
        ("lead", None, (LEAD, Part("TNI", "lead", Group.OPEN), BACK),
         "Lead decides: Kemhan: Conforms, TNI: Open; 1 of 1 supporting open"),
        ("lead", None, (LEAD,), "Lead decides: Kemhan: Conforms"),
        ("lead", None, (OPEN, DONE), "All decide: 1 of 2 open"),
        ("all", None, (LEAD, OPEN, BACK, LET_OFF), "All decide: 2 of 4 open"),
        ("percent", 60, (LEAD, OPEN, DONE), "60% decides: 66% not open any more; 1 of 3 open"),
        ("all", None, (GONE,), "No institution is asked any more"),
    ],
)  # fmt: skip
def test_the_rule_is_said_with_its_figures(
    rule: RollupRule, percent: int | None, parts: tuple[Part, ...], words: str
) -> None:
    assert str(rollup(rule, percent, parts).sentence) == words


def test_who_was_taken_out_is_not_counted() -> None:
    for gone in (GONE, Part("X", "lead", Group.CARRIED_OVER)):
        assert rollup("all", None, (LEAD, OPEN, gone)).closed_percent == 50
        assert rollup("lead", None, (OPEN, gone)).lead_closed is False


def test_a_recommendation_without_a_lead_is_decided_by_all() -> None:
    assert not rollup("lead", None, (OPEN, DONE)).lead_closed
    assert rollup("lead", None, (DONE, LET_OFF)).lead_closed
    assert rollup("lead", None, ()).closed_percent == 0
