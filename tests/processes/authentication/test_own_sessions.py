"""One's own sessions and tokens as one reads them, and what the database keeps of each."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from engine.sentences.errors import BadInput, Forbidden, NotFound
from processes.authentication import sign_in, tokens
from processes.authentication.credentials import digest
from processes.authentication.password_check import Visitor
from processes.authentication.sign_in import TOUCH_EVERY, Limits
from processes.rights import audit
from processes.rights.access import operator
from processes.storage.authentication import failed_sign_ins
from processes.storage.authentication.sessions import Session
from tests.processes.conftest import TIME, Data, confirmed, person, scope

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


def open_session(data: Data, user_id: UUID, visitor: Visitor | None = None) -> str:
    with data.transaction() as connection:
        return sign_in.open_session(
            connection, user_id, visitor=visitor or Visitor("10.0.0.1"), now=TIME.now,
            limits=Limits(),
        )  # fmt: skip


def found(data: Data, key: str) -> Session | None:
    with data.reading() as connection:
        return sign_in.find_session(connection, key, TIME.now)


def own(data: Data, user_id: UUID) -> list[str]:
    """The addresses of one's own sessions, in their order."""
    with data.reading() as connection:
        return [one.address for one in sign_in.sessions_of(connection, user_id, TIME.now)]


# --- sessions -----------------------------------------------------------------------------------


def test_sessions_are_told_by_their_last_use_and_only_to_their_owner(data: Data) -> None:
    adi, budi = person(data, "adi"), person(data, "budi")
    keys = {}
    for address in ("10.0.0.1", "10.0.0.2", "10.0.0.3"):
        keys[address] = open_session(data, adi, Visitor(address))
        TIME.now += HOUR
    open_session(data, budi, Visitor("10.9.9.9"))
    assert own(data, adi) == ["10.0.0.3", "10.0.0.2", "10.0.0.1"]
    session = found(data, keys["10.0.0.1"])
    assert session is not None
    sign_in.touch_session(data, scope(data, adi), session, TIME.now)
    assert own(data, adi) == ["10.0.0.1", "10.0.0.3", "10.0.0.2"]


def test_a_session_past_its_longest_life_is_told_no_more_and_an_idle_one_is(small: Data) -> None:
    adi = person(small, "adi")
    key = open_session(small, adi)
    TIME.now += Limits().idle
    assert (found(small, key), own(small, adi)) == (None, ["10.0.0.1"])
    TIME.now = TIME.begin + Limits().absolute
    assert own(small, adi) == []


def test_using_a_session_extends_its_idle_limit_and_never_the_longest(small: Data) -> None:
    adi = person(small, "adi")
    me, key = scope(small, adi), open_session(small, adi)
    while TIME.now < TIME.begin + Limits().absolute - HOUR:
        TIME.now += Limits().idle - HOUR
        session = found(small, key)
        if session is None:
            break
        sign_in.touch_session(small, me, session, TIME.now)
    TIME.now = TIME.begin + Limits().absolute - SECOND
    assert found(small, key) is not None
    TIME.now += SECOND
    assert found(small, key) is None


@pytest.mark.parametrize(("after", "needs"), [(TOUCH_EVERY - SECOND, False), (TOUCH_EVERY, True)])
def test_a_use_is_noted_once_a_minute(small: Data, after: timedelta, needs: bool) -> None:
    session = found(small, open_session(small, person(small, "adi")))
    assert session is not None
    assert sign_in.needs_touch(session, TIME.now + after) == needs


def test_signing_in_again_ends_the_present_session_of_that_browser_alone(small: Data) -> None:
    adi = person(small, "adi")
    here, there = open_session(small, adi), open_session(small, adi)
    again = open_session(small, adi, Visitor("10.0.0.1", session_key=here))
    assert found(small, here) is None
    assert found(small, there) is not None and found(small, again) is not None


def test_what_a_browser_says_of_itself_is_kept_as_far_as_it_fits(small: Data) -> None:
    visitor = Visitor("x" * 100, user_agent="y" * 1_000)
    session = found(small, open_session(small, person(small, "adi"), visitor))
    assert session is not None
    assert (session.address, session.user_agent) == ("x" * 60, "y" * 200)


