"""The news of a task: whom it concerns, and by which letter or digest they hear of it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from engine.ports.handlers import NewJob
from engine.ports.news import Handed, Moved, News, Offer
from processes.notices.arrivals import UNTOLD, Arrivals
from processes.notices.texts import ending_letters, letters
from processes.notices.texts.letters import Notice
from processes.storage.tables.follow_ups import follow_up
from processes.storage.tables.notices import mail_task
from processes.storage.tables.recommendations import recommendation
from tests.processes.conftest import NOW
from tests.processes.lifecycle.conftest import Desk
from tests.processes.made_cases import a_task
from tests.processes.notices.conftest import NOTIFIER, mails, told

DUE = datetime(2026, 4, 30, 17, 0, tzinfo=UTC)
"""The end of 30 April, in Jakarta."""
KEMHAN = "institution:kemhan"
TEMPLATE = "Percepat kemampuan industri strategis"


def offer(*groups: str, assignee: str | None = None, **properties: str) -> Offer:
    return Offer(uuid4(), "plan", "Susun rencana aksi", assignee, [], list(groups), DUE, properties)


def tell(desk: Desk, **news: Any) -> list[NewJob]:
    values: dict[str, Any] = {"by": "ani", **news}
    found = News(desk.instance_id, desk.process_key, NOW, **values)
    return list(Arrivals(NOTIFIER).tell(desk.connection, found))


def body(desk: Desk, to: str) -> str:
    """The one letter to somebody, subject and text."""
    [found] = [one for one in mails(desk) if one["to_user"] == to]
    return f"{found['subject']}\n{found['body']}"


# --- opened -------------------------------------------------------------------------------------


def test_everybody_who_may_do_a_new_task_hears_of_it_with_its_deadline(desk: Desk) -> None:
    new = offer(KEMHAN)
    jobs = tell(desk, opened=[new])
    assert sorted(told(desk)) == ["budi", "rina"]
    assert len(jobs) == 2 and all(job.due_at is None for job in jobs)
    text = body(desk, "rina")
    assert text.startswith("New task, Susun rencana aksi: ")
    assert "Susun rencana aksi waits for you." in text
    assert "30 April 2026" in text, "a deadline is met until the end of its day"
    assert f"https://tindak.example/tasks/{new.task_id}" in text


def test_who_brings_a_task_about_is_not_told_of_it(desk: Desk) -> None:
    tell(desk, opened=[offer(KEMHAN)], by="rina")
    assert told(desk) == ["budi"]


def test_a_task_given_to_somebody_is_told_to_them_alone(desk: Desk) -> None:
    tell(desk, opened=[offer(KEMHAN, assignee="budi")])
    assert told(desk) == ["budi"]


@pytest.mark.parametrize(
    ("why", "silent"), [("The notice of its issue says it.", True), ("", False)]
)
def test_a_task_that_says_why_opens_without_a_word(why: str, silent: bool, desk: Desk) -> None:
    tell(desk, opened=[offer(KEMHAN, **{UNTOLD: why})])
    assert (mails(desk) == []) == silent


def test_several_new_tasks_of_one_step_are_one_letter(desk: Desk) -> None:
    first, second = offer(KEMHAN), offer(KEMHAN)
    tell(desk, opened=[first, second])
    text = body(desk, "rina")
    assert str(first.task_id) in text and str(second.task_id) in text


def test_leaders_read_of_a_new_task_in_their_digest(desk: Desk) -> None:
    new = offer("institution-head:kemhan")
    [job] = tell(desk, opened=[new])
    assert (told(desk), told(desk, "digest")) == ([], ["sesjen"])
    assert job.due_at is not None and job.due_at > NOW
    [line] = desk.connection.execute(select(mail_task)).all()
    assert (line.task_id, line.news, line.follow_up_id) == (new.task_id, "opened", desk.id)


def test_a_second_task_of_the_day_goes_into_the_same_digest_without_a_second_job(
    desk: Desk,
) -> None:
    assert len(tell(desk, opened=[offer("institution-head:kemhan")])) == 1
    assert tell(desk, opened=[offer("institution-head:kemhan")]) == []
    assert told(desk, "digest") == ["sesjen"]


def test_nobody_hears_of_a_task_above_their_clearance_and_nobody_reads_its_title(
    desk: Desk,
) -> None:
    desk.connection.execute(update(recommendation).values(classification="secret"))
    tell(desk, opened=[offer(KEMHAN)], reason="Karena mendesak.")
    assert told(desk) == ["rina"]
    text = body(desk, "rina")
    assert TEMPLATE not in text and "mendesak" not in text


def test_a_task_that_nobody_can_do_is_told_to_the_administrators(desk: Desk) -> None:
    tell(desk, opened=[offer("institution:brin")])
    assert told(desk) == ["adi"]
    assert body(desk, "adi").startswith("Nobody to tell: ")


def test_the_administrators_are_told_once_whatever_nobody_heard(desk: Desk) -> None:
    notice = Notice(letters.issued, "brin")
    tell(desk, notices=[notice], opened=[offer("institution:brin"), offer("institution:brin")])
    assert told(desk) == ["adi"]


def test_news_of_an_instance_that_owns_no_case_tells_nobody(desk: Desk) -> None:
    news = News(uuid4(), "follow_up", NOW, "ani", opened=[offer(KEMHAN)])
    assert Arrivals(NOTIFIER).tell(desk.connection, news) == ()
    assert mails(desk) == []


def test_an_owners_own_process_tells_by_its_key_where_it_has_no_name(desk: Desk) -> None:
    news = News(uuid4(), "cuti", NOW, "ani", opened=[offer("coordinator", "process-owner")])
    Arrivals(NOTIFIER).tell(desk.connection, news)
    assert mails(desk) == [], "its only reader is who brought it about"
    Arrivals(NOTIFIER).tell(desk.connection, News(uuid4(), "cuti", NOW, None, opened=news.opened))
    assert "cuti" in body(desk, "ani")
    assert mails(desk)[0]["recommendation_id"] is None


# --- handed -------------------------------------------------------------------------------------


def test_who_is_given_a_task_hears_by_whom_and_why(desk: Desk) -> None:
    given = offer(KEMHAN, assignee="budi")
    tell(desk, handed=[Handed(given, "rina")], by="sesjen", reason="Rina cuti.")
    assert sorted(told(desk)) == ["budi", "rina"]
    text = body(desk, "budi")
    assert text.startswith("Passed on to you, Susun rencana aksi: ")
    assert "Contoh sesjen passed Susun rencana aksi on to you." in text
    assert "Reason: Rina cuti." in text


def test_who_loses_a_task_hears_who_has_it_now(desk: Desk) -> None:
    tell(desk, handed=[Handed(offer(KEMHAN, assignee="budi"), "rina")], by="sesjen")
    text = body(desk, "rina")
    assert text.startswith("With somebody else now, ")
    assert "Contoh sesjen gave Susun rencana aksi, which you had, to Contoh budi." in text


def test_who_gives_a_task_back_is_told_nothing_and_the_others_are(desk: Desk) -> None:
    tell(desk, handed=[Handed(offer(KEMHAN), "rina")], by="rina")
    assert told(desk) == ["budi"]
    assert "Contoh rina gave Susun rencana aksi back." in body(desk, "budi")


def test_who_had_a_task_that_is_free_again_hears_of_it_once(desk: Desk) -> None:
    tell(desk, handed=[Handed(offer(KEMHAN), "rina")], by="sesjen")
    assert sorted(told(desk)) == ["budi", "rina"]
    text = body(desk, "rina")
    assert "Whoever of you is free may take it." in text
    assert "which you had" not in text, "it is theirs to take again"


def test_who_takes_a_task_over_is_not_told_and_who_had_it_is(desk: Desk) -> None:
    tell(desk, handed=[Handed(offer(KEMHAN, assignee="budi"), "rina")], by="budi")
    assert told(desk) == ["rina"]


def test_who_had_a_task_and_is_no_longer_asked_hears_where_it_went(desk: Desk) -> None:
    """A holder from outside of those it is offered to has it no more."""
    tell(desk, handed=[Handed(offer(KEMHAN), "lain")], by="sesjen")
    assert "back to everybody it was offered to" in body(desk, "lain")


# --- moved --------------------------------------------------------------------------------------


def test_a_moved_deadline_is_told_with_the_day_before_and_the_day_now(desk: Desk) -> None:
    waiting = a_task(desk.connection, desk.instance_id, offered_to=(f"group:{KEMHAN}",))
    was = datetime(2026, 3, 31, 17, 0, tzinfo=UTC)
    tell(desk, moved=[Moved(waiting, was, DUE)], by="asdep")
    text = body(desk, "budi")
    assert text.startswith("New deadline, Susun rencana aksi: ")
    assert "30 April 2026; before: " in text and "31 Maret 2026" in text


def test_a_task_that_had_no_deadline_tells_the_new_one_alone(desk: Desk) -> None:
    waiting = a_task(desk.connection, desk.instance_id, offered_to=(f"group:{KEMHAN}",))
    tell(desk, moved=[Moved(waiting, None, DUE)], by="asdep")
    assert "before:" not in body(desk, "rina")


# --- with what a handler announces --------------------------------------------------------------


def test_what_is_announced_and_the_task_it_brings_are_one_letter(desk: Desk) -> None:
    new = offer(KEMHAN)
    tell(desk, notices=[Notice(letters.issued, "kemhan")], opened=[new], by=None)
    assert sorted(told(desk)) == ["budi", "rina"]
    text = body(desk, "rina")
    assert text.startswith("Recommendation to follow up: ")
    assert f"/tasks/{new.task_id}" in text and f"/follow-ups/{desk.id}" not in text, (
        "a letter leads to the task where there is one"
    )


def test_an_announcement_without_a_task_leads_to_the_case(desk: Desk) -> None:
    tell(desk, notices=[Notice(ending_letters.withdrawn, "kemhan")])
    assert f"/follow-ups/{desk.id}" in body(desk, "budi")


def test_an_announcement_is_for_the_contacts_of_its_institution(desk: Desk) -> None:
    tell(desk, notices=[Notice(ending_letters.withdrawn, "kemenkeu"), "no notice at all"])
    assert told(desk) == ["lain"]


@pytest.mark.parametrize(
    ("rework", "day"), [(None, "1 Desember 2026"), (date(2026, 5, 5), "5 Mei 2026")]
)
def test_a_decided_extension_that_moves_no_task_says_until_when_the_work_is_due(
    rework: date | None, day: str, desk: Desk
) -> None:
    mine = follow_up.c.id == desk.id
    desk.connection.execute(update(follow_up).where(mine).values(rework_deadline=rework))
    tell(desk, notices=[Notice(letters.extension_decided, "kemhan")])
    assert f"{day}." in body(desk, "rina")
