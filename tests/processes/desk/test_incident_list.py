"""The list of what is stuck: sorted, searched, page by page, and what is said of the whole."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert

from engine.sentences.errors import BadInput, Forbidden
from engine.storage.tables import incident
from processes.acts import reading
from processes.desk import repairs
from processes.desk.repairs import SORTS, Overview
from processes.ground.sorting import Sort
from processes.rights.access import Scope
from processes.rights.grants import granted
from processes.storage.desk.incident_list import Wanted
from tests.processes.conftest import NOW, Data, person, scope
from tests.web.api.models import DIVIDED, PAID

STEPS = {
    "a": ("divided", "Divide", 3, "ani"),
    "b": ("paid", "Payment", 1, "budi"),
    "c": ("divided", "Divide", 2, None),
    "d": ("divided", "Read result", 1, "mesin"),
    "e": ("paid", "Ship 100%", 9, "ani"),
}
"""Letter -> process, name of the step, tries, by whom; one fails each hour."""


@pytest.fixture
def owner(data: Data) -> Scope:
    return scope(data, person(data, "olga", granted("process-owner")))


@pytest.fixture
def keeper(small: Data) -> Scope:
    return scope(small, person(small, "olga", granted("process-owner")))


def hour(number: int) -> datetime:
    return NOW + timedelta(hours=number)


def broken(data: Data) -> dict[str, UUID]:
    """The incidents of `STEPS`; letter -> id of its instance."""
    for files in (DIVIDED, PAID):
        data.engine.deploy(files, "olga")
    versions = {one.key: one.id for one in data.engine.versions()}
    found = {letter: uuid4() for letter in STEPS}
    with data.transaction() as connection:
        for number, (letter, (key, step, tries, by)) in enumerate(STEPS.items()):
            connection.execute(insert(incident).values(
                id=UUID(int=number + 1), instance_id=found[letter], definition_id=versions[key],
                process_key=key, element_id=f"step_{letter}", element_name=step, what=["x", {}],
                advice=["y", {}], command={"kind": "complete"}, by=by, received_at=hour(number),
                at=hour(number), tries=tries, open=True,
            ))  # fmt: skip
    return found


def asked(data: Data, who: Scope, question: Any, *about: Any, **more: Any) -> Any:
    with reading.opened(data, who) as at:
        return question(at, *about, **more)


def letters(found: Any) -> str:
    return "".join(one.incident.element_id[-1] for one in found.items)


def listed(data: Data, who: Scope, **wanted: Any) -> str:
    """The letters of those that a search finds, newest first; they are counted as shown."""
    page = asked(data, who, repairs.page, Wanted(**wanted))
    assert asked(data, who, repairs.overview, Wanted(**wanted)).number == len(page.items)
    return letters(page)


# --- order and pages ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        (Sort("newest", descending=True), "edcba"),
        (Sort("newest"), "abcde"),
        (Sort("process"), "acdbe"),
        (Sort("process", descending=True), "ebdca"),
        (Sort("step"), "acbde"),
        (Sort("tries"), "bdcae"),
        (Sort("tries", descending=True), "eacdb"),
    ],
)
def test_each_order_is_read_to_its_end_and_back(
    data: Data, owner: Scope, sort: Sort, order: str
) -> None:
    broken(data)

    def page(**place: Any) -> Any:
        return asked(data, owner, repairs.page, Wanted(), sort=sort, limit=2, **place)

    there = [page()]
    while there[-1].last:
        there.append(page(after=there[-1].last.id))
    assert [letters(one) for one in there] == [order[:2], order[2:4], order[4:]]
    back = page(before=there[-1].first.id)
    assert (letters(back), back.earlier, back.more) == (order[2:4], True, True)


def test_the_orders_are_those_looked_at() -> None:
    assert set(SORTS) == {"newest", "process", "step", "tries"}


@pytest.mark.parametrize("name", ["", "open", "command"])
def test_an_order_that_is_not_offered_is_refused(small: Data, keeper: Scope, name: str) -> None:
    with pytest.raises(BadInput) as refused:
        asked(small, keeper, repairs.page, Wanted(), sort=Sort(name))
    assert set(refused.value.fields) == {"sort"}


# --- what is searched ---------------------------------------------------------------------------


def test_incidents_are_found_by_process_step_and_whoever_acted(data: Data, owner: Scope) -> None:
    person(data, "ani")
    instances = broken(data)
    for wanted, found in (
        ({}, "edcba"),
        ({"key": "paid"}, "eb"),
        ({"key": "none"}, ""),
        ({"searched": "DIVIDE"}, "dca"),
        ({"searched": "read res"}, "d"),
        ({"searched": "step_b"}, "b"),
        ({"searched": "contoh ani"}, "ea"),
        ({"searched": "ani", "key": "divided"}, "a"),
        ({"searched": "mesin"}, ""),
        ({"searched": "%"}, "e"),
        ({"searched": "100_"}, ""),
        ({"searched": str(instances["c"])}, "c"),
        ({"searched": instances["c"].hex[:8]}, ""),
        ({"searched": str(uuid4())}, ""),
    ):
        assert listed(data, owner, **wanted) == found, wanted


def test_the_moments_of_a_span_belong_to_it(data: Data, owner: Scope) -> None:
    broken(data)
    assert listed(data, owner, since=hour(3)) == "ed"
    assert listed(data, owner, until=hour(1)) == "ba"
    assert listed(data, owner, since=hour(1), until=hour(3)) == "dcb"
    assert listed(data, owner, since=hour(1), until=hour(3), key="paid") == "b"
    assert listed(data, owner, since=hour(3), until=hour(1)) == ""


# --- the whole ----------------------------------------------------------------------------------


def test_the_processes_in_which_anything_is_stuck_are_offered_whatever_is_searched(
    data: Data, owner: Scope
) -> None:
    assert asked(data, owner, repairs.overview, Wanted()) == Overview(0, {})
    broken(data)
    found = asked(data, owner, repairs.overview, Wanted(searched="Payment"))
    assert (found.number, list(found.processes)) == (1, ["divided", "paid"])


def test_what_was_repaired_is_neither_listed_nor_counted_nor_offered(
    small: Data, keeper: Scope
) -> None:
    broken(small)
    with small.transaction() as connection:
        mended = incident.update().where(incident.c.process_key == "paid")
        connection.execute(mended.values(open=False))
    assert listed(small, keeper) == "dca"
    assert list(asked(small, keeper, repairs.overview, Wanted()).processes) == ["divided"]


@pytest.mark.parametrize("role", ["coordinator", "supervisor"])
def test_whoever_works_on_cases_is_told_of_none(small: Data, role: str) -> None:
    rank = "asdep" if role == "supervisor" else None
    who = scope(small, person(small, "ani", granted(role, rank=rank)))
    for question in (repairs.page, repairs.overview):
        with pytest.raises(Forbidden):
            asked(small, who, question, Wanted())
