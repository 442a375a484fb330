"""Every mail, word by word, as its English reader gets it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Final

import pytest

from engine.time.calendar import Timing
from processes.ground.letter_language import Wording
from processes.notices.texts import digest_letters, ending_letters, letters
from processes.notices.texts.digest_letters import DigestItem
from processes.notices.texts.letters import Lateness, Letter, Stationery, Subject
from processes.register.verdicts import VERDICTS
from web.addresses import ADDRESSES

PAPER: Final = Stationery("https://tindak.example", ADDRESSES, demo=False)
ABOUT: Final = Subject("REK-1", "Industri", "ordinary", "Kemhan", None, "/follow-ups/1")
SECRET: Final = replace(ABOUT, classification="secret")
LATE: Final = Lateness("Report", date(2026, 1, 5), Timing(7, "late"), "Rina", date(2025, 12, 1))
DUE: Final = replace(LATE, timing=Timing(-3, "before"))
NAME: Final = "REK-1 · Kemhan · Industri"
OPEN: Final = "Open: https://tindak.example/follow-ups/1"
FOOT: Final = "This mail was written by Tindak. Please do not reply to it."
OVERDUE: Final = (
    "Report: 7 working days overdue (due Monday, 5 January 2026). "
    "Held by Rina since Monday, 1 December 2025."
)
NOT_YET: Final = (
    "Report is due on Monday, 5 January 2026. Held by Rina since Monday, 1 December 2025."
)


def read(letter: Letter, paper: Stationery = PAPER) -> tuple[str, list[str]]:
    """Subject and paragraphs, without the foot that every mail has."""
    subject, body = paper.write(letter, Wording("en", str))
    assert body.endswith(f"\n\n{FOOT}\n")
    return subject, body.removesuffix(f"\n\n{FOOT}\n").split("\n\n")


@pytest.mark.parametrize(
    ("letter", "subject", "paragraphs"),
    [
        (
            letters.issued(ABOUT, PAPER),
            f"Recommendation to follow up: {NAME}",
            [
                f"A recommendation was issued to your institution: {NAME}.",
                "Please confirm that you have received it, ask for clarification, or disagree.",
                OPEN,
            ],
        ),
        (
            letters.answered(ABOUT, PAPER),
            f"Your request for clarification was answered: {NAME}",
            ["Please read the answer and confirm receipt.", OPEN],
        ),
        (
            ending_letters.withdrawn(ABOUT, PAPER),
            f"Recommendation withdrawn: {NAME}",
            ["Nothing more has to be done for it.", OPEN],
        ),
        (
            letters.evaluated(ABOUT, PAPER),
            f"Your report was evaluated: {NAME}",
            ["Status of the follow-up: no verdict yet.", OPEN],
        ),
        (
            letters.extension_decided(ABOUT, PAPER),
            f"Your request for an extension was decided: {NAME}",
            ["The decision and its reason stand on the page of the case.", OPEN],
        ),
        (
            letters.reminded(ABOUT, LATE, PAPER, "Asdep"),
            f"Overdue: {NAME}",
            [OVERDUE, "Escalation: Asdep.", OPEN],
        ),
        (letters.reminded(ABOUT, LATE, PAPER, ""), f"Overdue: {NAME}", [OVERDUE, OPEN]),
        (letters.reminded(ABOUT, DUE, PAPER, "Asdep"), f"Reminder: {NAME}", [NOT_YET, OPEN]),
        (
            letters.asked_to_hurry(ABOUT, LATE, PAPER, "Asdep Satu"),
            f"Reminder: {NAME}",
            ["Asdep Satu asks you to act on this.", OVERDUE, OPEN],
        ),
        (
            letters.left_behind(ABOUT, PAPER, "Report", "Budi"),
            f"Task without its holder: {NAME}",
            [
                "The account of Budi was closed.",
                "Report was given back. Please see to it that a colleague takes it.",
                OPEN,
            ],
        ),
        (
            letters.unserved(ABOUT, PAPER, LATE),
            f"Nobody to tell: {NAME}",
            [
                "Something had to be told about this case, but no active account is to be told.",
                OVERDUE,
                "Please give the institution or the role an active account.",
                OPEN,
            ],
        ),
    ],
)
def test_a_mail_says_what_happened_and_where_to_go(
    letter: Letter, subject: str, paragraphs: list[str]
) -> None:
    assert read(letter) == (subject, paragraphs)


@pytest.mark.parametrize("verdict", VERDICTS)
def test_an_evaluation_is_mailed_in_the_words_of_its_verdict(verdict: str) -> None:
    _, paragraphs = read(letters.evaluated(replace(ABOUT, verdict=verdict), PAPER))
    assert paragraphs[0] == f"Status of the follow-up: {VERDICTS[verdict].mailed}."


@pytest.mark.parametrize(
    ("overdue", "heading", "line"),
    [
        (-1, "Reminder", NOT_YET),
        (0, "Reminder", NOT_YET),
        (2, "Overdue", OVERDUE.replace("7 working", "2 working")),
        (1, "Overdue", OVERDUE.replace("7 working days", "1 working day")),
    ],
)
def test_on_its_last_day_a_task_is_due_and_not_overdue(
    overdue: int, heading: str, line: str
) -> None:
    stands = Timing(overdue, "late" if overdue > 0 else "today" if overdue == 0 else "before")
    subject, paragraphs = read(
        letters.reminded(ABOUT, replace(LATE, timing=stands), PAPER, "Asdep")
    )
    assert (subject, paragraphs[0]) == (f"{heading}: {NAME}", line)
    assert ("Escalation: Asdep." in paragraphs) == (overdue > 0)


@pytest.mark.parametrize(
    ("about", "name"),
    [
        (ABOUT, NAME),
        (SECRET, "REK-1 · Kemhan"),
        (replace(ABOUT, classification="restricted"), "REK-1 · Kemhan"),
        (replace(ABOUT, institution=None), "REK-1 · Industri"),
        (replace(SECRET, institution=None), "REK-1"),
        (replace(ABOUT, title=""), "REK-1 · Kemhan"),
    ],
)
def test_a_case_is_named_as_far_as_it_may_travel_by_mail(about: Subject, name: str) -> None:
    assert str(about.name) == name


def test_a_digest_lists_each_case_with_its_level_and_its_own_way_there() -> None:
    second = replace(SECRET, number="REK-2", path="/follow-ups/2")
    items = [DigestItem(ABOUT, LATE, "Deputi"), DigestItem(second, LATE, "Asdep")]
    subject, paragraphs = read(digest_letters.digest(items, date(2026, 1, 14), PAPER))
    assert subject == "Escalations of Wednesday, 14 January 2026: 2"
    assert paragraphs == [
        "You can remind, extend or reassign each of them.",
        f"[Deputi] {NAME}\n{OVERDUE}\n{OPEN}",
        f"[Asdep] REK-2 · Kemhan\n{OVERDUE}\n{OPEN.replace('/1', '/2')}",
        f"Open: https://tindak.example{ADDRESSES.escalations()}",
    ]


@pytest.mark.parametrize(("unsigned", "told"), [(0, False), (1, True), (12, True)])
def test_a_digest_says_how_many_letters_wait_for_a_signature(unsigned: int, told: bool) -> None:
    letter = digest_letters.digest([DigestItem(ABOUT, LATE, "Asdep")], LATE.due, PAPER, unsigned)
    _, paragraphs = read(letter)
    assert (f"Reminder letters awaiting signature: {unsigned}." in paragraphs) == told


def test_a_successor_reads_how_many_of_each_kind_it_is_given_and_nothing_of_what_is_not() -> None:
    handed = {"follow_ups": 3, "agreements": 2, "addressed": 0, "requests": 1}
    _, paragraphs = read(letters.succeeded("Kemhan", "Kemenkeu", "P-1", handed, PAPER))
    assert paragraphs[1:-2] == [
        "Follow-ups that are handed over with all they hold: 3.",
        "Agreements of rakor that are handed over: 2.",
        "Requests for reports that it answers from now on: 1.",
    ]
    _, paragraphs = read(letters.succeeded("Kemhan", "Kemenkeu", "P-1", {"requests": 1}, PAPER))
    assert len(paragraphs) == 3, "of no follow-up it is said that it is carried over"


def test_example_data_stands_before_everything_else() -> None:
    example = replace(PAPER, demo=True)
    _, paragraphs = read(ending_letters.withdrawn(ABOUT, example), example)
    assert paragraphs == [str(letters.RIBBON), "Nothing more has to be done for it.", OPEN]


@pytest.mark.parametrize("key", ["geheim", "a-b_C9", "x" * 60])
def test_the_key_of_a_link_is_not_kept_and_all_around_it_is(key: str) -> None:
    link = f"https://tindak.example{ADDRESSES.password(key)}"
    kept = letters.without_key(f"Buka {link} hari ini.\n{FOOT}", ADDRESSES)
    assert kept == f"Buka {link.removesuffix(key)}... hari ini.\n{FOOT}"
    assert letters.without_key("Tanpa tautan.", ADDRESSES) == "Tanpa tautan."
