"""Whether those an escalation is for were told of it, and when."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert
from uuid_utils.compat import uuid7

from processes.notices import tellings
from processes.notices.tellings import Told
from processes.storage.cases.follow_up_detail import escalations
from processes.storage.notices import mail_rows
from processes.storage.notices.mail_rows import NewMail
from processes.storage.notices.tellings import LATEST_DIGEST
from processes.storage.tables.notices import escalation
from tests.processes.conftest import NOW
from tests.processes.lifecycle.conftest import Desk, part_of

DAY = date(2026, 3, 25)
SEVEN = datetime(2026, 3, 25, 0, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=3)


def fired(desk: Desk, *people: str, at: datetime = NOW, whole: bool = False) -> UUID:
    """An escalation for these people."""
    id = uuid7()
    recommendation_id = desk.id if whole else desk.follow_up.recommendation_id
    desk.connection.execute(
        insert(escalation).values(
            id=id, recommendation_id=recommendation_id, follow_up_id=None if whole else desk.id,
            instance_id=desk.instance_id, task_id=uuid4(), element_id="plan", element_name="Plan",
            level=1, level_name="Asdep", due_at=NOW, overdue=1, fired=at, late_seconds=0,
            holder="Kemhan", no_recipient=not people,
            told=[{"user": one, "name": one.title(), "as": "holder"} for one in people],
        )
    )  # fmt: skip
    return id


def mailed(desk: Desk, to: str, at: datetime = NOW, *, whole: bool = False, **state: Any) -> None:
    """A notice to somebody, written at that moment."""
    new = NewMail(
        "notice", to, "", "en",
        recommendation_id=desk.id if whole else desk.follow_up.recommendation_id,
        follow_up_id=None if whole else desk.id,
    )  # fmt: skip
    mail_id = mail_rows.insert_mail(desk.connection, new, "contoh", at)
    mail_rows.change(desk.connection, mail_id, **state)


def in_digest(desk: Desk, to: str, escalation_id: UUID, day: date = DAY, **state: Any) -> None:
    new = NewMail("digest", to, "", "en", digest_day=day)
    mail_id, _ = mail_rows.digest_of(desk.connection, new, "contoh", NOW)
    mail_rows.add_item(desk.connection, mail_id, escalation_id)
    if state:
        mail_rows.change(desk.connection, mail_id, **state)


def told(desk: Desk, *ids: UUID) -> dict[UUID, list[Told]]:
    found = [one for one in escalations(desk.connection, desk.instance_id) if one.id in ids]
    return {id: list(people) for id, people in tellings.of(desk.connection, found).items()}


def test_who_was_sent_a_mail_was_told_when_it_went_out(desk: Desk) -> None:
    id = fired(desk, "rina")
    mailed(desk, "rina", state="sent", sent_at=LATER)
    assert told(desk, id) == {id: [Told("Rina", "sent", LATER)]}


@pytest.mark.parametrize("state", ["queued", "failed", "shown", "dropped"])
def test_a_mail_that_did_not_go_out_has_told_nobody(state: Any, desk: Desk) -> None:
    id = fired(desk, "rina")
    mailed(desk, "rina", state=state)
    [one] = told(desk, id)[id]
    assert (one.state, one.at) == (state, None)


def test_who_has_no_mail_was_not_told(desk: Desk) -> None:
    id = fired(desk, "rina", "budi")
    mailed(desk, "rina", state="sent", sent_at=LATER)
    assert told(desk, id)[id] == [Told("Rina", "sent", LATER), Told("Budi", None, None)]


def test_people_are_told_of_in_the_order_they_were_named(desk: Desk) -> None:
    id = fired(desk, "budi", "asdep", "rina")
    assert [one.name for one in told(desk, id)[id]] == ["Budi", "Asdep", "Rina"]


def test_a_digest_that_waits_goes_out_at_seven_of_its_day(desk: Desk) -> None:
    id = fired(desk, "asdep")
    in_digest(desk, "asdep", id)
    assert told(desk, id)[id] == [Told("Asdep", "queued", SEVEN)]


def test_a_digest_that_was_sent_tells_when(desk: Desk) -> None:
    id = fired(desk, "asdep")
    in_digest(desk, "asdep", id, state="sent", sent_at=LATER)
    assert told(desk, id)[id] == [Told("Asdep", "sent", LATER)]


def test_the_digest_of_another_is_no_telling(desk: Desk) -> None:
    mine, other = fired(desk, "asdep"), fired(desk, "asdep")
    in_digest(desk, "asdep", other)
    in_digest(desk, "deputi", mine)
    assert told(desk, mine)[mine] == [Told("Asdep", None, None)]


def test_a_mail_of_another_look_tells_of_that_one_alone(desk: Desk) -> None:
    """A case is mailed about again and again; the moment of the step joins the two."""
    first, second = fired(desk, "rina"), fired(desk, "rina", at=LATER)
    mailed(desk, "rina", at=LATER, state="sent", sent_at=LATER)
    found = told(desk, first, second)
    assert found[first] == [Told("Rina", None, None)]
    assert found[second] == [Told("Rina", "sent", LATER)]


def test_a_mail_about_the_follow_up_tells_of_no_escalation_of_the_whole(
    desk: Desk, whole: Desk
) -> None:
    of_whole = fired(whole, "rina", whole=True)
    about_its_part = NewMail(
        "notice", "rina", "", "en", recommendation_id=whole.id, follow_up_id=part_of(whole, "tni")
    )
    mail_rows.insert_mail(desk.connection, about_its_part, "contoh", NOW)
    assert told(whole, of_whole)[of_whole] == [Told("Rina", None, None)]
    mailed(whole, "rina", whole=True, state="sent", sent_at=LATER)
    assert told(whole, of_whole)[of_whole] == [Told("Rina", "sent", LATER)]


@pytest.mark.parametrize(("days", "found"), [(0, "queued"), (1, None)])
def test_a_digest_is_looked_for_as_late_as_one_can_go_out(
    days: int, found: str | None, desk: Desk
) -> None:
    id = fired(desk, "asdep")
    in_digest(desk, "asdep", id, NOW.date() + LATEST_DIGEST + timedelta(days=days))
    assert told(desk, id)[id][0].state == found


def test_of_nothing_escalated_nothing_is_told(desk: Desk) -> None:
    assert told(desk) == {}
    id = fired(desk)
    assert told(desk, id) == {id: []}
