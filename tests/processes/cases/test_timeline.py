"""What the timeline of a follow-up says, of every kind of fact, as its reader reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from engine.records.history import Event
from processes.cases import timeline
from processes.cases.timeline import Facts, TimelineEntry
from processes.cases.written import Handed
from processes.notices.tellings import Told
from processes.register.groups import Group
from processes.register.states import (
    DecisionKind,
    ExtensionDecision,
    MailState,
    Reply,
    Response,
    Role,
    Stage,
)
from processes.register.verdicts import VERDICTS
from processes.storage.cases.follow_up_detail import (
    Activity,
    Decision,
    Escalation,
    Evaluation,
    Exchange,
    Extension,
    Progress,
    Statement,
)
from processes.storage.files.evidence import Evidence
from processes.storage.notices.mail_rows import Mail
from processes.storage.notices.reminder_letters import ReminderLetter
from processes.storage.tables.reports import Report
from tests.processes.conftest import NOW

ID = UUID(int=7)
DAY = date(2026, 3, 20)
PEOPLE = {"rina": "Rina Contoh", "budi": "Budi Contoh"}
NAMES = {"plan": "Susun rencana aksi"}


def later(hours: int) -> datetime:
    return NOW + timedelta(hours=hours)


def told(**facts: Any) -> list[TimelineEntry]:
    """The timeline of a case that was issued now, without that first entry."""
    given = {
        "issued_by": "ani", "closed_at": None, "status": Stage.PLAN, "group": Group.OPEN, **facts,
    }  # fmt: skip
    *entries, first = timeline.timeline(Facts(issued_at=NOW, names=NAMES, people=PEOPLE, **given))
    assert str(first.sentence) == "Recommendation issued"
    return entries


def said(**facts: Any) -> list[str]:
    return [str(one.sentence) for one in told(**facts)]


def exchange(response: Response, **reply: Any) -> Exchange:
    return Exchange(ID, ID, response, "Rina", None, None, "Apa maksudnya?", later(1), "rina",
                    **reply)  # fmt: skip


def extension(**decided: Any) -> Extension:
    return Extension(ID, ID, DAY, "Anggaran", None, later(1), "rina", **decided)


def escalation(**changed: Any) -> Escalation:
    values: dict[str, Any] = {
        "id": ID, "recommendation_id": ID, "follow_up_id": ID, "instance_id": ID, "task_id": ID,
        "element_id": "plan", "element_name": "Susun rencana aksi", "level": 2,
        "level_name": "Asdep", "due_at": NOW, "overdue": 3, "holder": "group",
        "planned": later(1), "fired": later(2), "late_seconds": 3600,
        "told": [{"name": "Rina Contoh"}, {"name": "Budi Contoh"}], "no_recipient": False,
    }  # fmt: skip
    return Escalation(**{**values, **changed})


def mail(
    kind: Any = "notice",
    to: str | None = "rina",
    state: MailState = MailState.SENT,
    sent_at: datetime | None = None,
) -> Mail:
    return Mail(ID, kind, to, None, "id", "Perihal", "Isi", ID, ID, None, None, state, 0, None,
                "<1@x>", later(1), sent_at)  # fmt: skip


def letter(**sent: Any) -> ReminderLetter:
    values: dict[str, Any] = {
        "id": ID, "follow_up_id": ID, "task_id": ID, "signatory": "asdep", "level_name": "Asdep",
        "task_name": "Susun rencana aksi", "due": DAY, "overdue": 3, "drafted_at": later(1),
        "replaced_at": None, "letter_number": None, "letter_date": None, "sent_at": None,
        "sent_by": None,
    }  # fmt: skip
    return ReminderLetter(**{**values, **sent})


def event(kind: str, **details: Any) -> Event:
    return Event(ID, 1, later(1), kind, "rina", details=details)


# --- the life of a case -------------------------------------------------------------------------


def test_a_case_begins_with_its_issue_by_whoever_issued_it() -> None:
    [first] = timeline.timeline(Facts(NOW, "ani", None, Stage.PLAN, Group.OPEN))
    assert (first.at, first.by, first.kind) == (NOW, "ani", "work")


@pytest.mark.parametrize(
    ("status", "group", "sentence", "role"),
    [
        (Stage.CLOSED, Group.CONFORMS, "Follow-up closed", "done"),
        (Stage.CLOSED, Group.IMPOSSIBLE, "Follow-up closed", "neutral"),
        (Stage.WITHDRAWN, Group.WITHDRAWN, "Follow-up withdrawn", "neutral"),
        (
            Stage.CARRIED_OVER,
            Group.CARRIED_OVER,
            "Carried over into another follow-up",
            "neutral",
        ),
    ],
)
def test_the_end_is_told_by_its_kind_and_by_nobody(
    status: Stage, group: Group, sentence: str, role: Role
) -> None:
    [end] = told(status=status, group=group, closed_at=later(9))
    assert (str(end.sentence), end.kind, end.by, end.at) == (sentence, "decision", None, later(9))
    assert end.role == role, "an end alone is no success"


def test_what_happened_last_stands_first() -> None:
    found = told(
        evidence=[Evidence(ID, ID, None, None, "0", "a.pdf", "application/pdf", 1, "rina", NOW,
                           later(3))],
        mails=[mail()],
        statements=[Statement(ID, ID, "Sudah.", "Sesjen", DAY, None, later(2), "ani")],
    )  # fmt: skip
    assert [entry.at for entry in found] == [later(3), later(2), later(1)]


# --- what was said and done ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("response", "sentence"),
    [
        (Response.ACCEPTED, "Receipt confirmed"),
        (Response.CLARIFICATION, "Clarification asked for"),
        (Response.DISAGREE, "Disagreement stated"),
    ],
)
def test_an_answer_at_acknowledging_is_told_with_its_explanation(
    response: Response, sentence: str
) -> None:
    [entry] = told(exchanges=[exchange(response)])
    assert (str(entry.sentence), entry.text, entry.by) == (sentence, "Apa maksudnya?", "rina")
    assert entry.kind == "work"


@pytest.mark.parametrize(
    ("result", "sentence"),
    [
        (Reply.ANSWERED, "Clarification given"),
        (Reply.REJECTED, "Disagreement weighed: the recommendation stands"),
        (Reply.CHANGED, "Disagreement weighed: the text was changed"),
        (Reply.ACCEPTED, "Disagreement weighed: accepted"),
    ],
)
def test_the_reply_is_an_entry_of_its_own_by_whoever_replied(result: Reply, sentence: str) -> None:
    replied = exchange(
        Response.DISAGREE, reply="Karena wajib.", result=result, replied_at=later(5),
        replied_by="ani",
    )  # fmt: skip
    reply, answer = told(exchanges=[replied])
    assert (str(reply.sentence), reply.text) == (sentence, "Karena wajib.")
    assert (reply.at, reply.by, reply.kind) == (later(5), "ani", "decision")
    assert answer.by == "rina"


def test_a_changed_text_is_told_below_the_reasons_for_it() -> None:
    changed = exchange(
        Response.DISAGREE, reply="Benar.", changed_text="Naik 30 persen.", result=Reply.CHANGED,
        replied_at=later(5), replied_by="ani",
    )  # fmt: skip
    assert told(exchanges=[changed])[0].text == "Benar.\n\nNaik 30 persen."


def test_a_plan_of_several_activities_is_one_entry_for_each_version() -> None:
    plan = [
        Activity(ID, ID, version, position, "Ditjen", "Susun", None, None, None,
                 later(version), "rina")
        for version in (1, 2)
        for position in (1, 2, 3)
    ]  # fmt: skip
    assert said(plan=plan) == ["Action plan, version 2", "Action plan, version 1"]


def test_progress_is_told_with_its_percentage_and_its_words() -> None:
    [entry] = told(
        progress=[Progress(ID, ID, 1, 40, "Tender.", None, None, False, later(1), "rina")]
    )
    assert (str(entry.sentence), entry.text) == ("Progress: 40%", "Tender.")


def handed(receipt: str | None, **more: Any) -> Handed:
    report = Report(ID, ID, 1, "B/12/2026", DAY, "ordinary", "ordinary", "Laporan", "Sesjen",
                    "Naik.", "conforms", later(1), "rina", receipt, **more)  # fmt: skip
    return Handed(ID, 1, receipt, later(1), "rina", None, None, 0, False, report)


@pytest.mark.parametrize(("receipt", "shown"), [("TT-2026-0001", "TT-2026-0001"), (None, "-")])
def test_a_report_is_told_by_its_letter_and_its_receipt(receipt: str | None, shown: str) -> None:
    [entry] = told(handed_in=[handed(receipt)])
    assert str(entry.sentence) == f"Report B/12/2026 handed in, receipt {shown}"
    assert entry.text == "Naik."


def test_a_report_taken_back_is_told_twice_the_second_time_with_the_reason() -> None:
    back: dict[str, Any] = {"replaced_at": later(2), "replaced_by": "rina"}
    one = handed("TT-2026-0001", replaced_reason="Nomor keliru.", **back)
    after, before = told(handed_in=[replace(one, **back)])
    assert str(before.sentence) == "Report B/12/2026 handed in, receipt TT-2026-0001"
    assert str(after.sentence) == "Report taken back, receipt TT-2026-0001 is replaced"
    assert (after.at, after.by, after.text) == (later(2), "rina", "Nomor keliru.")


def test_of_a_report_above_the_clearance_only_receipt_and_time_are_told() -> None:
    back: dict[str, Any] = {"replaced_at": later(2), "replaced_by": "rina", "report": None}
    after, before = told(handed_in=[replace(handed("TT-2026-0001"), **back)])
    assert "TT-2026-0001: classified above your clearance" in str(before.sentence)
    assert (before.at, before.text, after.text) == (later(1), None, None)


def test_what_was_only_said_is_marked_as_unconfirmed() -> None:
    [entry] = told(statements=[Statement(ID, ID, "Sudah.", "Sesjen", DAY, None, later(2), "ani")])
    assert str(entry.sentence) == "Said by Sesjen, not confirmed in writing"
    assert (entry.text, entry.by) == ("Sudah.", "ani"), "who wrote it down is not who said it"


def test_a_file_is_told_by_its_name_when_it_became_part_of_the_case() -> None:
    file = Evidence(ID, ID, None, None, "0", "bukti.pdf", "application/pdf", 1, "rina", NOW,
                    later(3))  # fmt: skip
    [entry] = told(evidence=[file])
    assert (str(entry.sentence), entry.at) == ("File added: bukti.pdf", later(3))
    assert (entry.kind, entry.by) == ("file", "rina")


# --- what was decided ---------------------------------------------------------------------------


@pytest.mark.parametrize("verdict", VERDICTS)
def test_a_verdict_is_told_in_its_words_with_its_notes(verdict: str) -> None:
    found = Evaluation(
        ID, ID, ID, 1, verdict, "Lampirkan bukti.", None, None, None, later(1), "ani"
    )
    [entry] = told(evaluations=[found])
    assert (entry.kind, entry.by, entry.text) == ("decision", "ani", "Lampirkan bukti.")
    assert entry.sentence == VERDICTS[verdict].in_timeline


@pytest.mark.parametrize(
    ("approved", "sentence"),
    [(True, "Approved: cannot be followed up"), (False, "Refused: can be followed up")],
)
def test_a_decision_of_the_supervisor_is_told_once_it_is_made(
    approved: bool, sentence: str
) -> None:
    pending = Decision(ID, ID, DecisionKind.NOT_FEASIBLE, ID)
    made = Decision(ID, ID, DecisionKind.NOT_FEASIBLE, ID, approved=approved, reason="Kahar.",
                    at=later(1), by="asdep")  # fmt: skip
    assert said(decisions=[pending]) == []
    [entry] = told(decisions=[made])
    assert (str(entry.sentence), entry.text, entry.by) == (sentence, "Kahar.", "asdep")


@pytest.mark.parametrize(
    ("letter", "sentence"),
    [
        ("C-4/2026", "Follow-up withdrawn by letter C-4/2026"),
        (None, "Follow-up withdrawn by the supervisor"),
    ],
)
def test_a_withdrawal_names_its_letter_where_there_is_one(
    letter: str | None, sentence: str
) -> None:
    made = Decision(ID, ID, DecisionKind.WITHDRAWAL, ID, approved=True, reason="Usang.",
                    letter_number=letter, at=later(1), by="asdep")  # fmt: skip
    [entry] = told(decisions=[made])
    assert (str(entry.sentence), entry.text) == (sentence, "Usang.")


def test_a_request_for_a_later_deadline_is_told_while_it_waits() -> None:
    [entry] = told(extensions=[extension()])
    assert str(entry.sentence) == "Extension until 2026-03-20 requested"
    assert (entry.text, entry.by, entry.kind) == ("Anggaran", "rina", "work")


@pytest.mark.parametrize(
    ("decision", "sentence"),
    [
        (ExtensionDecision.GRANTED, "Extension granted until 2026-03-25"),
        (ExtensionDecision.DENIED, "Extension denied"),
    ],
)
def test_its_decision_is_told_with_the_day_that_was_granted_not_the_one_asked_for(
    decision: ExtensionDecision, sentence: str
) -> None:
    wish = extension(
        decision=decision, new_deadline=date(2026, 3, 25), decision_reason="Cukup.",
        decided_at=later(4), decided_by="asdep",
    )  # fmt: skip
    decided, asked = told(extensions=[wish])
    assert (str(decided.sentence), decided.text, decided.by) == (sentence, "Cukup.", "asdep")
    assert (decided.kind, asked.kind) == ("decision", "work")


# --- who was told of lateness -------------------------------------------------------------------


def test_an_escalation_says_whom_it_is_for_and_how_long_after_its_time() -> None:
    [entry] = told(escalations=[escalation()])
    assert str(entry.sentence) == "Asdep: Susun rencana aksi, for Rina Contoh, Budi Contoh"
    assert entry.told == (), "no mail, nobody told"
    assert (entry.at, entry.planned, entry.late_seconds) == (later(2), later(1), 3600)
    assert (entry.kind, entry.by) == ("escalation", None)


def test_an_escalation_says_of_each_whether_their_mail_was_sent() -> None:
    people = [
        Told("Rina Contoh", MailState.SENT, later(3)),
        Told("Budi Contoh", MailState.QUEUED, None),
    ]
    elsewhere = [Told("Ani", MailState.SENT, later(3))]
    [entry] = told(escalations=[escalation()], told={ID: people, UUID(int=8): elsewhere})
    assert entry.told == people


def test_an_escalation_that_reached_nobody_says_so() -> None:
    [sentence] = said(escalations=[escalation(told=[], no_recipient=True)])
    assert "nobody could be told but the administrators" in sentence


def test_mail_is_told_by_the_name_of_who_got_it_and_a_digest_is_not() -> None:
    assert said(mails=[mail()]) == ["Mail to Rina Contoh"]
    assert said(mails=[mail(to="orang-lama")]) == ["Mail to orang-lama"]
    assert said(mails=[mail("digest"), mail("account")]) == []


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (MailState.SENT, "Mail to Rina Contoh"),
        (MailState.QUEUED, "Mail to Rina Contoh waits to be sent"),
        (MailState.FAILED, "Mail to Rina Contoh could not be sent"),
        (MailState.SHOWN, "Mail to Rina Contoh, not sent, only in the outbox"),
        (MailState.DROPPED, "Mail to Rina Contoh was no longer needed"),
    ],
)
def test_a_mail_says_what_became_of_it(state: MailState, sentence: str) -> None:
    assert said(mails=[mail(state=state)]) == [sentence]


@pytest.mark.parametrize(("sent_at", "at"), [(later(5), later(5)), (None, later(1))])
def test_a_mail_is_told_when_it_went_out_or_else_when_it_was_written(
    sent_at: datetime | None, at: datetime
) -> None:
    assert [entry.at for entry in told(mails=[mail(sent_at=sent_at)])] == [at]


def test_a_reminder_letter_is_drafted_by_nobody_and_sent_by_somebody() -> None:
    draft = "Asdep: reminder letter drafted about Susun rencana aksi"
    assert said(reminders=[letter()]) == [draft]
    sent = letter(letter_number="B-7", letter_date=DAY, sent_at=later(6), sent_by="ani")
    newest, oldest = told(reminders=[sent])
    assert str(newest.sentence) == "Reminder letter B-7 of 2026-03-20 sent"
    assert (newest.by, newest.at, oldest.by) == ("ani", later(6), None)


# --- what people did with tasks -----------------------------------------------------------------

DEEDS: list[tuple[str, Mapping[str, Any], str]] = [
    ("claim", {}, "Susun rencana aksi: taken"),
    ("assign", {"to": None}, "Susun rencana aksi: given back"),
    ("assign", {"to": "budi"}, "Susun rencana aksi: passed on to Budi Contoh"),
    ("assign", {"to": "siapa"}, "Susun rencana aksi: passed on to siapa"),
    ("extend", {"to": "2026-03-25"}, "Susun rencana aksi: deadline moved to 2026-03-25"),
    ("remind", {}, "Susun rencana aksi: reminded"),
    ("activity", {}, "Susun rencana aksi: started"),
    ("external", {"worker": "mesin-7"}, "Susun rencana aksi: done by the worker mesin-7"),
    ("external_error", {}, "Susun rencana aksi: its worker reports an error"),
    ("external_escalation", {}, "Susun rencana aksi: its worker escalates"),
    ("external_retry", {}, "Susun rencana aksi: given out again"),
]


@pytest.mark.parametrize(("kind", "details", "sentence"), DEEDS)
def test_a_deed_upon_a_task_is_told_by_the_name_on_the_drawing(
    kind: str, details: Mapping[str, Any], sentence: str
) -> None:
    [entry] = told(events=[event(kind, element="plan", **details)])
    assert (str(entry.sentence), entry.by, entry.kind) == (sentence, "rina", "work")


def test_a_deed_is_told_with_its_reason_if_one_was_given() -> None:
    with_reason = event("assign", element="plan", to="budi", reason="Cuti")
    without = event("assign", element="plan", to="budi", reason="")
    assert [entry.text for entry in told(events=[with_reason, without])] == ["Cuti", None]


@pytest.mark.parametrize("kind", ["start", "complete", "timer", "message", "deadline", "kind"])
def test_what_the_register_tells_itself_is_not_told_twice(kind: str) -> None:
    assert said(events=[event(kind, element="plan")]) == []
