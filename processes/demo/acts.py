"""The parts of a script: acts, deeds and recommendations, and the usual ones of each.

Pure data. An act completes a task a number of working days after it opened. A task without another
act stays open, and becomes late by itself. Texts are Indonesian, as on the screen; people and
figures are fictitious.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

Answers = Mapping[str, Any]

TODAY: Final = "{today}"
"""In an answer: the day of the act. `{in N}`: N calendar days later."""
LATER: Final = "{later}"
"""In an answer: a month after the deadline of the follow-up."""
TEXT: Final = "{text}"
"""In an answer: the text of the recommendation. `{n}`: its number in the story."""
REMAINING: Final = {"carried_over": ["{carried over}"], "left_to_finish": ["{left}"]}
"""In an answer, by treatment: a row with it for each follow-up that is still open."""
FILE: Final = ["{file}"]
"""In an answer: a small file of evidence, uploaded by the author of the act."""


@dataclass(frozen=True, slots=True)
class Act:
    """Complete the task at `element`, `after` working days after it opened."""

    element: str
    after: int
    answers: Answers


@dataclass(frozen=True, slots=True)
class Deed:
    """An act outside the form of a task, `before` working days before the end of the demo:
    `extension` asked for, `statement` at a meeting, `claim`, `hand_on`, `remind`, `extend`, `kind`,
    `correction` of a report, `withdrawal` proposed. `words`: its text."""

    what: str
    before: int
    words: str = ""


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One recommendation. `begins`: working days before the end of the demo; `own`: the ministry's
    acts on the whole; `comments` by institution, a missing one is silent; `follow_ups`: acts by
    institution on its own follow-up; `deeds` likewise, "" for the whole; `following`: the next
    recommendation, if this one leads to another that is worked on."""

    registration: Answers
    begins: int
    follow_ups: Mapping[str, Sequence[Act]]
    own: Sequence[Act]
    comments: Mapping[str, Answers]
    deeds: Mapping[str, Sequence[Deed]] = field(default_factory=dict)
    following: Recommendation | None = None


def acknowledged(after: int = 1) -> Act:
    """The institution confirms receipt."""
    answers = {"response": "accepted", "contact": "Narahubung (contoh)", "received_on": TODAY}
    return Act("acknowledge", after, answers)


def asked(question: str, after: int = 2) -> Act:
    """The institution asks for clarification."""
    answers = {
        "response": "clarification",
        "explanation": question,
        "contact": "Narahubung (contoh)",
    }
    return Act("acknowledge", after, answers)


def objected(reason: str) -> Act:
    """The institution disagrees."""
    answers = {"response": "disagree", "explanation": reason, "contact": "Narahubung (contoh)"}
    return Act("acknowledge", 2, answers)


def answered(text: str) -> Act:
    """The coordinator answers a clarification."""
    return Act("answer_clarification", 2, {"answer": text})


def planned(activity: str, target: str, after: int = 4) -> Act:
    """The institution hands in its action plan."""
    rows = [
        {"activity": activity, "unit": "Direktorat teknis", "target": target, "due": "{in 60}"},
        {
            "activity": "Pemantauan bersama pengguna",
            "unit": "Biro perencanaan",
            "target": "bulanan",
        },
    ]
    return Act("plan", after, {"unit": "Direktorat teknis", "activities": rows})


def progressed(percent: int, narrative: str, *, done: bool = False, after: int = 8) -> Act:
    """The institution reports progress."""
    answers = {
        "percent": percent,
        "narrative": narrative,
        "obstacles": "" if done else "Menunggu data kebutuhan dari pengguna.",
        "done": "yes" if done else "no",
    }
    return Act("implement", after, answers)


def reported(number: str, summary: str, after: int = 3) -> Act:
    """The institution hands in its official written report."""
    answers = {
        "letter_number": number,
        "letter_date": TODAY,
        "urgency": "urgent",
        "classification": "ordinary",
        "subject": "Laporan tindak lanjut rekomendasi",
        "signatory": "Sekretaris (contoh)",
        "summary": summary,
        "claimed_status": "conforms",
        "evidence": FILE,
    }
    return Act("report", after, answers)


def accepted() -> Act:
    """The coordinator finds the report in accordance with the recommendation."""
    return Act("evaluate", 4, {"verdict": "conforms"})


def returned(notes: str) -> Act:
    """The coordinator sends the report back with notes and a rework deadline."""
    answers = {"verdict": "not_yet_conforms", "notes": notes, "rework_deadline": "{in 28}"}
    return Act("evaluate", 4, answers)


def not_feasible(notes: str, basis: str) -> Act:
    """The coordinator proposes that it cannot be followed up."""
    answers = {
        "verdict": "cannot_be_followed_up",
        "notes": notes,
        "reason": "authority_moved",
        "basis": basis,
    }
    return Act("evaluate", 3, answers)


def registration(
    title: str, text: str, outcome: str, lead: str, supporting: Sequence[str], **more: Any
) -> dict[str, Any]:
    """Answers of the registration; `more` overrides the usual ones."""
    return {
        "title": title,
        "text": text,
        "expected_outcome": outcome,
        "source_meeting": "Rakor penguatan industri pertahanan dalam negeri (contoh)",
        "source_date": TODAY,
        "legal_basis": "UU 16/2012 tentang Industri Pertahanan",
        "rpjmn_reference": "RPJMN 2025-2029: kemandirian industri pertahanan",
        "priority": "normal",
        "classification": "ordinary",
        "deadline_kind": "working_days",
        "deadline_days": 45,
        "comment_deadline": "{in 9}",
        "cycle": "month",
        "lead": [lead],
        "supporting": list(supporting),
        "information": [],
        "rollup_rule": "all",
        **more,
    }


def concluded(decision: str, *, evaluation: int = 4) -> list[Act]:
    """The ministry's acts at the end: the overall evaluation, and the supervisor's yes to what
    happens to open follow-ups."""
    answers = {
        "conclusion": "Sebagian besar hasil yang diharapkan tercapai.",
        "achievement": "Hasil tercatat pada setiap instansi.",
        "decision": decision,
        "new_deadline": "{in 60}" if decision == "monitor" else None,
        "remaining": REMAINING["carried_over" if decision == "next" else "left_to_finish"],
    }
    return [
        Act("evaluate_overall", evaluation, answers),
        Act("decide_remaining", 2, {"remaining_approved": "yes"}),
    ]


AGREED: Final[Answers] = {"stance": "agree"}


def before_issue(content: Answers, comments: Mapping[str, Answers]) -> tuple[Act, ...]:
    """The acts of coordinator and supervisor on every recommendation, up to its letter."""
    answer = {"accepted": "yes", "reason": "Frasa ditambahkan pada naskah akhir."}
    noted = [code for code, said in comments.items() if said != AGREED]
    responses = [answer | {"institution": code} for code in noted]
    letter = {
        "letter_number": "B-{n}/POLKAM/2026",
        "letter_date": TODAY,
        "signatory": "Menteri Koordinator (contoh)",
    }
    return (
        Act("register", 0, content),
        Act("finalise", 1, {"responses": responses, "final_text": TEXT}),
        Act("approve", 1, {"approved": "yes"}),
        Act("send_out", 1, letter),
    )
