"""The texts of mails, and their language."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from engine.time.calendar import Calendar, Timing
from processes.ground.letter_language import Wording, untranslated
from processes.notices.about import of_case, of_task
from processes.notices.digests import digest_time
from processes.notices.texts import digest_letters, ending_letters, letters
from processes.notices.texts.digest_letters import DigestItem
from processes.notices.texts.letters import Lateness, Stationery, Subject
from processes.storage.cases.case_heads import CaseHead
from web.addresses import ADDRESSES

PAPER = Stationery("https://tindak.example", ADDRESSES, demo=False)
ENGLISH = Wording("en", str)
LATE = Lateness("Report", date(2026, 1, 5), Timing(7, "late"), "Rina", date(2025, 12, 1))


def about(classification: str = "ordinary") -> Subject:
    return Subject(
        "REK-2026-0001", "Rahasia besar", classification, "Kemhan", None, "/follow-ups/1"
    )


def test_a_mail_of_the_weekend_says_of_a_friday_deadline_that_it_has_passed() -> None:
    over = Lateness("Report", date(2026, 1, 9), Timing(0, "late"), "Rina", date(2025, 12, 1))
    subject, body = PAPER.write(letters.reminded(about(), over, PAPER, "Asdep"), ENGLISH)
    assert subject.startswith("Overdue: ")
    assert "Report was due on Friday, 9 January 2026." in body
    ahead = replace(over, timing=Timing(0, "before"))
    assert (
        "Report is due on" in PAPER.write(letters.reminded(about(), ahead, PAPER, ""), ENGLISH)[1]
    )


@pytest.mark.parametrize("classification", ["restricted", "secret", "top_secret"])
def test_above_ordinary_a_mail_carries_number_and_link_only(classification: str) -> None:
    for letter in (
        letters.issued(about(classification), PAPER),
        letters.answered(about(classification), PAPER),
        letters.evaluated(about(classification), PAPER),
        ending_letters.withdrawn(about(classification), PAPER),
        letters.reminded(about(classification), LATE, PAPER, "Asdep"),
        digest_letters.digest([DigestItem(about(classification), LATE, "Asdep")], LATE.due, PAPER),
        letters.unserved(about(classification), PAPER, LATE),
    ):
        subject, body = PAPER.write(letter, ENGLISH)
        assert "Rahasia besar" not in subject + body
        assert "REK-2026-0001" in subject + body
        assert "https://tindak.example/" in body


@pytest.mark.parametrize(
    ("follow_up", "path"),
    [
        (UUID(int=2), ADDRESSES.follow_up(UUID(int=2))),
        (None, ADDRESSES.recommendation(UUID(int=1))),
    ],
)
def test_a_mail_leads_to_its_case_or_to_the_task_it_is_about(
    follow_up: UUID | None, path: str
) -> None:
    head = CaseHead(
        UUID(int=1), follow_up, None, "Title", "ordinary", "kemhan", "Kemhan", None, "open",
        "issued", 1,
    )  # fmt: skip
    assert of_case(head, ADDRESSES).path == path
    assert of_task(head, UUID(int=3), ADDRESSES).path == ADDRESSES.task(UUID(int=3))


def test_an_ordinary_case_is_named() -> None:
    subject, _ = PAPER.write(letters.issued(about(), PAPER), ENGLISH)
    assert subject == "Recommendation to follow up: REK-2026-0001 · Kemhan · Rahasia besar"


def test_a_title_with_braces_is_text_and_not_a_template() -> None:
    odd = Subject("REK-2026-0001", "{p0} {x}", "ordinary", None, None, "/")
    subject, _ = PAPER.write(letters.issued(odd, PAPER), ENGLISH)
    assert subject.endswith("{p0} {x}")


def test_an_escalation_says_what_is_late_since_when_and_who_holds_it() -> None:
    _, body = PAPER.write(letters.reminded(about(), LATE, PAPER, "Asdep"), ENGLISH)
    assert "Report: 7 working days overdue" in body
    assert "5 January 2026" in body
    assert "Held by Rina since Monday, 1 December 2025" in body
    assert "Escalation: Asdep." in body


def test_days_are_written_in_the_readers_language() -> None:
    catalogue = {"Overdue: {about}": "Lewat tenggat: {about}"}
    indonesian = Wording("id", lambda template: catalogue.get(template, template))
    assert indonesian(letters.reminded(about(), LATE, PAPER, "").subject).startswith("Lewat")
    assert "Senin, 5 Januari 2026" in Wording("id", str)(letters.lateness(LATE))


def test_example_data_says_so_in_every_mail() -> None:
    _, body = Stationery("https://x.example", ADDRESSES, demo=True).write(
        letters.issued(about(), PAPER), ENGLISH
    )
    assert body.startswith("EXAMPLE DATA")


@pytest.mark.parametrize(
    ("now", "goes"),
    [
        ("2026-01-05 06:29", "2026-01-05 07:00"),  # Monday, early
        ("2026-01-05 06:31", "2026-01-06 07:00"),  # too late for today's
        ("2026-01-05 09:00", "2026-01-06 07:00"),
        ("2026-01-09 09:00", "2026-01-12 07:00"),  # over the weekend
        ("2026-01-10 05:00", "2026-01-12 07:00"),  # a Saturday morning
    ],
)
def test_a_digest_goes_out_at_seven_of_the_next_working_day(now: str, goes: str) -> None:
    moment, expected = (datetime.fromisoformat(f"{text}+07:00") for text in (now, goes))
    assert digest_time(moment.astimezone(UTC), Calendar()) == expected


def test_without_a_catalogue_everybody_reads_english() -> None:
    assert untranslated("id", None)("Reminder") == "Reminder"
