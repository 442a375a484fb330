"""A number whose counting is bounded says so, and never less or more than was counted."""

from __future__ import annotations

from processes.ground.counting import Count, parts


def test_below_the_bound_every_part_is_exact() -> None:
    assert parts([1, 1, 4], 6, 6) == [Count(1), Count(0), Count(3), Count(2)]


def test_the_part_at_the_bound_has_more_and_those_behind_it_are_not_known() -> None:
    """Seven rows were looked at, for six were to be counted."""
    assert parts([1, 7, 7], 7, 6) == [Count(1), Count(5, more=True), None, None]


def test_a_part_that_begins_right_behind_the_bound_is_not_known() -> None:
    assert parts([6], 7, 6) == [Count(6), None]
