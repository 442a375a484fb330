"""One look at a late task: what is kept of it, and who hears of it how."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from engine.ports.handlers import Refusal
from engine.storage.tables import task
from processes.notices.texts import letters
from processes.notices.texts.letters import Notice
from processes.storage.notices.reminder_letters import reminder_letter
from processes.storage.tables.notices import escalation, mail_item
from processes.storage.tables.recommendations import recommendation
from tests.processes.conftest import NOW
from tests.processes.lifecycle.conftest import ByHand, Desk
from tests.processes.made_cases import a_task
from tests.processes.notices.conftest import NOTIFIER, mails, told

DUE = datetime(2026, 3, 12, 17, 0, tzinfo=UTC)
"""The end of Thursday, three working days before the present Tuesday."""
SEVEN = datetime(2026, 3, 25, 0, 0, tzinfo=UTC)
"""Seven in the morning of the next working day, after the feast, in Jakarta."""
KEMHAN = "group:institution:kemhan"
LEVEL: dict[str, Any] = {
    "level": 2, "level_name": "Asdep", "recipients": ["holder", "asdep"], "channel": "inbox",
}  # fmt: skip


def late_task(desk: Desk, *offered_to: str, due_at: datetime | None = DUE) -> UUID:
    return a_task(desk.connection, desk.instance_id, offered_to=offered_to, due_at=due_at)


def look(desk: Desk, task_id: UUID | None, timer: Any = None, **changed: Any) -> ByHand:
    """The timer of a task fires, and the table says `LEVEL` with these changes."""
    step = desk.step({"escalation": {**LEVEL, **changed}, "timer": timer})
    step.inputs, step.task_id = {"notice": "escalation"}, task_id
    NOTIFIER.notify(step)
    return step


# --- what is kept -------------------------------------------------------------------------------


def test_a_look_is_kept_with_the_task_its_lateness_and_its_people(desk: Desk) -> None:
    late = late_task(desk, KEMHAN)
    look(desk, late)
    kept = desk.row(escalation)
    assert (kept["task_id"], kept["follow_up_id"]) == (late, desk.id)
    assert (kept["level"], kept["level_name"]) == (2, "Asdep")
    assert (kept["due_at"], kept["overdue"], kept["holder"]) == (DUE, 3, "Kemhan")
    assert (kept["fired"], kept["ended_at"], kept["no_recipient"]) == (NOW, None, False)
    assert {(one["user"], one["as"]) for one in kept["told"]} == {
        ("rina", "holder"), ("budi", "holder"), ("asdep", "asdep"),
    }  # fmt: skip


@pytest.mark.parametrize(("seconds", "late"), [(0, 0), (90, 90), (-30, 0)])
def test_how_late_a_timer_fired_is_kept(seconds: int, late: int, desk: Desk) -> None:
    planned = NOW - timedelta(seconds=seconds)
    look(desk, late_task(desk, KEMHAN), {"planned": planned.isoformat()})
    kept = desk.row(escalation)
    assert (kept["planned"], kept["late_seconds"]) == (planned, late)


@pytest.mark.parametrize("timer", [None, {}, {"planned": None}, "kemarin"])
def test_without_a_planned_time_nothing_is_late(timer: Any, desk: Desk) -> None:
    look(desk, late_task(desk, KEMHAN), timer)
    kept = desk.row(escalation)
    assert (kept["planned"], kept["late_seconds"]) == (None, 0)


def test_the_next_look_takes_the_place_of_the_one_before(desk: Desk) -> None:
    late, other = late_task(desk, KEMHAN), late_task(desk, KEMHAN)
    look(desk, late, level=1)
    look(desk, other, level=1)
    look(desk, late, level=2)
    ended = [(row["task_id"], row["level"], row["ended_at"]) for row in desk.rows(escalation)]
    assert ended == [(late, 1, NOW), (other, 1, None), (late, 2, None)]


@pytest.mark.parametrize(
    "level", [{"recipients": []}, {"recipients": None}, {"recipients": ""}, {"channel": "none"}]
)
def test_where_the_table_says_nobody_yet_nothing_is_kept_or_told(
    level: dict[str, Any], desk: Desk
) -> None:
    step = look(desk, late_task(desk, KEMHAN), **level)
    assert (desk.rows(escalation), mails(desk), step.jobs) == ([], [], [])


def test_a_table_that_gave_no_answer_escalates_nothing(desk: Desk) -> None:
    step = desk.step({"escalation": None})
    step.inputs, step.task_id = {"notice": "escalation"}, late_task(desk, KEMHAN)
    NOTIFIER.notify(step)
    assert desk.rows(escalation) == []


def test_a_task_without_a_deadline_is_never_late(desk: Desk) -> None:
    look(desk, late_task(desk, KEMHAN, due_at=None))
    assert desk.rows(escalation) == []


def test_a_look_reaches_no_task_of_another_case(desk: Desk, whole: Desk) -> None:
    look(desk, late_task(whole, KEMHAN))
    look(desk, uuid4())
    look(desk, None)
    assert (desk.rows(escalation), mails(desk)) == ([], [])


def test_one_look_at_a_round_of_tasks_tells_of_each(desk: Desk) -> None:
    late = [late_task(desk, KEMHAN), late_task(desk, "group:institution:kemenkeu")]
    look(desk, None, {"tasks": [str(one) for one in late]}, recipients="holder")
    assert [row["task_id"] for row in desk.rows(escalation)] == late
    assert told(desk) == ["budi", "rina", "lain"]


def test_an_instance_without_a_case_escalates_nothing(desk: Desk) -> None:
    step = desk.step({"escalation": LEVEL})
    step.instance_id, step.inputs = uuid4(), {"notice": "escalation"}
    with pytest.raises(Refusal):
        NOTIFIER.notify(step)


# --- who hears of it ----------------------------------------------------------------------------


def test_holders_get_a_mail_at_once_and_leaders_one_digest(desk: Desk) -> None:
    step = look(desk, late_task(desk, KEMHAN), recipients="holder,asdep,deputi")
    assert sorted(told(desk)) == ["budi", "rina"]
    assert sorted(told(desk, "digest")) == ["asdep", "deputi"]
    now = [job for job in step.jobs if job.due_at is None]
    later = [job for job in step.jobs if job.due_at is not None]
    assert (len(now), [job.due_at for job in later]) == (2, [SEVEN, SEVEN])
    first = next(one for one in mails(desk) if one["kind"] == "notice")
    assert first["subject"].startswith("Overdue: ")
    assert (first["follow_up_id"], first["state"]) == (desk.id, "queued")


def test_two_looks_of_a_day_are_one_digest_that_is_sent_once(desk: Desk) -> None:
    jobs = [
        job
        for _ in range(2)
        for job in look(desk, late_task(desk, KEMHAN), recipients="asdep").jobs
    ]
    [digest] = mails(desk)
    assert (len(jobs), digest["digest_day"]) == (1, date(2026, 3, 25))
    items = desk.connection.execute(select(mail_item)).all()
    assert {row.mail_id for row in items} == {digest["id"]}
    assert len(items) == 2


def test_by_the_channel_digest_everybody_reads_it_once_a_day(desk: Desk) -> None:
    look(desk, late_task(desk, KEMHAN), channel="digest")
    assert told(desk) == []
    assert sorted(told(desk, "digest")) == ["asdep", "budi", "rina"]


def test_nobody_hears_of_a_case_above_their_clearance(desk: Desk) -> None:
    desk.connection.execute(update(recommendation).values(classification="secret"))
    look(desk, late_task(desk, KEMHAN), recipients="holder")
    assert told(desk) == ["rina"]
    [sent] = mails(desk)
    assert "industri" not in sent["subject"] + sent["body"], "nor does a mail carry its title"


def test_where_nobody_is_to_be_told_the_administrators_are(desk: Desk) -> None:
    look(desk, late_task(desk, "group:institution:brin"), recipients="holder")
    assert told(desk) == ["adi"]
    assert mails(desk)[0]["subject"].startswith("Nobody to tell: ")
    assert (desk.row(escalation)["no_recipient"], desk.row(escalation)["told"]) == (True, [])


def test_the_calendar_of_the_institution_counts_the_days(desk: Desk) -> None:
    friday = datetime(2026, 3, 13, 17, 0, tzinfo=UTC)
    late = late_task(desk, KEMHAN, due_at=friday)
    look(desk, late)
    assert desk.row(escalation)["overdue"] == 2, "Monday and Tuesday, no free day"


# --- letters ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("recipients", "rank"),
    [("holder,deputi,asdep", "deputi"), ("holder,menko", "menko"), ("holder", "asdep")],
)
def test_a_letter_to_the_institution_is_drafted_for_the_highest_rank_named(
    recipients: str, rank: str, desk: Desk
) -> None:
    late = late_task(desk, KEMHAN)
    look(desk, late, channel="letter", recipients=recipients)
    [draft] = desk.rows(reminder_letter)
    assert (draft["follow_up_id"], draft["task_id"]) == (desk.id, late)
    assert draft["escalation_id"] == desk.row(escalation)["id"]
    assert (draft["signatory"], draft["level_name"], draft["overdue"]) == (rank, "Asdep", 3)
    assert (draft["due"], draft["sent_at"], draft["replaced_at"]) == (
        date(2026, 3, 12), None, None,
    )  # fmt: skip


def test_a_draft_that_was_not_sent_is_replaced_by_the_next_and_a_sent_one_stays(
    desk: Desk,
) -> None:
    late = late_task(desk, KEMHAN)
    for _ in range(2):
        look(desk, late, channel="letter")
    first, second = desk.rows(reminder_letter)
    assert (first["replaced_at"], second["replaced_at"]) == (NOW, None)
    desk.connection.execute(
        update(reminder_letter).where(reminder_letter.c.id == second["id"]).values(sent_at=NOW)
    )
    look(desk, late, channel="letter")
    assert [row["replaced_at"] for row in desk.rows(reminder_letter)] == [NOW, None, None]


def test_work_inside_the_ministry_needs_no_letter(desk: Desk) -> None:
    look(desk, late_task(desk, "group:coordinator"), channel="letter")
    assert desk.rows(reminder_letter) == []
    assert told(desk) == ["ani"], "who holds it hears of it all the same"


def test_of_a_whole_recommendation_no_letter_is_drafted(whole: Desk) -> None:
    look(whole, late_task(whole, KEMHAN), channel="letter")
    assert whole.rows(reminder_letter) == []
    assert whole.row(escalation)["follow_up_id"] is None


# --- other notices ------------------------------------------------------------------------------


@pytest.mark.parametrize("word", [None, "", "isued", "Issued"])
def test_a_notice_that_nobody_knows_stops_the_step(word: str | None, desk: Desk) -> None:
    step = desk.step()
    step.inputs = {"notice": word}
    with pytest.raises(ValueError, match="is not known"):
        NOTIFIER.notify(step)


@pytest.mark.parametrize("word", ["issued", "answered", "verdict", "returned"])
def test_a_notice_is_for_the_institution_of_the_case(word: str, desk: Desk) -> None:
    step = desk.step()
    step.inputs = {"notice": word}
    NOTIFIER.notify(step)
    [notice] = step.announced
    assert getattr(notice, "institution", None) == "kemhan"
    assert mails(desk) == [], "it is written at the end of the step"


def test_a_whole_recommendation_has_no_institution_to_tell(whole: Desk) -> None:
    step = whole.step()
    step.inputs = {"notice": "issued"}
    with pytest.raises(Refusal):
        NOTIFIER.notify(step)
    assert step.announced == []


@pytest.mark.parametrize(
    ("assignee", "who"), [(None, ["budi", "rina"]), ("rina", ["rina"]), ("hilang", ["adi"])]
)
def test_who_has_the_task_that_is_taken_away_is_told(
    assignee: str | None, who: list[str], desk: Desk
) -> None:
    mine = late_task(desk, KEMHAN)
    desk.connection.execute(
        update(task).where(task.c.id == mine).values(element_id="evaluate", assignee=assignee)
    )
    late_task(desk, "group:institution:kemenkeu")
    taken = []

    def record(step: Any) -> None:
        taken.append(step)
        desk.connection.execute(update(task).values(status="completed"))

    handler = NOTIFIER.telling_holders(
        "evaluate", record, letters.report_taken_back, letters.report_taken_back_here
    )
    step = desk.step()
    handler(step)
    assert (told(desk), len(taken)) == (who, 1)
    assert step.announced == [Notice(letters.report_taken_back_here, "kemhan")]
