"""No user can choose a password that is guessed first, on any page."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.sentences.errors import BadInput
from processes.authentication.credentials import chosen
from processes.authentication.password_check import Visitor
from processes.authentication.password_rules import (
    LONGEST,
    OF_THE_PRODUCT,
    common_passwords,
    password_problem,
    words_of,
)
from processes.people import accounts
from processes.people.accounts import NewUser
from processes.people.links import invitations
from processes.rights.access import operator
from processes.rights.grants import granted
from processes.storage.authentication import passwords
from processes.storage.people import users
from tests.processes.conftest import Data, person, scope

PASSWORD = "kuda lumping di pasar"
OWN = {"dimas", "wiratama", "kemhan", "kementerian", "pertahanan"}


def refused(password: str) -> bool:
    return password_problem(password, "narahubung", OWN) is not None


def test_every_long_password_of_the_list_is_refused_also_with_something_hung_on() -> None:
    listed = common_passwords()
    assert len(listed) >= 10_000
    long = [password for password in listed if len(password) >= 12]
    assert len(long) > 200
    for password in long:
        assert refused(password), password
        assert refused(password.upper()), password
        assert refused(f"{password}2026!"), password


@pytest.mark.parametrize(
    "easy",
    [
        "password1234", "P@ssw0rd2026!!", "letmein letmein", "iloveyou-2026", "2026-sunshine-!",
        "123456789012", "8305712946281530", "abcdefghijklm", "zyxwvutsrqponm", "qwertyuiopasdf",
        "Qwertyuiop123", "1qaz2wsx3edc2026", "aaaaaaaaaaaaaaaa", "abcabcabcabc",
        "Tindak2026!!!", "tindak-kementerian-polkam", "Kemenko Polkam 2026", "rahasia tindak 17",
        "Desember2026!", "kata sandi admin", "Indonesia1945", "T1nd4k-P0lk4m",
        "Dimas.Wiratama.1", "kemhan2026kemhan", "Kementerian Pertahanan", "narahubung 2026 xyz",
        "\uff54\uff49\uff4e\uff44\uff41\uff4b\uff12\uff10\uff12\uff16\uff01\uff01",
    ],
)  # fmt: skip
def test_what_a_guesser_tries_first_is_refused(easy: str) -> None:
    assert refused(easy)


@pytest.mark.parametrize(
    "good",
    [
        PASSWORD, "hujan turun di bulan Juni", "wayang kulit semalam", "T7#kLm29pQzX",
        "7#9!2$4%6&8@1x", "correct horse battery staple", "xkqpvmwzlrtj",
        "tindak cepat kuda jingga", "rapat di kementerian tiap hari hujan",
    ],
)  # fmt: skip
def test_several_words_that_do_not_belong_together_are_accepted(good: str) -> None:
    assert not refused(good)


@pytest.mark.parametrize(
    ("length", "fits"), [(11, False), (12, True), (LONGEST, True), (201, False)]
)
def test_a_password_has_12_to_200_characters(length: int, fits: bool) -> None:
    text = ("kuda lumping di pasar malam " * 8)[: length - 1] + "j"
    assert refused(text) is not fits


def test_the_words_of_an_account_are_its_names_its_address_and_its_institutions(
    small: Data,
) -> None:
    user_id = person(small, "dimas.w", granted(contact_of="kemhan"))
    with small.transaction() as connection:
        users.change(connection, user_id, {"name": "Dimas Wiratama", "email": "dw7@biro.go.id"})
        found = users.by_id(connection, user_id)
        assert found is not None
        words = words_of(connection, found)
    assert {"dimas", "wiratama", "dw7", "biro", "kemhan", "pertahanan"} <= words
    assert not words & {"w", "id", "go"}
    assert all(word == word.casefold() and word.isalpha() for word in OF_THE_PRODUCT)


def by_change(data: Data, password: str) -> None:
    me = person(data, "adi", granted(contact_of="kemhan"), password=PASSWORD)
    accounts.change_password(data, scope(data, me), old=PASSWORD, new=password, visitor=Visitor(""))


def by_link(data: Data, password: str) -> None:
    me = person(data, "adi", granted(contact_of="kemhan"))
    made = invitations.invite(data, operator(), me)
    invitations.accept(data, made.key, password, address="")


def by_creating(data: Data, password: str) -> None:
    person(data, "adi", granted(contact_of="kemhan"), password=password)


@pytest.mark.parametrize("door", [by_change, by_link, by_creating])
@pytest.mark.parametrize("easy", ["pendek", "password1234", "Tindak2026!!!", "Kemhan-2026-!!"])
def test_it_is_refused_wherever_a_password_is_chosen(
    small: Data, door: Callable[[Data, str], None], easy: str
) -> None:
    with pytest.raises(BadInput) as told:
        door(small, easy)
    assert list(told.value.fields) in (["new"], ["password"])
    with small.reading() as connection:
        known = passwords.credentials(connection, "adi")
    assert known is None or known.password_version == (door is by_change)


def test_the_password_of_example_accounts_is_the_operators_choice(small: Data) -> None:
    new = NewUser("contoh", "Contoh", password=chosen("demo"), fictitious=True)
    accounts.create(small, operator(), new)
