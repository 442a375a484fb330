"""The news of tasks in a letter, word by word, as its English reader gets it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, Final

import pytest

from engine.sentences.sentence import say
from processes.ground.letter_language import Wording
from processes.notices.texts import digest_letters, letters
from processes.notices.texts.digest_letters import Waiting
from processes.notices.texts.task_letters import TaskLine, in_digest, with_tasks
from processes.register.vocabulary import TASK_NEWS, TaskNews
from tests.processes.notices.test_letter_texts import ABOUT, NAME, OPEN, PAPER, SECRET, read
from web.addresses import ADDRESSES

DAY: Final = date(2026, 1, 5)
LINE: Final = TaskLine("opened", ABOUT, "Report", DAY, by="Budi", to="Cici")


def line(news: TaskNews, **changed: Any) -> TaskLine:
    return replace(LINE, news=news, **changed)


@pytest.mark.parametrize(
    ("one", "subject", "said"),
    [
        (line("opened"), "New task, Report", "Report waits for you."),
        (line("handed"), "Passed on to you, Report", "Budi passed Report on to you."),
        (
            line("given_back"),
            "Given back, Report",
            "Budi gave Report back. Whoever of you is free may take it.",
        ),
        (
            line("taken"),
            "With somebody else now, Report",
            "Budi gave Report, which you had, to Cici.",
        ),
        (
            line("taken", to=""),
            "With somebody else now, Report",
            "Budi gave Report, which you had, back to everybody it was offered to.",
        ),
        (line("moved"), "New deadline, Report", "The deadline of Report was moved."),
    ],
)
def test_each_news_of_a_task_has_its_words(one: TaskLine, subject: str, said: str) -> None:
    heading, paragraphs = read(with_tasks(None, [one], PAPER))
    assert heading == f"{subject}: {NAME}"
    assert paragraphs == [said, "Deadline: Monday, 5 January 2026.", OPEN]


@pytest.mark.parametrize("news", TASK_NEWS)
def test_every_news_can_be_told_by_letter_and_by_digest(news: TaskNews) -> None:
    heading, _ = read(with_tasks(None, [line(news)], PAPER))
    assert "Report" in heading
    assert "Report" in Wording("en", str)(in_digest(line(news), PAPER))


@pytest.mark.parametrize(
    ("due", "was", "said"),
    [
        (None, None, "It has no deadline."),
        (None, DAY, "It has no deadline."),
        (DAY, None, "Deadline: Monday, 5 January 2026."),
        (
            DAY,
            date(2025, 12, 31),
            "Deadline: Monday, 5 January 2026; before: Wednesday, 31 December 2025.",
        ),
    ],
)
def test_a_deadline_is_told_as_far_as_there_is_one(
    due: date | None, was: date | None, said: str
) -> None:
    _, paragraphs = read(with_tasks(None, [line("moved", due=due, was=was)], PAPER))
    assert paragraphs[1] == said


@pytest.mark.parametrize("news", TASK_NEWS)
def test_a_reason_is_told_of_an_ordinary_case_only(news: TaskNews) -> None:
    told = with_tasks(None, [line(news, reason="Cuti.")], PAPER)
    assert read(told)[1][1] == "Reason: Cuti."
    secret = with_tasks(None, [line(news, reason="Cuti.", about=SECRET)], PAPER)
    assert "Cuti" not in str(read(secret))
    assert len(read(with_tasks(None, [line(news)], PAPER))[1]) == 3, "without one there is no line"


def test_a_notice_with_tasks_leads_to_the_tasks_and_not_to_the_case() -> None:
    task = line("opened", about=replace(ABOUT, path="/tasks/9"))
    heading, paragraphs = read(with_tasks(letters.answered(ABOUT, PAPER), [task], PAPER))
    assert heading == f"Your request for clarification was answered: {NAME}"
    assert paragraphs == [
        "Please read the answer and confirm receipt.",
        "Report waits for you.",
        "Deadline: Monday, 5 January 2026.",
        "Open: https://tindak.example/tasks/9",
    ]


def test_a_notice_without_tasks_stays_as_it_was_written() -> None:
    letter = letters.answered(ABOUT, PAPER)
    assert with_tasks(letter, [], PAPER) == letter


def test_of_several_tasks_the_first_one_is_the_subject_and_all_are_told() -> None:
    second = line("moved", task_name="Plan", about=replace(ABOUT, path="/tasks/2"))
    heading, paragraphs = read(with_tasks(None, [line("opened"), second], PAPER))
    assert heading.startswith("New task, Report")
    assert [one for one in paragraphs if one.startswith("Open: ")] == [
        OPEN, "Open: https://tindak.example/tasks/2",
    ]  # fmt: skip


def test_an_entry_of_a_digest_is_case_news_deadline_and_way_there() -> None:
    entry = Wording("en", str)(in_digest(line("handed"), PAPER))
    assert entry == (
        f"{NAME}\nBudi passed Report on to you. Deadline: Monday, 5 January 2026.\n{OPEN}"
    )


# --- digests ------------------------------------------------------------------------------------


def test_a_digest_begins_with_what_waits_for_a_decision() -> None:
    waiting = Waiting([in_digest(line("opened"), PAPER)], 7)
    letter = digest_letters.digest([], DAY, PAPER, 0, waiting, [say("Kabar")])
    subject, paragraphs = read(letter)
    assert subject == "Digest of Monday, 5 January 2026: 7 to decide, 0 escalations"
    assert paragraphs[0] == "Waiting for your decision: 7."
    assert paragraphs[2] == f"Open: https://tindak.example{ADDRESSES.decisions()}"
    assert paragraphs[3:] == ["News of tasks: 1.", "Kabar"]


def test_a_digest_of_news_alone_is_called_so_and_leads_to_no_list() -> None:
    subject, paragraphs = read(digest_letters.digest([], DAY, PAPER, news=[say("A"), say("B")]))
    assert subject == "News of your tasks, Monday, 5 January 2026"
    assert paragraphs == ["News of tasks: 2.", "A", "B"]


def test_letters_that_wait_for_a_signature_are_told_beside_escalations_only() -> None:
    _, paragraphs = read(digest_letters.digest([], DAY, PAPER, unsigned=4, news=[say("A")]))
    assert not [one for one in paragraphs if "signature" in one]
