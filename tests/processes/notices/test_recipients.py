"""Whom the words of a decision table mean, as people stand when somebody is to be told."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import uuid4

import pytest

from engine.records.states import TaskStatus
from engine.storage.cases.worklist import Task
from processes.notices import channels, recipients
from processes.people import leaving
from processes.register.vocabulary import CLASSIFICATIONS
from processes.rights.access import operator
from processes.rights.grants import granted
from processes.rights.scope import cleared
from processes.storage.people import users
from tests.processes.conftest import NOW, Data, person

OFFICE = {
    "rina": granted(contact_of="kemhan"),
    "budi": granted(contact_of="kemhan"),
    "sesjen": granted(head_of="kemhan"),
    "lain": granted(contact_of="kemenkeu"),
    "ani": granted("coordinator"),
    "asdep": granted("supervisor", rank="asdep"),
    "deputi": granted("supervisor", rank="deputi"),
    "adi": granted("admin"),
    "olga": granted("process-owner"),
}


@pytest.fixture
def office(small: Data) -> Data:
    """Two contacts and a head of Kemhan, one contact of Kemenkeu, and the ministry."""
    for name, grants in OFFICE.items():
        person(small, name, grants, clearance="secret")
    return small


def task(*groups: str, assignee: str | None = None, users: Collection[str] = ()) -> Task:
    values: dict[str, Any] = dict.fromkeys(Task.__slots__)
    values |= {
        "id": uuid4(), "element_id": "plan", "name": "Susun rencana aksi", "created_at": NOW,
        "status": TaskStatus.OPEN, "assignee": assignee, "candidate_users": list(users),
        "candidate_groups": list(groups),
    }  # fmt: skip
    return Task(**values)


OFFERED = task("institution:kemhan")


def told(
    data: Data, wanted: object, about: Task = OFFERED, classification: str = "ordinary"
) -> dict[str, tuple[str, bool]]:
    """Username -> (the word they were found by, whether they lead)."""
    with data.reading() as connection:
        found = recipients.of_escalation(connection, wanted, about, classification)
    return {one.user.username: (one.role, one.leads) for one in found}


# --- words --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ("holder", ["holder"]),
        ("holder, institution_head ,asdep", ["holder", "institution_head", "asdep"]),
        (["holder", " asdep "], ["holder", "asdep"]),
        ("", []),
        (" , ,", []),
        (None, []),
        (7, []),
    ],
)
def test_a_cell_has_words_however_its_owner_writes_them(wanted: object, words: list[str]) -> None:
    assert recipients.words_of(wanted) == words


@pytest.mark.parametrize(
    ("word", "people"),
    [
        ("holder", {"rina": False, "budi": False}),
        ("institution_head", {"sesjen": True}),
        ("asdep", {"asdep": True}),
        ("deputi", {"deputi": True}),
        ("menko", {}),
        ("supervisor", {"asdep": True, "deputi": True}),
        ("coordinator", {"ani": False}),
        ("admin", {"adi": False}),
        ("process-owner", {"olga": False}),
        ("everybody", {}),
        ("rina", {}),
    ],
)
def test_each_word_names_its_people_and_says_who_of_them_leads(
    office: Data, word: str, people: dict[str, bool]
) -> None:
    assert told(office, word) == {name: (word, leads) for name, leads in people.items()}


def test_whoever_is_named_twice_is_told_once_under_the_first_word(office: Data) -> None:
    found = told(office, "deputi,supervisor")
    assert found == {"deputi": ("deputi", True), "asdep": ("supervisor", True)}


# --- who has a task -----------------------------------------------------------------------------


def test_the_holder_of_a_task_that_was_taken_is_whoever_took_it(office: Data) -> None:
    taken = task("institution:kemhan", assignee="budi")
    assert told(office, "holder", taken) == {"budi": ("holder", False)}


@pytest.mark.parametrize(
    ("group", "people", "leads"),
    [
        ("institution-head:kemhan", {"sesjen"}, True),
        ("supervisor", {"asdep", "deputi"}, True),
        ("coordinator", {"ani"}, False),
        ("institution:kemenkeu", {"lain"}, False),
    ],
)
def test_leaders_who_hold_a_task_get_a_digest_as_leaders_do(
    office: Data, group: str, people: set[str], leads: bool
) -> None:
    assert told(office, "holder", task(group)) == dict.fromkeys(people, ("holder", leads))


def test_a_task_may_be_offered_to_persons_and_groups_at_once(office: Data) -> None:
    about = task("coordinator", "institution:kemenkeu", users=["rina", "ani", "siapa"])
    with office.reading() as connection:
        found = recipients.offered_to(connection, about)
    assert [user.username for user in found] == ["ani", "lain", "rina"], "each once, by name"


@pytest.mark.parametrize(
    ("about", "name"),
    [
        (task("institution:kemhan"), "Kemhan"),
        (task("institution:kemhan", assignee="budi"), "Contoh budi"),
        (task("institution:kemhan", assignee="orang-lama"), "orang-lama"),
        (task("coordinator"), "Contoh ani"),
        (task("supervisor"), "Contoh asdep, Contoh deputi"),
        (task("penari"), "-"),
        (task(), "-"),
    ],
)
def test_a_sentence_names_a_person_or_an_institution_and_never_a_group(
    office: Data, about: Task, name: str
) -> None:
    with office.reading() as connection:
        assert recipients.holder_name(connection, about) == name


# --- who is told nothing ------------------------------------------------------------------------


def test_whoever_has_left_is_told_nothing(office: Data) -> None:
    with office.reading() as connection:
        gone = users.by_username(connection, "budi")
    assert gone is not None
    leaving.close_account(office, operator(), gone.id)
    assert told(office, "holder") == {"rina": ("holder", False)}
    assert told(office, "holder", task("institution:kemhan", assignee="budi")) == {}


@pytest.mark.parametrize("word", ["holder", "institution_head", "asdep", "coordinator"])
@pytest.mark.parametrize(
    ("classification", "some"),
    [("ordinary", True), ("restricted", True), ("secret", True), ("top_secret", False)],
)
def test_nobody_is_told_of_a_case_above_their_clearance(
    office: Data, word: str, classification: str, some: bool
) -> None:
    assert bool(told(office, word, classification=classification)) == some


def test_a_clearance_covers_what_is_below_it_and_nothing_above(office: Data) -> None:
    with office.reading() as connection:
        rina = users.by_username(connection, "rina")
    assert rina is not None
    found = [one for one in CLASSIFICATIONS if cleared(rina, one)]
    assert found == ["ordinary", "restricted", "secret"]


def test_contacts_are_those_of_the_institution_who_may_read_the_case(office: Data) -> None:
    person(office, "cici", granted(contact_of="kemhan"))
    with office.reading() as connection:

        def contacts(classification: str) -> list[str]:
            found = recipients.contacts_of(connection, "kemhan", classification)
            return [user.username for user in found]

        assert contacts("ordinary") == ["budi", "cici", "rina"]
        assert contacts("restricted") == ["budi", "rina"]
        assert contacts("top_secret") == []
        administrators = recipients.administrators(connection)
    assert [user.username for user in administrators] == ["adi"]


# --- by which channel ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "channel"),
    [
        ("none", "none"), ("digest", "digest"), ("letter", "letter"), ("inbox", "inbox"),
        ("pigeon", "inbox"), ("Letter", "inbox"), ("", "inbox"), (None, "inbox"),
    ],
)  # fmt: skip
def test_a_slip_in_the_table_keeps_nothing_from_anybody(word: object, channel: str) -> None:
    assert channels.channel_of({"channel": word}) == channel
    assert channels.channel_of({}) == "inbox"


@pytest.mark.parametrize(
    ("wanted", "rank"),
    [
        ("holder,asdep", "asdep"),
        ("deputi,asdep", "deputi"),
        (["asdep", "menko", "deputi"], "menko"),
        ("holder,institution_head", "asdep"),
        (None, "asdep"),
    ],
)
def test_the_highest_rank_that_a_row_names_signs_its_letter(wanted: object, rank: str) -> None:
    assert channels._signatory({"recipients": wanted}) == rank
