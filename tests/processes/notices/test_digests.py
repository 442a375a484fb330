"""What a digest says when it is sent: only what still stands, counted up to its day."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, update
from uuid_utils.compat import uuid7

from engine.storage.tables import instance, task
from processes.notices.digests import LISTED, compose
from processes.register.vocabulary import TaskNews
from processes.storage.notices import digest_tasks, escalation_rows, mail_rows
from processes.storage.notices.digest_tasks import DigestTask
from processes.storage.notices.mail_rows import NewMail
from processes.storage.people import users
from processes.storage.tables.notices import escalation, mail_task
from processes.storage.tables.recommendations import recommendation
from tests.processes.conftest import NOW
from tests.processes.lifecycle.conftest import Desk
from tests.processes.made_cases import a_task
from tests.processes.notices.conftest import NOTIFIER
from tests.processes.notices.test_letter_texts import read

DUE: Final = datetime(2026, 3, 12, 17, 0, tzinfo=UTC)
"""The end of Thursday 12 March, in Jakarta."""
DAY: Final = date(2026, 3, 17)


def digest_of(desk: Desk, username: str = "asdep") -> UUID:
    new = NewMail("digest", username, "", "en", digest_day=DAY)
    return mail_rows.digest_of(desk.connection, new, "contoh", NOW)[0]


def paragraphs(desk: Desk, mail_id: UUID) -> list[str]:
    """The digest as its reader gets it now; empty if it is dropped."""
    found = mail_rows.find(desk.connection, mail_id)
    assert found is not None
    letter = compose(desk.connection, found, NOTIFIER.paper)
    if letter is None:
        return []
    subject, text = read(letter, NOTIFIER.paper)
    return [subject, *text]


def a_late_task(desk: Desk, due_at: datetime = DUE) -> UUID:
    return a_task(
        desk.connection, desk.instance_id, offered_to=("group:institution:kemhan",), due_at=due_at
    )


def escalated(desk: Desk, mail_id: UUID, task_id: UUID, **changed: Any) -> UUID:
    """An escalation of that task, told in that digest."""
    values = {
        "id": uuid7(), "recommendation_id": desk.follow_up.recommendation_id,
        "follow_up_id": desk.id, "instance_id": desk.instance_id, "task_id": task_id,
        "element_id": "plan", "element_name": "Susun rencana aksi", "level": 1,
        "level_name": "Asdep", "due_at": DUE, "overdue": 3, "fired": NOW, "late_seconds": 0,
        "holder": "Kemhan", "told": [], "no_recipient": False, **changed,
    }  # fmt: skip
    desk.connection.execute(insert(escalation).values(values))
    mail_rows.add_item(desk.connection, mail_id, values["id"])
    return UUID(str(values["id"]))


def news(
    desk: Desk, mail_id: UUID, task_id: UUID, word: TaskNews = "opened", **changed: Any
) -> None:
    new = DigestTask(task_id, word, desk.follow_up.recommendation_id, desk.id, **changed)
    digest_tasks.add(desk.connection, mail_id, new)


# --- escalations --------------------------------------------------------------------------------


def test_a_digest_tells_of_late_work_with_its_lateness_on_its_own_day(desk: Desk) -> None:
    mail_id = digest_of(desk)
    escalated(desk, mail_id, a_late_task(desk))
    subject, acts, entry, *_ = paragraphs(desk, mail_id)
    assert subject == "Escalations of Tuesday, 17 March 2026: 1"
    assert acts == "You can remind, extend or reassign each of them."
    assert "[Asdep]" in entry and "Kemhan" in entry
    assert "Susun rencana aksi: 3 working days overdue (due Thursday, 12 March 2026)" in entry
    assert f"/follow-ups/{desk.id}" in entry


@pytest.mark.parametrize(
    "values",
    [
        {"status": "completed"},
        {"status": "cancelled"},
        {"due_at": datetime(2026, 4, 30, 17, 0, tzinfo=UTC)},
        {"due_at": None},
    ],
)
def test_work_that_is_done_or_was_given_more_time_is_told_no_more(
    values: dict[str, Any], desk: Desk
) -> None:
    mail_id, late = digest_of(desk), a_late_task(desk)
    escalated(desk, mail_id, late)
    desk.connection.execute(update(task).where(task.c.id == late).values(**values))
    assert paragraphs(desk, mail_id) == []


def test_what_was_told_higher_meanwhile_is_not_told_lower(desk: Desk) -> None:
    mail_id, late = digest_of(desk), a_late_task(desk)
    escalated(desk, mail_id, late)
    escalation_rows.supersede(desk.connection, late, NOW)
    assert paragraphs(desk, mail_id) == []


def test_the_end_of_a_case_ends_what_was_escalated_of_it_and_of_no_other(
    desk: Desk, whole: Desk
) -> None:
    mail_id = digest_of(desk)
    escalated(desk, mail_id, a_late_task(desk))
    escalated(desk, mail_id, a_late_task(desk), instance_id=uuid4())
    escalation_rows.end_of_instance(desk.connection, desk.instance_id, NOW)
    assert paragraphs(desk, mail_id)[0] == "Escalations of Tuesday, 17 March 2026: 1"


def test_the_highest_level_and_then_the_longest_late_stand_first(desk: Desk) -> None:
    mail_id = digest_of(desk)
    for level, overdue in ((1, 9), (3, 1), (2, 2), (2, 7)):
        escalated(
            desk, mail_id, a_late_task(desk), level=level, overdue=overdue,
            level_name=f"L{level}-{overdue}",
        )  # fmt: skip
    named = [one[1:5] for one in paragraphs(desk, mail_id) if one.startswith("[")]
    assert named == ["L3-1", "L2-7", "L2-2", "L1-9"]


def test_a_digest_tells_of_its_own_escalations_only(desk: Desk) -> None:
    escalated(desk, digest_of(desk, "deputi"), a_late_task(desk))
    assert paragraphs(desk, digest_of(desk)) == []


def test_a_classified_case_is_named_by_number_and_institution_alone(desk: Desk) -> None:
    desk.connection.execute(update(recommendation).values(classification="secret", number="REK-1"))
    mail_id = digest_of(desk)
    escalated(desk, mail_id, a_late_task(desk))
    text = " ".join(paragraphs(desk, mail_id))
    assert "REK-1 · Kemhan" in text and "industri" not in text


# --- news of tasks ------------------------------------------------------------------------------


def test_news_are_told_with_the_deadline_as_it_is_now(desk: Desk) -> None:
    mail_id, open_task = digest_of(desk, "sesjen"), a_late_task(desk)
    news(desk, mail_id, open_task)
    moved = datetime(2026, 4, 30, 17, 0, tzinfo=UTC)
    desk.connection.execute(update(task).where(task.c.id == open_task).values(due_at=moved))
    subject, count, entry = paragraphs(desk, mail_id)
    assert subject == "News of your tasks, Tuesday, 17 March 2026"
    assert count == "News of tasks: 1."
    assert "Deadline: Thursday, 30 April 2026." in entry


def test_of_several_moves_of_a_deadline_the_day_before_the_first_is_told(desk: Desk) -> None:
    mail_id, open_task = digest_of(desk, "sesjen"), a_late_task(desk)
    for was in (datetime(2026, 3, 2, 17, 0, tzinfo=UTC), datetime(2026, 3, 9, 17, 0, tzinfo=UTC)):
        news(desk, mail_id, open_task, "moved", was_due=was)
    [entry] = paragraphs(desk, mail_id)[2:]
    assert "before: Monday, 2 March 2026" in entry


def test_different_news_of_one_task_are_told_each(desk: Desk) -> None:
    mail_id, open_task = digest_of(desk, "sesjen"), a_late_task(desk)
    news(desk, mail_id, open_task, "opened")
    news(desk, mail_id, open_task, "given_back", given_by="Rina")
    news(desk, mail_id, open_task, "opened")
    assert paragraphs(desk, mail_id)[1] == "News of tasks: 2."


def test_news_of_a_task_that_is_done_are_old(desk: Desk) -> None:
    mail_id, open_task = digest_of(desk, "sesjen"), a_late_task(desk)
    news(desk, mail_id, open_task)
    desk.connection.execute(update(task).values(status="completed"))
    assert paragraphs(desk, mail_id) == []
    assert len(desk.connection.execute(mail_task.select()).all()) == 1, "it stays on record"


def test_news_stand_in_the_order_of_their_deadlines(desk: Desk) -> None:
    mail_id = digest_of(desk, "sesjen")
    days = [datetime(2026, 4, day, 17, 0, tzinfo=UTC) for day in (20, 8, 14)]
    for due in days:
        news(desk, mail_id, a_late_task(desk, due))
    told = [one.due_at for one in digest_tasks.standing(desk.connection, mail_id)]
    assert told == sorted(days)


# --- what waits for a decision ------------------------------------------------------------------


def to_decide(desk: Desk, number: int = 1) -> None:
    """Tasks of this case that supervisors decide."""
    if not desk.rows(instance):
        desk.connection.execute(
            insert(instance).values(
                id=desk.instance_id, definition_id=uuid7(), key="follow_up",
                business_key=str(desk.id), status="active", version=1, last_seq=1, last_hash=b"",
                started_at=NOW,
            )
        )  # fmt: skip
    for _ in range(number):
        a_task(desk.connection, desk.instance_id, offered_to=("group:supervisor",), due_at=DUE)


def test_a_supervisor_reads_first_what_waits_for_their_decision(desk: Desk) -> None:
    to_decide(desk)
    subject, waits, entry, *_ = paragraphs(desk, digest_of(desk))
    assert subject == "Digest of Tuesday, 17 March 2026: 1 to decide, 0 escalations"
    assert waits == "Waiting for your decision: 1."
    assert "Susun rencana aksi waits for you." in entry


def test_what_waits_is_named_up_to_a_bound_and_counted_whole(desk: Desk) -> None:
    to_decide(desk, LISTED + 2)
    found = paragraphs(desk, digest_of(desk))
    assert found[1] == f"Waiting for your decision: {LISTED + 2}."
    assert len([one for one in found if "waits for you" in one]) == LISTED


@pytest.mark.parametrize("who", ["sesjen", "ani", "adi"])
def test_nobody_else_has_anything_to_decide(who: str, desk: Desk) -> None:
    to_decide(desk)
    assert paragraphs(desk, digest_of(desk, who)) == []


def test_who_has_left_decides_nothing_any_more(desk: Desk) -> None:
    to_decide(desk)
    mail_id, found = digest_of(desk), users.by_username(desk.connection, "asdep")
    assert found is not None
    users.change(desk.connection, found.id, {"active": False})
    assert paragraphs(desk, mail_id) == []


def test_what_waits_for_a_decision_is_not_told_again_as_news(desk: Desk) -> None:
    to_decide(desk)
    mail_id, open_task = digest_of(desk), a_late_task(desk)
    news(desk, mail_id, open_task, "opened")
    assert not [one for one in paragraphs(desk, mail_id) if one.startswith("News of tasks")]
    news(desk, mail_id, open_task, "moved", was_due=NOW)
    assert "News of tasks: 1." in paragraphs(desk, mail_id)
