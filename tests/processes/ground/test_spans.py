"""Lengths of time in words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from processes.ground.spans import span


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(seconds=-3), "0 seconds"),
        (timedelta(milliseconds=10), "one second"),
        (timedelta(seconds=120), "120 seconds"),
        (timedelta(seconds=121), "3 minutes"),
        (timedelta(minutes=120), "120 minutes"),
        (timedelta(minutes=121), "3 hours"),
        (timedelta(hours=48), "48 hours"),
        (timedelta(hours=49), "3 days"),
    ],
)
def test_a_length_is_told_in_the_unit_that_says_enough(length: timedelta, words: str) -> None:
    assert str(span(length)) == words
