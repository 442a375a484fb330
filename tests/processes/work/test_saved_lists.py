"""Lists kept under a name: each person's own, renamed and deleted by nobody else."""

from __future__ import annotations

from typing import Any

import pytest

from engine.sentences.errors import BadInput, NotFound
from processes.rights.access import Scope
from processes.work import saved_lists
from tests.processes.conftest import Data, person, scope


def someone(data: Data, username: str) -> Scope:
    return scope(data, person(data, username))


def kept(data: Data, who: Scope, list: str = "follow_ups") -> dict[str, str]:
    with data.reading() as connection:
        return {one.name: one.query for one in saved_lists.of(connection, who, list)}


def keep(data: Data, who: Scope, **changes: Any) -> Any:
    wanted = {"list": "follow_ups", "name": "Terlambat", "query": "time=late", **changes}
    return saved_lists.save(data, who, **wanted)


def test_a_kept_list_is_found_by_its_owner_at_its_list_and_by_nobody_else(data: Data) -> None:
    mine, other = someone(data, "rina"), someone(data, "tono")
    id = keep(data, mine)
    assert kept(data, mine) == {"Terlambat": "time=late"}
    assert kept(data, mine, "recommendations") == {}
    assert kept(data, other) == {}
    with pytest.raises(NotFound):
        saved_lists.forget(data, other, id)
    with pytest.raises(NotFound):
        saved_lists.rename(data, other, id, "Punya saya")
    assert kept(data, mine) == {"Terlambat": "time=late"}


def test_a_kept_list_gets_another_name_and_is_forgotten(data: Data) -> None:
    mine = someone(data, "rina")
    id = keep(data, mine)
    saved_lists.rename(data, mine, id, " Lewat tenggat ")
    assert kept(data, mine) == {"Lewat tenggat": "time=late"}
    saved_lists.rename(data, mine, id, "lewat tenggat")
    saved_lists.forget(data, mine, id)
    assert kept(data, mine) == {}


@pytest.mark.parametrize("name", ["", " \u200b", "x" * 81, "terlambat "])
def test_a_name_is_neither_empty_nor_too_long_nor_taken(data: Data, name: str) -> None:
    mine = someone(data, "rina")
    keep(data, mine)
    other = keep(data, mine, name="Lain")
    for act in (
        lambda: keep(data, mine, name=name),
        lambda: saved_lists.rename(data, mine, other, name),
    ):
        with pytest.raises(BadInput) as refused:
            act()
        assert set(refused.value.fields) == {"name"}
    assert set(kept(data, mine)) == {"Terlambat", "Lain"}


def test_nobody_keeps_more_lists_than_a_page_has_room_for(data: Data) -> None:
    mine = someone(data, "rina")
    for number in range(saved_lists.MOST):
        keep(data, mine, name=f"Daftar {number}")
    with pytest.raises(BadInput):
        keep(data, mine, name="Satu lagi")
    with pytest.raises(BadInput):
        keep(data, someone(data, "tono"), query="q=" + "x" * saved_lists.LONGEST_QUERY)


@pytest.mark.parametrize("act", ["save", "rename"])
def test_of_two_that_take_a_name_at_one_instant_the_second_is_told(
    data: Data, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    """Nobody has the name when it is looked up; the row of the other tab is there first."""
    mine = someone(data, "rina")
    other = keep(data, mine, name="Lain")
    keep(data, mine)
    monkeypatch.setattr(saved_lists.table, "of", lambda *_: [])
    with pytest.raises(BadInput) as refused:
        if act == "save":
            keep(data, mine)
        else:
            saved_lists.rename(data, mine, other, "Terlambat")
    assert refused.value.fields == {"name": saved_lists.TAKEN}
    monkeypatch.undo()
    assert set(kept(data, mine)) == {"Lain", "Terlambat"}
