"""Guessing a password becomes slower and slower, and no other user has to wait for it."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from engine.sentences.errors import BadInput
from processes.authentication import sign_in
from processes.authentication.basic import BasicCheck
from processes.authentication.password_check import (
    Refused,
    Visitor,
    check_password,
    confirm_password,
)
from processes.authentication.sign_in import SignedIn
from processes.authentication.throttle import (
    ACCOUNT,
    FORGOTTEN_AFTER,
    NETWORK,
    TooManyAttempts,
    network_of,
    patience,
    wait_after,
)
from processes.people import accounts
from processes.storage.authentication.failed_sign_ins import Failed
from processes.storage.rights import audit
from tests.processes.conftest import TIME, Data, confirmed, person, scope

PASSWORD = "kuda lumping di pasar"
OFFICE = "10.0.0.1"
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


def enter(
    data: Data,
    username: str,
    password: str,
    address: str = OFFICE,
    *,
    now: datetime | None = None,
    known_to: UUID | None = None,
) -> SignedIn | Refused:
    """One attempt, in a browser known to nobody or to one account."""
    mark = ("m", frozenset({known_to})) if known_to else ("", frozenset[UUID]())
    visitor = Visitor(address, mark=mark[0], known_to=mark[1])
    TIME.now = now or TIME.begin
    return sign_in.sign_in(data, username, password, visitor=visitor)


def guess(data: Data, username: str, times: int = ACCOUNT.free, address: str = OFFICE) -> None:
    """Use up free attempts."""
    for _ in range(times):
        assert enter(data, username, "salah", address) == Refused()


def waits(answer: SignedIn | Refused) -> timedelta:
    assert isinstance(answer, Refused)
    return answer.wait


def test_five_attempts_at_an_account_are_free_from_all_addresses_together(data: Data) -> None:
    person(data, "adi", password=PASSWORD)
    for number in range(ACCOUNT.free):
        guess(data, "adi", 1, f"10.0.{number}.1")

    assert ACCOUNT.free == 5
    assert enter(data, "adi", "salah", "10.9.9.9") == Refused(wait=SECOND)
    assert enter(data, "adi", PASSWORD) == Refused(wait=SECOND), "not even the right one counts"
    assert enter(data, "adi", "salah", now=TIME.begin + SECOND) == Refused()
    assert enter(data, "adi", PASSWORD, now=TIME.begin + 2 * SECOND) == Refused(wait=SECOND)
    assert isinstance(enter(data, "adi", PASSWORD, now=TIME.begin + 3 * SECOND), SignedIn)


def test_the_wait_doubles_and_is_never_a_lock(small: Data) -> None:
    person(small, "adi", password=PASSWORD)
    guess(small, "adi")
    now, found = TIME.begin, []
    for _ in range(14):
        found.append(waits(enter(small, "adi", "salah", now=now)))
        assert waits(enter(small, "adi", "salah", now=now)) == found[-1], "asking prolongs nothing"
        now += found[-1]
        assert enter(small, "adi", "salah", now=now) == Refused()

    assert found[:4] == [SECOND, 2 * SECOND, 4 * SECOND, 8 * SECOND]
    assert max(found) == found[-1] == ACCOUNT.longest
    assert isinstance(enter(small, "adi", PASSWORD, now=now + ACCOUNT.longest), SignedIn)


def test_an_hour_without_an_attempt_begins_anew(small: Data) -> None:
    person(small, "adi", password=PASSWORD)
    guess(small, "adi")

    later = TIME.begin + FORGOTTEN_AFTER
    for _ in range(ACCOUNT.free):
        assert enter(small, "adi", "salah", now=later) == Refused()
    assert enter(small, "adi", "salah", now=later) == Refused(wait=SECOND)


def test_attempts_at_the_same_moment_do_not_pass_the_count(data: Data) -> None:
    person(data, "adi", password=PASSWORD)

    def attempt(number: int) -> SignedIn | Refused:
        return enter(data, "adi", "salah", f"10.0.{number}.1")

    with ThreadPoolExecutor(16) as pool:
        answers = Counter(pool.map(attempt, range(40)))
    assert answers == {Refused(): ACCOUNT.free, Refused(wait=SECOND): 40 - ACCOUNT.free}


def test_who_knows_the_password_never_waits_for_others_of_the_same_network(data: Data) -> None:
    person(data, "adi", password=PASSWORD)
    person(data, "budi", password=PASSWORD)
    guess(data, "adi")
    for number in range(3 * NETWORK.free):
        enter(data, f"nama-{number}", "salah")

    assert isinstance(enter(data, "budi", PASSWORD), SignedIn), "for the first time from here"


def test_a_busy_network_slows_names_nobody_has_and_tells_nothing_of_those_somebody_has(
    small: Data,
) -> None:
    person(small, "adi", password=PASSWORD)
    person(small, "budi", password=PASSWORD)
    for number in range(NETWORK.free):
        assert enter(small, f"nama-{number}", "salah") == Refused()

    assert waits(enter(small, "siapa", "salah")) == SECOND
    assert waits(enter(small, "adi", "salah")) == SECOND, "the answer an unknown name gets"
    assert enter(small, "siapa", "salah", "10.0.0.2") == Refused(), "another network is not slowed"
    known = accounts_id(small, "budi")
    assert enter(small, "budi", "salah", known_to=known) == Refused(), "it knows that budi exists"


def accounts_id(data: Data, username: str) -> UUID:
    found = enter(data, username, PASSWORD, "10.7.7.7")
    assert isinstance(found, SignedIn)
    return found.user_id


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("10.0.0.1", "10.0.0.1"),
        ("unix:", "unix:"),
        ("", ""),
    ],
)
def test_all_ipv6_addresses_of_one_connection_are_one_place(address: str, network: str) -> None:
    assert network_of(address) == network


def test_ipv6_addresses_of_one_connection_share_what_is_free(small: Data) -> None:
    for number in range(NETWORK.free):
        assert enter(small, f"nama-{number}", "salah", f"2001:db8:0:1::{number:x}") == Refused()

    assert waits(enter(small, "siapa", "salah", "2001:db8:0:1:ffff::1")) == SECOND
    assert enter(small, "siapa", "salah", "2001:db8:0:2::1") == Refused()


def test_a_browser_its_owner_has_signed_in_with_does_not_wait_for_guesses_from_elsewhere(
    small: Data,
) -> None:
    me = person(small, "adi", password=PASSWORD)
    other = person(small, "budi", password=PASSWORD)
    guess(small, "adi")

    assert isinstance(enter(small, "adi", PASSWORD, known_to=me), SignedIn)
    assert enter(small, "adi", PASSWORD, known_to=other) == Refused(wait=SECOND), "known to another"
    for _ in range(ACCOUNT.free):
        assert enter(small, "adi", "salah", known_to=me) == Refused()
    assert enter(small, "adi", PASSWORD, known_to=me) == Refused(wait=SECOND), "guesses count here"


def test_whoever_signs_in_often_buys_a_guesser_nothing(small: Data) -> None:
    person(small, "adi", password=PASSWORD)
    for number in range(ACCOUNT.free):
        guess(small, "adi", 1, f"10.0.{number}.1")
        if number < ACCOUNT.free - 1:
            assert isinstance(enter(small, "adi", PASSWORD), SignedIn)

    assert waits(enter(small, "adi", "salah", "10.9.9.9")) == SECOND


def test_a_program_that_signs_in_every_minute_does_not_keep_old_failures_alive(small: Data) -> None:
    person(small, "adi", password=PASSWORD)
    guess(small, "adi", ACCOUNT.free - 1)
    for minute in range(1, 61):
        assert isinstance(enter(small, "adi", PASSWORD, now=TIME.begin + minute * MINUTE), SignedIn)

    later = TIME.begin + timedelta(hours=1)
    for _ in range(ACCOUNT.free):
        assert enter(small, "adi", "salah", now=later) == Refused()


def test_a_program_whose_password_was_right_before_is_not_kept_out_by_guesses(small: Data) -> None:
    me = person(small, "adi", password=PASSWORD)
    check, place = BasicCheck(), Visitor(OFFICE)
    assert check.user_of(small, "adi", PASSWORD, visitor=place, now=TIME.now) == me
    guess(small, "adi", address="10.9.9.9")

    later = TIME.begin + timedelta(seconds=61)
    guess_at(small, later)
    assert check.user_of(small, "adi", PASSWORD, visitor=place, now=later) == me
    wrong = check.user_of(small, "adi", "salah", visitor=place, now=later)
    assert isinstance(wrong, Refused)
    assert wrong.wait
    assert isinstance(
        BasicCheck().user_of(small, "adi", PASSWORD, visitor=place, now=later), Refused
    )


def guess_at(data: Data, now: datetime) -> None:
    assert enter(data, "adi", "salah", "10.9.9.9", now=now) == Refused()


def test_a_password_confirmed_in_a_form_counts_like_one_at_the_door(data: Data) -> None:
    me = scope(data, person(data, "adi", password=PASSWORD))
    place = Visitor(OFFICE)

    def confirm(password: str) -> object:
        return confirm_password(data, me, password, field="sandi", visitor=place)

    assert confirm(PASSWORD) == check_password(data, "adi", PASSWORD, visitor=place)
    for _ in range(ACCOUNT.free):
        with pytest.raises(BadInput) as wrong:
            confirm("salah")
        assert list(wrong.value.fields) == ["sandi"]
        assert not isinstance(wrong.value, TooManyAttempts)
    with pytest.raises(TooManyAttempts) as refused:
        confirm(PASSWORD)
    assert list(refused.value.fields) == ["sandi"]
    assert refused.value.retry_after_seconds == 1
    assert enter(data, "adi", PASSWORD, "10.9.9.9") == Refused(wait=SECOND)


def test_the_old_password_is_guessed_no_faster_by_changing_it(small: Data) -> None:
    me = scope(small, person(small, "adi", password=PASSWORD))
    new, place = "wayang kulit semalam suntuk", Visitor(OFFICE)

    def change(old: str) -> None:
        accounts.change_password(small, me, old=old, new=new, visitor=place)

    for _ in range(ACCOUNT.free):
        with pytest.raises(BadInput):
            change("salah")
    with pytest.raises(TooManyAttempts):
        change(PASSWORD)


def test_a_wait_is_told_in_seconds_or_minutes() -> None:
    assert "Wait one second," in str(patience(timedelta(milliseconds=10)))
    assert "120 seconds" in str(patience(2 * MINUTE))
    assert "15 minutes" in str(patience(ACCOUNT.longest))
    assert wait_after(ACCOUNT, 10_000) == ACCOUNT.longest


def test_the_owner_learns_at_the_next_sign_in_what_failed_since_the_last(data: Data) -> None:
    me = scope(data, person(data, "adi", password=PASSWORD))
    assert told(enter(data, "adi", PASSWORD)) is None
    enter(data, "adi", "salah", "10.0.0.5")
    with pytest.raises(BadInput):
        TIME.now += SECOND
        confirm_password(data, me, "salah", field="x", visitor=Visitor("2001:db8::9"))
    check_password(data, "adi", PASSWORD, visitor=Visitor(OFFICE))
    enter(data, "siapa", "salah")

    assert told(enter(data, "adi", PASSWORD)) == Failed(2, TIME.begin + SECOND, "2001:db8::9")
    assert told(enter(data, "adi", PASSWORD)) is None, "it is told once"


def told(answer: SignedIn | Refused) -> Failed | None:
    assert isinstance(answer, SignedIn)
    return answer.failed


def test_all_other_sessions_end_at_once_and_it_is_on_record(data: Data) -> None:
    me = confirmed(data, person(data, "adi", password=PASSWORD))
    other = person(data, "budi", password=PASSWORD)
    for username in ("adi", "adi", "adi", "budi"):
        assert isinstance(enter(data, username, PASSWORD), SignedIn)
    with data.reading() as connection:
        kept = sign_in.sessions_of(connection, me.user_id, TIME.now)[0].digest
    assert sign_in.end_other_sessions(data, me, kept, address=OFFICE) == 2
    with data.reading() as connection:
        (left,) = sign_in.sessions_of(connection, me.user_id, TIME.now)
        assert left.digest == kept
        assert len(sign_in.sessions_of(connection, other, TIME.now)) == 1
        last = list(audit.all_entries(connection))[-1]
    assert (last.by, last.act, last.details) == ("adi", "end_other_sessions", {"ended": 2})
