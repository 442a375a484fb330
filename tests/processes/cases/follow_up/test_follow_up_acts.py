"""What is done to a follow-up outside the tasks of its model, and what is refused by field."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from engine.sentences.errors import BadInput, Conflict, Forbidden, NotFound
from processes.cases.follow_up import follow_up_acts, follow_ups
from processes.cases.follow_up.follow_up_acts import Said
from processes.cases.follow_up.follow_ups import Detail
from processes.cases.recommendation import recommendations
from processes.register.vocabulary import FOLLOW_UP_KINDS
from tests.processes.stories.world import World

DEADLINE = date(2026, 4, 30)
SAID = Said("Sudah 60 persen.", "Sekretaris Jenderal", date(2026, 1, 5), "Rakor")
UNSEEN = " \u200b"


@pytest.fixture
def case(small_world: World) -> UUID:
    """The follow-up of Kemhan, to be done by 30 April 2026."""
    return small_world.follow_up(small_world.issued(), "kemhan")


def detail(world: World, case: UUID, who: str = "coordinator") -> Detail:
    with world.service.reading() as connection:
        return follow_ups.detail(connection, world.person(who), case, world.clock.now)


def ask(world: World, case: UUID, who: str = "kemhan", **changed: Any) -> None:
    wanted: dict[str, Any] = {
        "deadline": date(2026, 5, 29),
        "reason": "Tender diulang.",
        "letter_number": "P-1",
    }
    follow_up_acts.request_extension(world.service, world.person(who), case, **wanted | changed)
    world.run()


def record(world: World, case: UUID, said: Said, who: str = "coordinator") -> None:
    follow_up_acts.record_statement(world.service, world.person(who), case, said)


# --- asking for a later deadline ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "fields"),
    [
        ({"deadline": DEADLINE}, {"deadline"}),
        ({"deadline": DEADLINE - timedelta(days=1)}, {"deadline"}),
        ({"reason": UNSEEN}, {"reason"}),
        ({"deadline": DEADLINE, "reason": ""}, {"deadline", "reason"}),
    ],
)
def test_a_request_needs_a_later_day_and_a_reason_one_can_read(
    small_world: World, case: UUID, wanted: dict[str, Any], fields: set[str]
) -> None:
    with pytest.raises(BadInput) as refused:
        ask(small_world, case, **wanted)
    assert set(refused.value.fields) == fields
    assert detail(small_world, case).extensions == []


def test_a_request_is_refused_alike_before_it_is_sent(small_world: World, case: UUID) -> None:
    world = small_world
    with world.service.reading() as connection, pytest.raises(BadInput) as refused:
        follow_up_acts.check_extension(
            connection, world.person("kemhan"), case, deadline=DEADLINE, reason=UNSEEN,
            now=world.clock.now,
        )  # fmt: skip
    assert set(refused.value.fields) == {"deadline", "reason"}


def test_a_request_that_nobody_decided_waits_no_more_after_the_end(
    small_world: World, case: UUID
) -> None:
    ask(small_world, case)
    assert detail(small_world, case).pending_extension is not None
    small_world.finish("kemhan", case)
    assert detail(small_world, case).pending_extension is None


def test_the_next_day_can_be_asked_for(small_world: World, case: UUID) -> None:
    ask(small_world, case, deadline=DEADLINE + timedelta(days=1))
    [wish] = detail(small_world, case).extensions
    assert wish.requested_deadline == DEADLINE + timedelta(days=1)


def test_after_the_deadline_only_a_day_that_is_still_to_come_can_be_asked_for(
    small_world: World, case: UUID
) -> None:
    small_world.wait_until(small_world.at(date(2026, 5, 4)))
    with pytest.raises(BadInput) as refused:
        ask(small_world, case, deadline=date(2026, 5, 4))
    assert set(refused.value.fields) == {"deadline"}
    ask(small_world, case, deadline=date(2026, 5, 5))
    assert detail(small_world, case).pending_extension is not None


def test_what_was_typed_around_a_reason_is_not_kept(small_world: World, case: UUID) -> None:
    ask(small_world, case, reason="  Tender diulang. ", letter_number=" P-1 ")
    [wish] = detail(small_world, case).extensions
    assert (wish.reason, wish.letter_number) == ("Tender diulang.", "P-1")
    assert wish.requested_by == "kemhan"


def test_leadership_of_the_institution_asks_as_its_contact_does(
    small_world: World, case: UUID
) -> None:
    ask(small_world, case, "kemhan-head")
    assert [one.requested_by for one in detail(small_world, case).extensions] == ["kemhan-head"]


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("coordinator", Forbidden),
        ("asdep", Forbidden),
        ("kemenperin", NotFound),
        ("owner", NotFound),
        ("admin", NotFound),
    ],
)
def test_nobody_else_asks_and_those_outside_learn_of_no_case(
    small_world: World, case: UUID, who: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        ask(small_world, case, who)


def test_a_case_that_has_ended_has_no_deadline_to_move(small_world: World, case: UUID) -> None:
    small_world.finish("kemhan", case)
    with pytest.raises(Conflict) as refused:
        ask(small_world, case)
    assert "has ended" in str(refused.value)


# --- what was said and not written --------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"text": UNSEEN}, "text"),
        ({"said_by": UNSEEN}, "said_by"),
        ({"said_on": None}, "said_on"),
        ({"said_on": date(2026, 1, 6)}, "said_on"),
    ],
)
def test_a_statement_needs_words_a_speaker_and_a_day_that_has_come(
    small_world: World, case: UUID, changed: dict[str, Any], field: str
) -> None:
    facts = {"text": "Sudah.", "said_by": "Sesjen", "said_on": date(2026, 1, 5), **changed}
    with pytest.raises(BadInput) as refused:
        record(small_world, case, Said(**facts))
    assert set(refused.value.fields) == {field}
    assert detail(small_world, case).statements == []


def test_all_that_is_wrong_with_a_statement_is_told_at_once(small_world: World, case: UUID) -> None:
    with pytest.raises(BadInput) as refused:
        record(small_world, case, Said("", "", None))
    assert set(refused.value.fields) == {"text", "said_by", "said_on"}


def test_a_statement_is_kept_with_who_said_it_and_who_wrote_it_down(
    small_world: World, case: UUID
) -> None:
    record(small_world, case, Said(" Sudah. ", " Sesjen ", date(2025, 12, 9), "  "))
    [kept] = detail(small_world, case).statements
    assert (kept.text, kept.said_by, kept.said_on) == ("Sudah.", "Sesjen", date(2025, 12, 9))
    assert (kept.occasion, kept.by) == (None, "coordinator")


def test_a_statement_changes_neither_stage_nor_claim(small_world: World, case: UUID) -> None:
    before = small_world.case(case)
    record(small_world, case, SAID)
    assert small_world.case(case) == before


def test_each_statement_is_an_entry_in_the_history_of_the_case(
    small_world: World, case: UUID
) -> None:
    for _ in range(2):
        record(small_world, case, SAID)
    kinds = [event.kind for event in detail(small_world, case).events]
    assert kinds.count("statement") == 2


# --- the kind of work ---------------------------------------------------------------------------


@pytest.mark.parametrize("kind", FOLLOW_UP_KINDS)
def test_a_follow_up_is_of_one_kind_the_one_said_last(
    small_world: World, case: UUID, kind: str
) -> None:
    for one in ("other", kind):
        follow_up_acts.set_kind(small_world.service, small_world.person("coordinator"), case, one)
    assert small_world.case(case).kind == kind
    events = [one for one in detail(small_world, case).events if one.kind == "kind"]
    assert [one.details["kind"] for one in events] == ["other", kind]


@pytest.mark.parametrize("kind", ["", "Other", "something"])
def test_a_kind_that_is_not_offered_is_refused_by_its_field(
    small_world: World, case: UUID, kind: str
) -> None:
    with pytest.raises(BadInput) as refused:
        follow_up_acts.set_kind(small_world.service, small_world.person("coordinator"), case, kind)
    assert set(refused.value.fields) == {"kind"}
    assert small_world.case(case).kind is None


# --- of all of them -----------------------------------------------------------------------------

ACTS: list[Callable[[World, UUID], object]] = [
    ask,
    lambda world, id: record(world, id, SAID),
    lambda world, id: follow_up_acts.set_kind(
        world.service, world.person("coordinator"), id, "other"
    ),
]


@pytest.mark.parametrize("act", ACTS)
def test_there_is_nothing_to_do_with_a_case_that_is_not_there(
    small_world: World, act: Callable[[World, UUID], object]
) -> None:
    with pytest.raises(NotFound):
        act(small_world, uuid4())


# --- proposing to take a recommendation back ----------------------------------------------------


def test_a_withdrawal_is_proposed_once_and_with_a_reason(small_world: World) -> None:
    world, coordinator = small_world, small_world.person("coordinator")
    id = world.issued()
    with pytest.raises(BadInput) as refused:
        recommendations.propose_withdrawal(world.service, coordinator, id, UNSEEN)
    assert set(refused.value.fields) == {"reason"}
    recommendations.propose_withdrawal(world.service, coordinator, id, " Dasar dicabut. ")
    world.run()
    with pytest.raises(Conflict):
        recommendations.propose_withdrawal(world.service, coordinator, id, "Sekali lagi.")
    assert "decide_withdrawal" in world.waits_for(id)


@pytest.mark.parametrize(
    ("who", "refusal"), [("kemhan", Forbidden), ("kemenkeu", NotFound), ("admin", NotFound)]
)
def test_those_who_work_on_it_do_not_propose_to_take_it_back(
    small_world: World, who: str, refusal: type[Exception]
) -> None:
    id = small_world.issued()
    with pytest.raises(refusal):
        recommendations.propose_withdrawal(
            small_world.service, small_world.person(who), id, "Berat."
        )
