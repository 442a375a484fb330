"""A rakor while it is held: typed as it is said, by two, and begun when its minutes are signed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from engine.sentences.errors import BadInput, Conflict, Forbidden
from processes.acts.reading import Reading
from processes.cases import statements
from processes.meetings import agreements, in_session
from processes.meetings.in_session import InSession, Settled, Stated
from processes.register.agreement_states import AgreementState
from tests.processes.stories.agreement.agreed import agreement, waits_for
from tests.processes.stories.rakor.meeting import MINUTES, invited, sign
from tests.processes.stories.world import World

SETTLED = Settled("agreement", "Serahkan peta jalan.", "kemhan", date(2026, 2, 2))
DAY = date(2026, 1, 15)


def held(world: World) -> tuple[UUID, UUID]:
    """A rakor on its day, and kemhan's follow-up that it covers."""
    recommendation = world.issued()
    meeting = invited(world, recommendation)
    world.wait_until(world.at(DAY))
    return meeting, world.follow_up(recommendation, "kemhan")


def shown(world: World, meeting: UUID, code: str = "kemhan") -> InSession:
    """The page as the coordinator reads it."""
    service = world.services[0]
    with service.reading() as connection:
        ask = service.engine.once(connection)
        at = Reading(connection, world.person("coordinator"), ask.now(), ask.real_now(), ask)
        return in_session.page(at, meeting, code)


def finished(world: World, meeting: UUID) -> None:
    """Held, its minutes written and signed."""
    world.do("coordinator", "hold", meeting, attendance="Semua hadir.")
    world.do("coordinator", "minutes", meeting, **MINUTES)
    sign(world, meeting)


def test_what_is_said_is_one_small_step_on_its_follow_up(world: World) -> None:
    meeting, follow_up = held(world)
    who = world.person("coordinator")
    said = Stated("Sudah 60 persen.", "Dirjen Pothan", on_behalf=True)
    made = in_session.add_statement(world.service, who, meeting, "kemhan", follow_up, said)
    with world.service.reading() as connection:
        [spoken] = statements.said(connection, [follow_up])
    assert (spoken.statement.occasion, spoken.confirmed) == ("Rakor RAK-2026-0001", False)
    better = Stated("Sudah 65 persen.", "Dirjen Pothan", version=1)
    in_session.correct_statement(world.service, who, meeting, "kemhan", made, better)
    [row] = shown(world, meeting).said
    assert (row.text, row.on_behalf, row.version) == ("Sudah 65 persen.", False, 2)
    with pytest.raises(BadInput) as refused:
        in_session.correct_statement(
            world.service, who, meeting, "kemhan", made, Stated(" ", "", version=2)
        )
    assert set(refused.value.fields) == {"text", "said_by"}
    with pytest.raises(BadInput) as refused:
        in_session.add_statement(world.service, who, meeting, "kemenperin", follow_up, said)
    assert set(refused.value.fields) == {"follow_up"}


def test_an_agreement_without_holder_or_deadline_is_refused_a_directive_is_not(
    world: World,
) -> None:
    meeting, follow_up = held(world)
    who = world.person("coordinator")
    for bare, missing in (
        (Settled("agreement", "", "", None), {"text", "holder", "deadline"}),
        (Settled("agreement", "Serahkan.", "kemhan", DAY), {"deadline"}),
        (Settled("directive", "Percepat.", "kemhan", None), {"deadline"}),
        (Settled("agreement", "Serahkan.", "tni", date(2026, 2, 2)), {"holder"}),
    ):
        with pytest.raises(BadInput) as refused:
            in_session.add_settled(world.service, who, meeting, "kemhan", bare)
        assert set(refused.value.fields) == missing
    words = Settled("directive", "Utamakan produk dalam negeri.", "", None)
    about = Settled("agreement", "Lengkapi.", "coordinator", date(2026, 2, 2), follow_up)
    for one in (words, about):
        in_session.add_settled(world.service, who, meeting, "kemhan", one)
    settled = shown(world, meeting).settled
    assert [(one.number, one.holder, one.follow_up_id) for one in settled] == [
        (1, None, None),
        (2, "coordinator", follow_up),
    ]
    assert settled[1].recommendation_id is not None


def test_two_who_type_lose_nothing_and_learn_of_each_other(world: World) -> None:
    meeting, _ = held(world)
    who, service = world.person("coordinator"), world.service
    made = in_session.add_settled(service, who, meeting, "kemhan", SETTLED)
    first = replace(SETTLED, text="Serahkan peta jalan lengkap.", version=1)
    in_session.change_settled(service, who, meeting, "kemhan", made, first)
    late = replace(SETTLED, text="Serahkan rencana.", version=1)
    with pytest.raises(Conflict, match="Coordinator has changed this meanwhile"):
        in_session.change_settled(service, who, meeting, "kemhan", made, late)
    with pytest.raises(Conflict):
        in_session.strike_settled(service, who, meeting, "kemhan", made, 1)
    assert agreement(world, made).text == "Serahkan peta jalan lengkap."
    in_session.save_attendance(service, who, meeting, "kemhan", "present", "Rina", 0)
    with pytest.raises(Conflict):
        in_session.save_attendance(service, who, meeting, "kemhan", "absent", "", 0)
    assert (shown(world, meeting).own.attended_by, shown(world, meeting).own.version) == ("Rina", 1)


def test_signed_minutes_begin_what_was_agreed_and_close_the_page(world: World) -> None:
    meeting, _ = held(world)
    who, service = world.person("coordinator"), world.service
    owed = in_session.add_settled(service, who, meeting, "kemhan", SETTLED)
    struck = in_session.add_settled(service, who, meeting, "kemhan", SETTLED)
    words = Settled("directive", "Utamakan produk dalam negeri.", "", None)
    heard = in_session.add_settled(service, who, meeting, "kemhan", words)
    in_session.strike_settled(service, who, meeting, "kemhan", struck, 1)
    finished(world, meeting)
    assert waits_for(world, owed) == ["fulfil"]
    states = [agreement(world, id).status for id in (owed, struck, heard)]
    assert states == [AgreementState.FULFIL, AgreementState.STRUCK, AgreementState.NOTED]
    with pytest.raises(Conflict):
        in_session.add_settled(service, who, meeting, "kemhan", SETTLED)
    ask = world.services[0].engine
    with world.services[0].reading() as connection:
        now = ask.once(connection)
        at = Reading(connection, world.person("kemhan"), now.now(), now.real_now(), now)
        assert [one.id for one in agreements.left_open(at, meeting)] == [owed]
        assert [one.listed.id for one in agreements.page(at).items] == [owed]


def test_minutes_with_a_deadline_that_has_passed_are_not_signed(world: World) -> None:
    meeting, _ = held(world)
    who, service = world.person("coordinator"), world.service
    soon = Settled("agreement", "Serahkan.", "kemhan", date(2026, 1, 16))
    in_session.add_settled(service, who, meeting, "kemhan", soon)
    world.do("coordinator", "hold", meeting, attendance="Semua hadir.")
    world.do("coordinator", "minutes", meeting, **MINUTES)
    world.wait_until(world.at(date(2026, 1, 19)))
    with pytest.raises(BadInput) as refused:
        sign(world, meeting)
    assert "number 1 has passed" in str(refused.value.fields["minutes_signed"])


def test_only_coordinators_type_in_a_rakor(small_world: World) -> None:
    world = small_world
    meeting, _ = held(world)
    for who in ("asdep", "kemhan"):
        with pytest.raises(Forbidden):
            in_session.add_settled(world.service, world.person(who), meeting, "kemhan", SETTLED)
