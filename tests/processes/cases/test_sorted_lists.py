"""Lists that are sorted and searched: each order is complete, in both directions, page by page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from engine.sentences.errors import BadInput
from processes.cases.follow_up import follow_up_list
from processes.cases.recommendation import recommendations
from processes.ground.paging import Page
from processes.ground.sorting import Sort
from processes.storage.cases import recommendation_rows
from processes.storage.cases.lists.follow_up_lists import Wanted
from processes.storage.cases.lists.recommendation_lists import Wanted as WantedOne
from tests.processes.stories.world import REPORT, World
from tests.processes.work.test_paging import backwards, forwards

Ask = Callable[..., Page[Any]]


def filled(world: World) -> None:
    """Four issued to two institutions, with two deadlines and titles; two drafts, one of them
    empty."""
    for number in range(4):
        world.issued(
            supporting=["kemenperin"],
            title=f"Pemutakhiran peta {('jalan', 'laut')[number % 2]}",
            deadline_date=str(date(2026, 6, 30 - number % 2)),
        )
    world.propose()
    world.register(world.propose())


def test_follow_ups_are_read_in_each_order_to_the_end_and_back(world: World) -> None:
    filled(world)
    keys: dict[str, Callable[[Any], Any]] = {
        "deadline": lambda row: row.listed.cell.deadline,
        "recommendation": lambda row: row.listed.number,
        "institution": lambda row: row.listed.cell.institution,
        "since": lambda row: row.listed.cell.status_since,
    }
    assert set(keys) == set(follow_up_list.SORTS)
    with world.service.reading() as connection:
        for by, key in keys.items():
            for descending in (False, True):

                def ask(**place: Any) -> Page[Any]:
                    return follow_up_list.page(
                        connection, world.person("coordinator"), Wanted(), world.clock.now,
                        sort=Sort(by, descending), limit=3, **place,  # noqa: B023
                    )  # fmt: skip

                rows = walked(ask)
                assert len(rows) == 8
                in_order = [key(row) for row in rows]
                assert in_order == sorted(in_order, reverse=descending), (by, descending)


def test_recommendations_are_read_in_each_order_and_what_has_no_value_comes_last(
    world: World,
) -> None:
    filled(world)
    keys: dict[str, Callable[[Any], Any]] = {
        "newest": lambda row: row.id,
        "number": lambda row: row.listed.number,
        "deadline": lambda row: row.listed.deadline,
        "issued": lambda row: row.listed.issued_at,
    }
    assert set(keys) == set(recommendations.SORTS)
    with world.service.reading() as connection:
        for by, key in keys.items():
            for descending in (False, True):

                def ask(**place: Any) -> Page[Any]:
                    return recommendations.page(
                        connection, world.person("coordinator"), world.clock.now,
                        sort=Sort(by, descending), limit=2, **place,  # noqa: B023
                    )  # fmt: skip

                rows = walked(ask)
                assert len(rows) == 6
                values = [key(row) for row in rows]
                given = [value for value in values if value is not None]
                gaps = [None] * (len(values) - len(given))
                assert values == sorted(given, reverse=descending) + gaps, (by, descending)
                assert by == "newest" or gaps, "a draft has no such value"


def walked(ask: Ask) -> list[Any]:
    """All rows, read to the end and back again."""
    there = forwards(ask)
    assert backwards(ask, there[-1][0]) == there[:-1]
    rows: list[Any] = []
    page = ask()
    while True:
        rows += page.items
        if page.last is None:
            return rows
        page = ask(after=page.last.id)


def test_an_order_that_nobody_offers_is_refused(small_world: World) -> None:
    with small_world.service.reading() as connection:
        asking, now = small_world.person("coordinator"), small_world.clock.now
        with pytest.raises(BadInput):
            follow_up_list.page(connection, asking, Wanted(), now, sort=Sort("holder"))
        with pytest.raises(BadInput):
            recommendations.page(connection, asking, now, sort=Sort("text"))


def found(world: World, who: str, searched: str) -> tuple[list[str], list[str]]:
    """The institutions of the follow-ups that a search finds, and the titles."""
    with world.service.reading() as connection:
        asking, now = world.person(who), world.clock.now
        parts = follow_up_list.page(connection, asking, Wanted(searched=searched), now).items
        if not asking.oversees:
            return sorted(row.listed.cell.institution for row in parts), []
        wholes = recommendations.page(connection, asking, now, WantedOne(searched=searched)).items
    return (
        sorted(row.listed.cell.institution for row in parts),
        sorted(row.listed.title for row in wholes),
    )


def test_a_case_is_found_by_beginnings_of_words_of_title_number_and_institution(
    world: World,
) -> None:
    one = world.issued(supporting=["kemenperin"], title="Pemutakhiran Peta Jalan Énergi")
    both, titles = ["kemenperin", "kemhan"], ["Pemutakhiran Peta Jalan Énergi"]
    for searched in ("pemut", "JALAN peta", "energi", world.recommendation(one).number or "-"):
        assert found(world, "coordinator", searched) == (both, titles), searched
    assert found(world, "coordinator", "pertahanan") == (["kemhan"], [])
    assert found(world, "coordinator", "peta perindus")[0] == ["kemenperin"]
    assert found(world, "kemhan", "peta")[0] == ["kemhan"], "its own alone"
    for missing in ("laut", "peta laut", "emutakhiran", "a_b%"):
        assert found(world, "coordinator", missing) == ([], []), missing
    assert found(world, "coordinator", " -/ ") == (both, titles), "nothing was asked"


def test_a_case_is_found_by_the_number_of_its_letter_and_of_its_receipt(world: World) -> None:
    one = world.issued(supporting=["kemenperin"])
    part = world.follow_up(one, "kemhan")
    assert found(world, "coordinator", "B-77/SES/2026") == ([], [])
    world.to_report("kemhan", part)
    receipt = world.hand_in("kemhan", part, letter_number="B-77/SES/2026").receipt_number
    for searched in ("B-77/SES", "b77ses2026", "77/ses", "ses/2026"):
        assert found(world, "coordinator", searched)[0] == ["kemhan"], searched
    assert found(world, "coordinator", "77/2026")[0] == []
    assert found(world, "coordinator", receipt or "-")[0] == ["kemhan"]
    subject = str(REPORT["subject"]).split()[0]
    assert found(world, "coordinator", subject)[0] == [], (
        "a letter may be more secret than its case"
    )


def test_a_case_above_the_clearance_is_not_found_by_its_words(world: World) -> None:
    world.issued(title="Rahasia benar", classification="secret")
    assert found(world, "kemhan", "rahasia")[0] == ["kemhan"]
    world.lower_clearance("kemhan", "ordinary")
    world.lower_clearance("coordinator", "ordinary")
    assert found(world, "kemhan", "rahasia") == ([], [])
    assert found(world, "coordinator", "rahasia") == ([], [])


def test_a_new_title_is_found_and_the_old_one_is_not(small_world: World) -> None:
    id = small_world.propose()
    small_world.register(id, title="Judul pertama")
    assert found(small_world, "coordinator", "pertama")[1] == ["Judul pertama"]
    with small_world.service.transaction() as connection:
        recommendation_rows.change(connection, id, small_world.clock.now, title="Judul kedua")
    assert found(small_world, "coordinator", "pertama")[1] == []
    assert found(small_world, "coordinator", "kedua")[1] == ["Judul kedua"]


def test_a_list_is_narrowed_to_a_coordinator_and_to_days_of_the_deadline(world: World) -> None:
    filled(world)
    with world.service.reading() as connection:
        asking, now = world.person("coordinator"), world.clock.now
        for number, wanted in (
            (8, Wanted(coordinator="coordinator")),
            (0, Wanted(coordinator="asdep")),
            (4, Wanted(due_from=date(2026, 6, 30))),
            (4, Wanted(due_to=date(2026, 6, 29))),
            (8, Wanted(due_from=date(2026, 6, 29), due_to=date(2026, 6, 30))),
        ):
            assert len(follow_up_list.page(connection, asking, wanted, now).items) == number, wanted
        for number, whole in (
            (6, WantedOne(coordinator="coordinator")),
            (0, WantedOne(coordinator="asdep")),
            (3, WantedOne(due_to=date(2026, 6, 29))),
        ):
            assert len(recommendations.page(connection, asking, now, whole).items) == number, whole
        assert recommendations.coordinators(connection, asking) == [("coordinator", "Coordinator")]
