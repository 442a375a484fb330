"""Files that answers name are uploads of their sender, in whatever field or row they are named."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from engine.models.forms.field import Field
from engine.models.forms.form import Form
from engine.sentences.errors import BadInput
from processes.acts.acting import Acting
from processes.files import named_files, uploads
from processes.rights.access import Scope
from processes.rights.grants import granted
from processes.storage.files import evidence as table
from processes.storage.files.evidence import Evidence, Upload
from tests.processes.conftest import NOW, Data, person, scope

WEEK = timedelta(days=7)
TITLE = Field("textfield", "t", key="title")
PAPERS = Field("filepicker", "p", key="papers", multiple=True)
ROWS = Field(
    "dynamiclist",
    "r",
    key="rows",
    children=(Field("textfield", "n", key="name"), Field("filepicker", "f", key="paper")),
)
GROUP = Field("group", "g", children=(Field("filepicker", "i", key="inside"),))
FORM = Form("papers", "Papers", (TITLE, PAPERS, ROWS, GROUP))


@pytest.fixture
def kemhan(small: Data) -> Scope:
    return scope(small, person(small, "kemhan", granted(contact_of="kemhan")))


def upload(data: Data, owner: str, **changed: Any) -> UUID:
    """The row of a file that somebody has sent."""
    values: dict[str, Any] = {
        "id": uuid7(), "owner": owner, "task_id": None, "sha256": "a" * 64, "name": "a.pdf",
        "type": "application/pdf", "size": 9, "created_at": NOW, "expires_at": NOW + WEEK,
    }  # fmt: skip
    row = Upload(**values | changed)
    with data.transaction() as connection:
        table.insert_upload(connection, row)
    return row.id


def check(data: Data, who: Scope, values: Mapping[str, Any], form: Form = FORM) -> None:
    data.engine.act(lambda act: named_files.check(Acting(data, act, who), form, values))


def refused(data: Data, who: Scope, values: Mapping[str, Any]) -> set[str]:
    """The fields at which these answers are refused."""
    with pytest.raises(BadInput) as wrong:
        check(data, who, values)
    return set(wrong.value.fields)


# --- what is named ------------------------------------------------------------------------------


def test_ones_own_files_are_taken_in_every_place_where_a_form_asks_for_them(
    small: Data, kemhan: Scope
) -> None:
    one, two, three, four = (str(upload(small, "kemhan")) for _ in range(4))
    check(small, kemhan, {
        "papers": [one, two], "rows": [{"name": "x", "paper": three}, {"paper": None}],
        "inside": four,
    })  # fmt: skip


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"papers": [], "rows": [], "inside": None},
        {"papers": None, "rows": None, "inside": ""},
        {"papers": ["", None], "rows": [{"name": "x"}, {"paper": ""}]},
        {"papers": [], "rows": "no list", "inside": []},
        {"rows": ["no row", 7, None]},
    ],
)
def test_where_no_file_is_named_none_is_missed(
    small: Data, kemhan: Scope, values: dict[str, Any]
) -> None:
    check(small, kemhan, values)


def test_a_text_that_looks_like_a_file_is_none(small: Data, kemhan: Scope) -> None:
    check(small, kemhan, {"title": str(uuid7()), "unknown": [str(uuid7())]})


def test_each_field_that_names_something_else_is_told_by_its_place(
    small: Data, kemhan: Scope
) -> None:
    own, foreign = str(upload(small, "kemhan")), str(upload(small, "kemenkeu"))
    assert refused(small, kemhan, {"papers": [own, foreign]}) == {"papers"}
    assert refused(small, kemhan, {"inside": str(uuid7()), "papers": own}) == {"inside"}
    rows = [{"paper": own}, {"paper": "surat.pdf"}, {"name": "x"}, {"paper": foreign}]
    assert refused(small, kemhan, {"rows": rows}) == {"rows[1].paper", "rows[3].paper"}


@pytest.mark.parametrize("named", ["a.pdf", "7", 7, {"id": "x"}, True])
def test_what_is_no_id_names_no_file(small: Data, kemhan: Scope, named: object) -> None:
    assert refused(small, kemhan, {"papers": [named]}) == {"papers"}


def test_an_id_may_be_written_in_any_way_an_id_is_written(small: Data, kemhan: Scope) -> None:
    own = upload(small, "kemhan")
    check(small, kemhan, {"papers": [own.hex, str(own).upper(), f"{{{own}}}", own]})


def test_a_file_may_be_named_twice(small: Data, kemhan: Scope) -> None:
    own = str(upload(small, "kemhan"))
    check(small, kemhan, {"papers": [own, own], "inside": own})


@pytest.mark.parametrize(
    ("fields", "takes"),
    [((TITLE,), False), ((PAPERS,), True), ((ROWS,), True), ((GROUP,), True), ((), False)],
)
def test_a_form_takes_files_where_any_of_its_fields_does(
    fields: tuple[Field, ...], takes: bool
) -> None:
    assert named_files.takes_files(Form("f", "F", fields)) == takes


# --- for another person -------------------------------------------------------------------------


def test_files_of_a_form_go_to_another_person_and_live_a_week_from_then(data: Data) -> None:
    kemhan = scope(data, person(data, "kemhan", granted(contact_of="kemhan")))
    old = NOW - timedelta(days=6)
    own = upload(data, "kemhan", created_at=old, expires_at=old + WEEK, name="bukti.pdf")
    foreign = upload(data, "kemenkeu")
    typed = {
        "papers": [str(own), str(foreign), "a.pdf", 7], "title": str(own), "rows": [{"paper": "x"}],
    }  # fmt: skip
    copied = data.engine.act(
        lambda act: uploads.copy(Acting(data, act, kemhan), typed, "kemhan", "rina")
    )
    new = UUID(copied["papers"][0])
    assert new != own
    assert copied["papers"][1:] == [str(foreign), "a.pdf", 7], "another's file stays another's"
    assert (copied["title"], copied["rows"]) == (typed["title"], typed["rows"])
    with data.reading() as connection:
        [theirs] = table.uploads(connection, "rina", [new, own, foreign])
        [kept] = table.uploads(connection, "kemhan", [own])
    assert (theirs.name, theirs.sha256) == (kept.name, kept.sha256)
    assert (theirs.created_at, theirs.expires_at) == (NOW, NOW + WEEK)
    assert kept.expires_at == old + WEEK, "the giver's own stays as it was"


def test_files_that_were_handed_in_are_named_again_in_their_order_for_one_task(
    small: Data, kemhan: Scope
) -> None:
    files = [
        Evidence(uuid7(), uuid7(), None, None, sha * 64, f"{sha}.pdf", "application/pdf", 9,
                 "pic", NOW, NOW)
        for sha in "ab"
    ]  # fmt: skip
    task_id = uuid7()
    ids = small.engine.act(
        lambda act: uploads.again(Acting(small, act, kemhan), files, "kemhan", task_id)
    )
    with small.reading() as connection:
        found = uploads.of_task(connection, kemhan, task_id)
        assert uploads.of_task(connection, kemhan, uuid7()) == []
    assert [str(one.id) for one in found] == ids
    assert [(one.name, one.sha256, one.owner) for one in found] == [
        ("a.pdf", "a" * 64, "kemhan"), ("b.pdf", "b" * 64, "kemhan"),
    ]  # fmt: skip
    assert {one.expires_at for one in found} == {NOW + WEEK}


def test_uploads_are_told_oldest_first_and_each_to_its_owner(small: Data, kemhan: Scope) -> None:
    ids = [upload(small, "kemhan") for _ in range(3)]
    with small.reading() as connection:
        found = uploads.named(connection, kemhan, [*reversed(ids), uuid7()])
        assert [one.id for one in found] == ids
        assert table.bytes_of_uploads(connection, "kemhan") == 27
        assert table.bytes_of_uploads(connection, "nobody") == 0
        assert uploads.named(connection, kemhan, []) == []
