"""Ordered compilations: of what they are, by whom they are made and fetched, what a death costs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from engine.later.loop import LEASE
from engine.sentences.errors import BadInput, Conflict, Forbidden, NotFound
from processes.cases.follow_up import follow_up_acts
from processes.cases.follow_up.follow_up_acts import Said
from processes.files.blobs import BlobFolder
from processes.operation.upkeep import daily
from processes.papers import compilation_orders as orders
from processes.papers import selections
from processes.papers.compilation_orders import KEPT, MOST_UNDER_WAY, Maker, Ordered, Wanted
from processes.papers.selections import Selection
from processes.register.compilation_states import ORDER_MOVES, OrderState
from processes.storage.files import compilation_orders as table
from processes.storage.files.compilation_orders import compilation_file, compilation_order
from processes.storage.rights.audit import audit
from processes.storage.tables.people import user, user_role
from processes.storage.tables.recommendations import recommendation
from tests.documents_read import sheets_of_excel, words_of_pdf, words_of_word
from tests.processes.stories.world import FILES, World
from tests.processes.stories.written_report import asking

ZONE = ZoneInfo("Asia/Jakarta")
EVERYTHING = Selection()


def reported(world: World, **changes: Any) -> UUID:
    """Kemhan has handed in, and before that said something; Kemenperin has not begun."""
    id = world.issued(**changes)
    case = world.follow_up(id, "kemhan")
    said = Said("Sudah 60 persen.", "Sesjen", world.today())
    follow_up_acts.record_statement(world.service, world.person("coordinator"), case, said)
    world.to_report("kemhan", case)
    world.hand_in("kemhan", case)
    return id


def order(world: World, wanted: Selection = EVERYTHING, who: str = "coordinator") -> int:
    return orders.order(world.service, world.person(who), wanted, language="id", zone=ZONE)


def newest(world: World, who: str = "coordinator") -> Ordered:
    with world.service.reading() as connection:
        return orders.mine(connection, world.person(who))[0]


def fetch(world: World, form: str = "docx", who: str = "coordinator") -> bytes:
    id = newest(world).order.id
    file = orders.fetch(world.service, world.person(who), id, form, address="127.0.0.1")
    return BlobFolder(world.folder / "evidence").open(file.sha256).read()


def wanted(world: World, selection: Selection) -> list[str | None]:
    """The numbers of what a selection finds."""
    with world.service.reading() as connection:
        rows = selections.found(connection, world.person("asdep"), selection, ZONE)
    return [row.number for row in rows]


# --- what is chosen -----------------------------------------------------------------------------


def test_a_selection_is_by_number_institution_letter_and_period(world: World) -> None:
    first = reported(world)
    world.issued(lead=["kemenkeu"], supporting=[])
    with world.service.transaction() as connection:
        of_first = recommendation.c.id == first
        connection.execute(update(recommendation).values(letter_number="B/2/2026"))
        connection.execute(update(recommendation).where(of_first).values(letter_number="B/1/2026"))
    one, two = "REK-2026-0001", "REK-2026-0002"
    today = world.today()
    assert wanted(world, EVERYTHING) == [one, two]
    assert wanted(world, Selection(numbers=(two,))) == [two]
    assert wanted(world, Selection(institution="kemhan")) == [one]
    assert wanted(world, Selection(letter="B/2/2026")) == [two]
    assert wanted(world, Selection(since=today, until=today)) == [one], "only one was reported on"
    assert wanted(world, Selection(since=today + timedelta(1))) == []
    assert wanted(world, Selection(since=date.min, until=date.max)) == wanted(world, Selection())
    assert wanted(world, Selection(until=today - timedelta(1))) == []
    assert wanted(world, Selection(institution="kemenperin", since=today)) == []


def test_a_draft_is_no_part_of_any_selection(small_world: World) -> None:
    small_world.register(small_world.propose())
    assert wanted(small_world, EVERYTHING) == []


def test_a_selection_is_stored_and_read_back_whole() -> None:
    chosen = Selection(("A", "B"), "kemhan", "B/1", date(2026, 1, 5), date(2026, 1, 6))
    assert Selection.decode(chosen.encode()) == chosen
    assert Selection.decode(EVERYTHING.encode()) == EVERYTHING


@pytest.mark.parametrize(
    ("chosen", "field"),
    [
        (Selection(numbers=("REK-2026-0001", "REK-1999-0007")), "numbers"),
        (Selection(institution="kemenkeu"), "numbers"),
        (Selection(since=date(2026, 2, 1), until=date(2026, 1, 1)), "until"),
    ],
)
def test_a_selection_without_anything_is_refused_by_its_field(
    small_world: World, chosen: Selection, field: str
) -> None:
    small_world.issued()
    with pytest.raises(BadInput) as refused:
        order(small_world, chosen)
    assert list(refused.value.fields) == [field]
    if len(chosen.numbers) > 1:
        assert "REK-1999-0007" in str(refused.value.fields[field])


def test_more_than_one_document_holds_is_refused_and_not_cut(
    small_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_world.issued()
    small_world.issued()
    for module in (selections, orders):
        monkeypatch.setattr(module, "MOST", 1)
    with pytest.raises(BadInput) as refused:
        order(small_world)
    assert list(refused.value.fields) == ["numbers"]


def test_nobody_orders_more_while_three_are_under_way(small_world: World) -> None:
    small_world.issued()
    for _ in range(MOST_UNDER_WAY):
        order(small_world)
    with pytest.raises(Conflict):
        order(small_world)
    order(small_world, who="asdep")


# --- how it is made -----------------------------------------------------------------------------


def test_what_was_ordered_is_made_in_three_forms_and_fetched(world: World) -> None:
    reported(world)
    reported(world)
    assert order(world) == 2
    assert (newest(world).order.state, newest(world).order.planned) == (OrderState.WAITING, 5)
    world.run()
    found = newest(world)
    assert found.order.state is OrderState.READY
    assert (found.order.done, found.order.planned) == (5, 5)
    assert found.order.expires_at == world.clock.now + KEPT
    assert {one.form for one in found.files} == {"docx", "pdf", "xlsx"}
    for words in (words_of_word(fetch(world)), words_of_pdf(fetch(world, "pdf"))):
        for text in ("REK-2026-0001", "REK-2026-0002", "Kemhan", "Sudah 60 persen."):
            assert text in words, text
    book = sheets_of_excel(fetch(world, "xlsx"))
    assert [sheet.max_row - 1 for sheet in book] == [2, 4, 2, 2, 2]


def test_basis_outcome_and_the_rule_with_its_figures_stand_in_it(small_world: World) -> None:
    world = small_world
    reported(world)
    known = {
        "legal_basis": "Perpres 1/2026", "expected_outcome": "Kapasitas naik.",
        "source_meeting": "Rapat A", "rpjmn_reference": "PN 7", "rollup_rule": "lead",
    }  # fmt: skip
    with world.service.transaction() as connection:
        connection.execute(update(recommendation).values(known))
    order(world)
    world.run()
    for words in (words_of_word(fetch(world)), words_of_pdf(fetch(world, "pdf"))):
        for text in ("Perpres 1/2026", "Kapasitas naik.", "Rapat A", "PN 7"):
            assert text in words, text
        assert "Penanggung jawab menentukan: Kemhan: Terbuka; 1 dari 1 instansi pendukung" in words


def test_an_institution_and_a_period_leave_their_reports_alone(small_world: World) -> None:
    world = small_world
    id = reported(world)
    case = world.follow_up(id, "kemenperin")
    half = asking.answer(case, narrative="Baru separuh.")
    asking.hand_in(world, asking.ask(world), "kemenperin", [half])
    world.to_report("kemenperin", case)
    world.wait_days(3)
    world.hand_in("kemenperin", case, subject="Laporan belakangan")
    order(world)
    world.run()
    assert "Baru separuh." in words_of_word(fetch(world))
    order(world, Selection(institution="kemhan"))
    world.run()
    words = words_of_word(fetch(world))
    assert "Kemhan" in words and "Laporan belakangan" not in words
    order(world, Selection(since=world.today()))
    world.run()
    words = words_of_word(fetch(world))
    assert "Laporan belakangan" in words
    assert "Sudah 60 persen." not in words, "it was said before"
    assert "Baru separuh." not in words, "it was reported before"
    files = [row[2] for row in sheets_of_excel(fetch(world, "xlsx")).worksheets[4].values][1:]
    assert len(files) == 1, "the evidence of the report that counts"


class Died(BaseException):
    """A worker that is killed."""


def test_a_worker_that_dies_leaves_an_order_that_another_makes(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    reported(world)
    send = Maker.send
    order(world)

    def dying(found: Wanted) -> Iterator[tuple[str, bytes]]:
        yield from list(FILES(found))[:1]
        raise Died

    monkeypatch.setattr(Maker, "send", lambda self, it: send(replace(self, write=dying), it))
    with pytest.raises(Died):
        world.run()
    monkeypatch.undo()
    assert newest(world).order.state is OrderState.MAKING
    assert newest(world).files == []
    world.run()
    assert newest(world).order.state is OrderState.MAKING, "the lease of the dead one still holds"
    world.clock.now += LEASE
    world.run()
    assert newest(world).order.state is OrderState.READY
    assert len(newest(world).files) == 3


# --- whose it is --------------------------------------------------------------------------------


def test_only_who_ordered_it_fetches_it_and_the_read_is_in_the_audit(small_world: World) -> None:
    world = small_world
    reported(world)
    order(world)
    world.run()
    fetch(world)
    with pytest.raises(NotFound):
        fetch(world, who="asdep")
    with pytest.raises(Forbidden):
        fetch(world, who="kemhan")
    with pytest.raises(NotFound):
        fetch(world, "exe")
    with world.service.reading() as connection:
        acts = list(connection.scalars(select(audit.c.act).order_by(audit.c.seq)))
    assert [one for one in acts if "compilation" in one] == [
        "order_compilation", "read_compilation",
    ]  # fmt: skip


def test_rights_are_asked_again_when_it_is_made(small_world: World) -> None:
    world = small_world
    reported(world)
    order(world)
    with world.service.transaction() as connection:
        connection.execute(user_role.delete().where(user_role.c.role == "coordinator"))
    world.run()
    with world.service.reading() as connection:
        [one] = connection.execute(select(compilation_order.c.state, compilation_order.c.ended_at))
    assert one.state is OrderState.REFUSED and one.ended_at is not None


def test_what_was_classified_higher_meanwhile_is_left_out_and_nothing_is_empty(
    small_world: World,
) -> None:
    world = small_world
    reported(world)
    world.lower_clearance("coordinator", "ordinary")
    order(world)
    with world.service.transaction() as connection:
        connection.execute(update(recommendation).values(classification="secret"))
    world.run()
    assert newest(world).order.state is OrderState.EMPTY


def test_who_lost_the_clearance_since_does_not_fetch_it(small_world: World) -> None:
    world = small_world
    reported(world, classification="restricted")
    order(world)
    world.run()
    assert newest(world).order.classification == "restricted"
    world.lower_clearance("coordinator", "ordinary")
    with pytest.raises(NotFound):
        fetch(world)


def test_it_is_kept_for_a_stated_time_and_then_its_files_go(small_world: World) -> None:
    world = small_world
    reported(world)
    order(world)
    world.run()
    world.clock.now += KEPT
    with pytest.raises(NotFound):
        fetch(world)
    for work in daily(world.folder / "evidence")[1:2]:
        work(world.service.engine)
    assert newest(world).order.state is OrderState.EXPIRED
    with world.service.reading() as connection:
        assert connection.execute(select(compilation_file)).all() == []


# --- states -------------------------------------------------------------------------------------


def test_an_order_moves_only_as_the_table_says(small_world: World) -> None:
    small_world.issued()
    order(small_world)
    id = newest(small_world).order.id
    for to in OrderState:
        for before in OrderState:
            with small_world.service.transaction() as connection:
                connection.execute(update(compilation_order).values(state=before))
                if to in ORDER_MOVES and to is not OrderState.EXPIRED:
                    assert table.move(connection, id, to, {}) is (before in ORDER_MOVES[to])


def test_who_has_no_clearance_of_any_account_is_no_reader(small_world: World) -> None:
    """An account that was closed makes no compilation."""
    reported(small_world)
    order(small_world)
    with small_world.service.transaction() as connection:
        connection.execute(update(user).values(active=False))
    small_world.run()
    with small_world.service.reading() as connection:
        assert connection.scalars(select(compilation_order.c.state)).one() is OrderState.REFUSED
