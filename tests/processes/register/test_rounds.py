"""The round of a claim."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from processes.register.rounds import of_claim

MONDAY, TUESDAY = (datetime(2026, 1, day, 9, 0, tzinfo=UTC) for day in (5, 6))


@pytest.mark.parametrize(
    ("running", "claimed_at", "verdict", "verdict_at", "claimed_in"),
    [
        (1, None, None, None, 1),
        (1, MONDAY, None, None, 1),
        (2, MONDAY, "not_yet_conforms", TUESDAY, 1),
        (3, MONDAY, "not_followed_up", TUESDAY, 2),
        (2, TUESDAY, "not_yet_conforms", MONDAY, 2),
        (2, MONDAY, "conforms", TUESDAY, 2),
        (1, MONDAY, "cannot_be_followed_up", TUESDAY, 1),
    ],
)
def test_a_claim_stays_in_its_round_when_the_work_is_sent_back(
    running: int,
    claimed_at: datetime | None,
    verdict: str | None,
    verdict_at: datetime | None,
    claimed_in: int,
) -> None:
    assert of_claim(running, claimed_at, verdict, verdict_at) == claimed_in