def test_signing_out_ends_this_session_and_knows_no_other_key(small: Data) -> None:
    adi = person(small, "adi")
    me = scope(small, adi)
    here, there = open_session(small, adi), open_session(small, adi)
    for key in ("", "dikarang", digest(here), here):
        sign_in.sign_out(small, me, key)
    assert found(small, here) is None
    assert found(small, there) is not None


def test_all_others_are_ended_with_their_number_on_record(small: Data) -> None:
    adi, budi = person(small, "adi"), person(small, "budi")
    kept, *_ = (open_session(small, adi) for _ in range(3))
    theirs = open_session(small, budi)
    me = confirmed(small, adi)
    with pytest.raises(BadInput):
        sign_in.end_other_sessions(small, scope(small, adi), digest(kept), address="10.0.0.1")
    assert sign_in.end_other_sessions(small, me, digest(kept), address="10.0.0.1") == 2
    assert found(small, kept) is not None and found(small, theirs) is not None
    with small.reading() as connection:
        [entry] = [
            one for one in audit.read(connection, operator(), subject="user:adi")
            if one.act == "end_other_sessions"
        ]  # fmt: skip
    assert (entry.by, entry.address, dict(entry.details)) == ("adi", "10.0.0.1", {"ended": 2})


# --- tokens -------------------------------------------------------------------------------------


def test_tokens_are_told_newest_first_and_only_to_their_owner(data: Data) -> None:
    me, other = confirmed(data, person(data, "adi")), confirmed(data, person(data, "budi"))
    for name in ("satu", "dua"):
        tokens.create(data, me, name=name, kind="read", lasts=HOUR)
    tokens.create(data, other, name="tiga", kind="act", lasts=HOUR)
    with data.reading() as connection:
        mine = tokens.own(connection, me)
        [theirs] = tokens.own(connection, other)
    assert [one.name for one in mine] == ["dua", "satu"]
    assert {one.scope for one in mine} == {"read"}
    assert {one.topics for one in mine} == {None}
    with pytest.raises(NotFound):
        tokens.revoke(data, me, theirs.id)
    with pytest.raises(NotFound):
        tokens.revoke(data, me, uuid4())
    tokens.revoke(data, me, mine[0].id)
    with data.reading() as connection:
        assert [one.name for one in tokens.own(connection, me)] == ["satu"]


def test_a_token_that_only_reads_reads_and_does_nothing(small: Data) -> None:
    me = confirmed(small, person(small, "adi"))
    key = tokens.create(small, me, name="skrip", kind="read", lasts=HOUR)
    with small.reading() as connection:
        bearer = tokens.verify(connection, key)
        assert bearer is not None
        reader = tokens.scope_of(connection, bearer)
        [row] = tokens.own(connection, reader)
    assert reader.read_only
    with pytest.raises(Forbidden):
        tokens.revoke(small, reader, row.id)


def test_a_name_of_a_token_is_kept_as_far_as_it_fits(small: Data) -> None:
    me = confirmed(small, person(small, "adi"))
    tokens.create(small, me, name=f"  {'x' * 200} ", kind="read", lasts=HOUR)
    with small.reading() as connection:
        [row] = tokens.own(connection, me)
    assert row.name == "x" * 80


# --- failures since the last sign-in ------------------------------------------------------------


def test_failures_are_counted_with_the_last_of_them_and_told_once(data: Data) -> None:
    adi, budi = person(data, "adi"), person(data, "budi")
    with data.transaction() as connection:
        for number in range(3):
            failed_sign_ins.note(connection, adi, TIME.now + number * HOUR, f"10.0.0.{number}")
        failed_sign_ins.note(connection, budi, TIME.now, "z" * 100)
        told = failed_sign_ins.take(connection, adi)
        assert told is not None
        assert (told.count, told.last_at, told.address) == (3, TIME.now + 2 * HOUR, "10.0.0.2")
        assert failed_sign_ins.take(connection, adi) is None
        other = failed_sign_ins.take(connection, budi)
        assert other is not None and other.address == "z" * 60
        failed_sign_ins.note(connection, adi, TIME.now, "10.0.0.9")
        anew = failed_sign_ins.take(connection, adi)
        assert anew is not None and anew.count == 1
