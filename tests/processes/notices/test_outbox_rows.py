"""The outbox as it is kept: narrowed, page by page, and what a reader may not see of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, select, update
from uuid_utils.compat import uuid7

from engine.storage.tables import definition, job
from processes.ground.paging import Cursor
from processes.ground.payloads import DoPart, SendMail, SendResetLink
from processes.ground.sorting import Sort
from processes.storage.notices import digest_tasks, mail_rows, process_names
from processes.storage.notices.digest_tasks import DigestTask
from processes.storage.notices.mail_rows import NewMail, Wanted
from processes.storage.tables.notices import escalation
from processes.storage.tables.recommendations import recommendation
from tests.processes.conftest import NOW
from tests.processes.lifecycle.conftest import Desk
from tests.processes.notices.conftest import mails


def write(desk: Desk, to: str = "rina", hours: int = 0, **changed: Any) -> UUID:
    values: dict[str, Any] = {"subject": "S", "body": "B", **changed}
    new = NewMail("notice", to, f"{to}@contoh.go.id", "id", **values)
    return mail_rows.insert_mail(desk.connection, new, "contoh", NOW + timedelta(hours=hours))


def found(desk: Desk, **wanted: Any) -> list[UUID]:
    rows = mail_rows.page(desk.connection, Wanted(**wanted), limit=100)
    return [one.id for one in rows]


def test_a_mail_waits_under_its_own_lasting_id(desk: Desk) -> None:
    id = write(desk)
    kept = mail_rows.find(desk.connection, id)
    assert kept is not None
    assert (kept.state, kept.tries, kept.error, kept.sent_at) == ("queued", 0, None, None)
    assert kept.message_id == f"<outbox-{id}@contoh>"
    assert mail_rows.find(desk.connection, uuid4()) is None


def test_a_mail_to_a_person_without_an_address_has_none(desk: Desk) -> None:
    new = NewMail("notice", "rina", "", "id")
    id = mail_rows.insert_mail(desk.connection, new, "contoh", NOW)
    kept = mail_rows.find(desk.connection, id)
    assert kept is not None and kept.to_address is None


def test_the_newest_mail_stands_first_and_the_list_can_be_turned(desk: Desk) -> None:
    old, new, middle = write(desk), write(desk, hours=4), write(desk, hours=2)
    assert found(desk) == [new, middle, old]
    turned = mail_rows.page(desk.connection, sort=Sort("newest"), limit=2)
    assert [one.id for one in turned] == [old, middle]
    behind = mail_rows.page(desk.connection, at=Cursor(new), limit=9)
    assert [one.id for one in behind] == [middle, old]


def test_the_outbox_is_narrowed_to_a_state(desk: Desk) -> None:
    failed, sent = write(desk), write(desk)
    mail_rows.change(desk.connection, failed, state="failed")  # type: ignore[arg-type]
    mail_rows.change(desk.connection, sent, state="sent")  # type: ignore[arg-type]
    assert (found(desk, state="failed"), found(desk, state="shown")) == ([failed], [])
    assert mail_rows.count_failed(desk.connection) == 1


@pytest.mark.parametrize(
    ("part", "who"),
    [("RIN", ["rina"]), ("contoh b", ["budi"]), ("contoh", ["budi", "rina"]), ("%", []), ("_", [])],
)
def test_the_outbox_is_narrowed_to_a_part_of_a_name(part: str, who: list[str], desk: Desk) -> None:
    of = {write(desk, name): name for name in ("rina", "budi")}
    assert sorted(of[id] for id in found(desk, recipient=part)) == who


def test_the_outbox_is_narrowed_to_days_both_of_them_within(desk: Desk) -> None:
    ids = [write(desk, hours=hour) for hour in range(4)]
    hour = timedelta(hours=1)
    assert found(desk, written_from=NOW + hour, written_to=NOW + 2 * hour) == [ids[2], ids[1]]
    assert found(desk, written_from=NOW + 3 * hour) == [ids[3]]


# --- digests ------------------------------------------------------------------------------------


def test_a_person_has_one_digest_for_a_day(desk: Desk) -> None:
    def digest(to: str, day: int) -> tuple[UUID, bool]:
        new = NewMail("digest", to, "", "id", digest_day=date(2026, 3, day))
        return mail_rows.digest_of(desk.connection, new, "contoh", NOW)

    first, made = digest("asdep", 25)
    assert made
    assert digest("asdep", 25) == (first, False)
    assert digest("asdep", 26)[1] and digest("deputi", 25)[1]
    assert len(mails(desk)) == 3


# --- what may not be read -----------------------------------------------------------------------


def others(desk: Desk, *ids: UUID) -> frozenset[UUID]:
    return mail_rows.about_others_than(desk.connection, ids, ["ordinary"])


def secret(desk: Desk) -> UUID:
    """The recommendation of the case is secret now; its id."""
    desk.connection.execute(update(recommendation).values(classification="secret"))
    return desk.follow_up.recommendation_id


def test_a_mail_about_a_classified_case_is_one_of_others(desk: Desk) -> None:
    plain, mine = write(desk), write(desk, recommendation_id=desk.follow_up.recommendation_id)
    assert others(desk, plain, mine) == frozenset()
    secret(desk)
    assert others(desk, plain, mine) == {mine}, "a mail about no case is everybody's"
    assert others(desk, plain) == frozenset(), "only those asked about"


def test_a_digest_is_one_of_others_for_any_case_it_lists(desk: Desk) -> None:
    whole = secret(desk)
    by_task, by_escalation, empty = (write(desk) for _ in range(3))
    digest_tasks.add(desk.connection, by_task, DigestTask(uuid4(), "opened", whole, desk.id))
    id = uuid7()
    desk.connection.execute(
        insert(escalation).values(
            id=id, recommendation_id=whole, instance_id=desk.instance_id, task_id=uuid4(),
            element_id="e", element_name="E", level=1, level_name="L", overdue=1, fired=NOW,
            late_seconds=0, holder="h", told=[], no_recipient=False,
        )
    )  # fmt: skip
    mail_rows.add_item(desk.connection, by_escalation, id)
    assert others(desk, by_task, by_escalation, empty) == {by_task, by_escalation}


# --- jobs and names -----------------------------------------------------------------------------


def test_what_is_queued_by_hand_is_the_job_that_sends_it(desk: Desk) -> None:
    id, person = write(desk), uuid4()
    mail_rows.queue(desk.connection, id, NOW)
    mail_rows.queue_reset(desk.connection, person, NOW + timedelta(minutes=1))
    jobs = {row.kind: row for row in desk.connection.execute(select(job))}
    assert set(jobs) == {SendMail.kind, SendResetLink.kind}
    assert SendMail.decode(jobs["mail"].payload) == SendMail(id)
    assert SendResetLink.decode(jobs["reset_link"].payload) == SendResetLink(person)
    assert jobs["reset_link"].due_at == NOW + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("payload", "stored"),
    [
        (SendMail(UUID(int=1)), {"mail_id": str(UUID(int=1))}),
        (SendResetLink(UUID(int=2)), {"user_id": str(UUID(int=2))}),
        (DoPart(UUID(int=3)), {"part_id": str(UUID(int=3))}),
    ],
)
def test_the_stored_form_of_a_job_never_changes(payload: Any, stored: dict[str, str]) -> None:
    """Jobs that wait in a database are read by the next version of the product."""
    assert payload.encode() == stored
    assert type(payload).decode(stored) == payload


def test_a_process_is_called_as_in_its_newest_version(desk: Desk) -> None:
    assert process_names.newest(desk.connection, "cuti") == "cuti"
    for number, name in ((1, "Cuti"), (10, "Cuti tahunan"), (2, "Izin"), (3, "")):
        desk.connection.execute(
            insert(definition).values(
                id=uuid7(), key="cuti", number=number, name=name, deployment_id=uuid7(),
                digest="0" * 64, calls={}, shipped=False,
            )
        )  # fmt: skip
    assert process_names.newest(desk.connection, "cuti") == "Cuti tahunan"
    desk.connection.execute(update(definition).where(definition.c.number == 10).values(name=""))
    assert process_names.newest(desk.connection, "cuti") == "cuti", "it has no name any more"
