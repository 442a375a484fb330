"""How long an attempt waits, and what is counted as one and the same: step by step."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from processes.authentication import throttle
from processes.authentication.throttle import (
    ACCOUNT,
    FORGOTTEN_AFTER,
    NETWORK,
    NO_WAIT,
    Knock,
    Ladder,
    TooManyAttempts,
    wait_after,
)
from processes.storage.authentication import attempts
from tests.processes.conftest import NOW, Data

SECOND = timedelta(seconds=1)
THREE = Ladder(free=3, longest=timedelta(seconds=8))


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def knock(data: Data, at: float = 0, key: str = "k", ladder: Ladder = THREE) -> Knock:
    """One attempt so many seconds later."""
    with data.transaction() as connection:
        return throttle.knock(connection, key, ladder, later(at))


def tried(data: Data, *moments: float) -> list[float]:
    """The wait at each of these moments, in seconds."""
    return [knock(data, at).wait.total_seconds() for at in moments]


# --- the ladder ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("attempts", "seconds"),
    [(0, 0), (2, 0), (3, 1), (4, 2), (5, 4), (6, 8), (7, 8), (60, 8), (10_000, 8)],
)
def test_after_what_is_free_each_wait_is_twice_the_last_up_to_the_longest(
    attempts: int, seconds: int
) -> None:
    assert wait_after(THREE, attempts) == timedelta(seconds=seconds)


def test_an_account_has_five_attempts_and_an_office_thirty_before_anybody_waits() -> None:
    for ladder, free, longest in ((ACCOUNT, 5, 15), (NETWORK, 30, 5)):
        assert [wait_after(ladder, number) for number in (free - 1, free)] == [NO_WAIT, SECOND]
        assert wait_after(ladder, 1_000) == timedelta(minutes=longest)


# --- counting -----------------------------------------------------------------------------------


def test_a_wait_runs_from_the_last_counted_attempt_and_waiting_ones_are_not_counted(
    data: Data,
) -> None:
    assert tried(data, 0, 0, 0) == [0, 0, 0]
    assert tried(data, 0, 0.25, 0.75) == [1, 0.75, 0.25], "asking again prolongs nothing"
    assert tried(data, 1, 1) == [0, 2]
    assert tried(data, 3, 3) == [0, 4]


def test_each_key_has_its_own_count(small: Data) -> None:
    tried(small, 0, 0, 0)
    assert knock(small, 0, "another").wait == NO_WAIT
    assert knock(small, 0).wait == SECOND


def test_after_an_hour_without_an_attempt_counting_starts_anew(small: Data) -> None:
    hour = FORGOTTEN_AFTER.total_seconds()
    tried(small, 0, 0, 0)
    assert tried(small, hour - 1, hour - 1) == [0, 2], "the fourth and the fifth"
    assert tried(small, 2 * hour - 1, 2 * hour - 1, 2 * hour - 1, 2 * hour - 1) == [0, 0, 0, 1]


def test_a_clock_that_is_behind_makes_nobody_wait_who_is_free_and_nobody_wait_less(
    small: Data,
) -> None:
    assert tried(small, 60, 0, 30) == [0, 0, 0]
    assert knock(small, 0).wait == timedelta(seconds=61), "from the latest moment counted"


def test_an_attempt_that_was_no_guess_is_taken_back_and_the_others_stay(data: Data) -> None:
    tried(data, 0, 10)
    right = knock(data, 20)
    with data.transaction() as connection:
        throttle.take_back(connection, right)
        found = attempts.locked(connection, "k", later(30))
    assert (found.count, found.last_at) == (2, later(10)), "as if it had not been"


def test_taking_back_leaves_the_time_of_whoever_came_after(data: Data) -> None:
    right = knock(data, 20)
    knock(data, 25)
    with data.transaction() as connection:
        throttle.take_back(connection, right)
        throttle.take_back(connection, right)
        throttle.take_back(connection, right)
        found = attempts.locked(connection, "k", later(30))
    assert (found.count, found.last_at) == (0, later(25)), "never fewer than none"


def test_the_daily_cleaning_forgets_keys_by_their_last_attempt(data: Data) -> None:
    knock(data, 0, "old")
    knock(data, 10, "new")
    with data.transaction() as connection:
        attempts.forget(connection, later(10))
        assert attempts.locked(connection, "old", later(20)).count == 0
        assert attempts.locked(connection, "new", later(20)).count == 1


# --- what counts as one -------------------------------------------------------------------------


def test_no_key_says_whose_it_is_and_none_is_another() -> None:
    ani, budi = UUID(int=1), UUID(int=2)
    keys = [
        throttle.of_account("ani"),
        throttle.of_account("10.0.0.1"),
        throttle.of_network("10.0.0.1"),
        throttle.of_network("10.0.0.1", "forgotten"),
        throttle.of_browser(ani, "m"),
        throttle.of_browser(budi, "m"),
        throttle.of_browser(ani, "n"),
        throttle.of_resets(ani),
        throttle.of_account(str(ani)),
    ]
    assert len(set(keys)) == len(keys)
    assert {len(key) for key in keys} == {64}
    assert "ani" not in "".join(keys)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("10.0.0.1", "10.0.0.1"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("unix", "unix"),
    ],
)
def test_one_connection_is_one_place(address: str, network: str) -> None:
    assert throttle.network_of(address) == network


# --- what is said -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wait", "seconds"), [(0.001, 1), (1, 1), (1.2, 2), (59.5, 60), (900, 900)]
)
def test_a_program_is_told_whole_seconds_that_are_never_too_few(wait: float, seconds: int) -> None:
    assert TooManyAttempts(timedelta(seconds=wait)).retry_after_seconds == seconds


def test_a_form_is_told_at_the_field_of_the_password() -> None:
    assert set(TooManyAttempts(SECOND, "old").fields) == {"old"}
    assert TooManyAttempts(SECOND).fields == {}
