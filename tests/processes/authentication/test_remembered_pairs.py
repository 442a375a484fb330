"""A program that sends name and password each time: what is remembered of it, and how long."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from processes.authentication import basic, password_check
from processes.authentication.basic import MOST_REMEMBERED, REMEMBERED_FOR, BasicCheck
from processes.authentication.password_check import Refused, Visitor
from processes.authentication.tokens import Bearer
from processes.people import accounts, leaving
from processes.rights.access import operator
from processes.rights.grants import granted
from tests.processes.conftest import TIME, Data, person, scope

PASSWORD = "kuda lumping di pasar"
VISITOR = Visitor("10.0.0.1")
SECOND = timedelta(seconds=1)


@dataclass
class Checks:
    """How often a password was looked at slowly."""

    made: list[str] = field(default_factory=list)


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> Checks:
    found, whole = Checks(), password_check.matches

    def counted(password_hash: str | None, password: str) -> bool:
        found.made.append(password)
        return whole(password_hash, password)

    monkeypatch.setattr(password_check, "matches", counted)
    return found


@pytest.fixture
def adi(small: Data) -> UUID:
    return person(small, "adi", password=PASSWORD)


def ask(
    data: Data, check: BasicCheck, password: str = PASSWORD, *, name: str = "adi",
    now: datetime | None = None,
) -> UUID | Bearer | Refused:  # fmt: skip
    return check.user_of(data, name, password, visitor=VISITOR, now=now or TIME.now)


def test_a_right_pair_is_looked_at_once_a_minute(small: Data, adi: UUID, checks: Checks) -> None:
    check, begin = BasicCheck(), TIME.now
    for now in (begin, begin + SECOND, begin + REMEMBERED_FOR - SECOND):
        assert ask(small, check, now=now) == adi
    assert checks.made == [PASSWORD]
    assert ask(small, check, now=begin + REMEMBERED_FOR) == adi
    assert len(checks.made) == 2


def test_a_name_is_the_same_in_capitals_and_with_blanks_around(
    small: Data, adi: UUID, checks: Checks
) -> None:
    check = BasicCheck()
    for name in ("adi", "ADI", " Adi "):
        assert ask(small, check, name=name) == adi
    assert len(checks.made) == 1


def test_a_wrong_password_is_looked_at_each_time_and_remembered_never(
    small: Data, adi: UUID, checks: Checks
) -> None:
    check = BasicCheck()
    assert ask(small, check) == adi
    for _ in range(3):
        assert ask(small, check, "salah sekali") == Refused()
    assert ask(small, check, PASSWORD + " ") == Refused()
    assert len(checks.made) == 5


def test_a_remembered_pair_of_one_account_is_none_of_another(
    small: Data, adi: UUID, checks: Checks
) -> None:
    person(small, "budi", password="wayang kulit semalam")
    check = BasicCheck()
    ask(small, check)
    assert ask(small, check, name="budi") == Refused()
    assert ask(small, check, name="nobody") == Refused()


def test_a_changed_password_is_forgotten_at_once(small: Data, adi: UUID) -> None:
    check, new = BasicCheck(), "wayang kulit semalam"
    ask(small, check)
    accounts.change_password(small, scope(small, adi), old=PASSWORD, new=new, visitor=VISITOR)
    assert ask(small, check) == Refused()
    assert ask(small, check, new) == adi


def test_a_closed_account_is_let_in_no_more(small: Data, adi: UUID) -> None:
    person(small, "admin", granted("admin"))
    check = BasicCheck()
    ask(small, check)
    leaving.close_account(small, operator(), adi)
    assert ask(small, check) == Refused()
    with small.reading() as connection:
        assert check.recalled(connection, "adi", PASSWORD, TIME.now) is None


def test_without_a_slow_look_only_what_is_remembered_is_known(small: Data, adi: UUID) -> None:
    check = BasicCheck()
    with small.reading() as connection:
        assert check.recalled(connection, "adi", PASSWORD, TIME.now) is None
    ask(small, check)
    with small.reading() as connection:
        assert check.recalled(connection, " ADI", PASSWORD, TIME.now) == adi
        assert check.recalled(connection, "adi", "salah sekali", TIME.now) is None
        assert BasicCheck().recalled(connection, "adi", PASSWORD, TIME.now) is None


def test_memory_has_an_end_and_makes_room_by_forgetting_what_is_over(
    small: Data, adi: UUID, checks: Checks, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert MOST_REMEMBERED >= 100
    monkeypatch.setattr(basic, "MOST_REMEMBERED", 1)
    budi = person(small, "budi", password="wayang kulit semalam")
    check, begin = BasicCheck(), TIME.now
    ask(small, check, now=begin)
    for _ in range(2):  # there is no room while the other one lasts
        assert ask(small, check, "wayang kulit semalam", name="budi", now=begin) == budi
    assert len(checks.made) == 3
    after = begin + REMEMBERED_FOR
    for _ in range(2):
        assert ask(small, check, "wayang kulit semalam", name="budi", now=after) == budi
    assert len(checks.made) == 4


def test_a_known_pair_is_let_in_though_others_guess_and_a_new_one_waits(
    small: Data, adi: UUID
) -> None:
    check = BasicCheck()
    ask(small, check)
    for _ in range(9):
        refused = ask(small, check, "salah sekali")
    assert isinstance(refused, Refused) and refused.wait
    much_later = TIME.now + 2 * REMEMBERED_FOR
    assert ask(small, check, now=much_later) == adi, "though it has to be looked at again"
    other = ask(small, BasicCheck())
    assert isinstance(other, Refused) and other.wait
