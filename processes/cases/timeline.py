"""The events of a follow-up, as sentences in time order.

Pure: facts of the register and events of the engine go in, entries come out. The register has the
statements and decisions. Of the engine's events only those without a row in the register are used
(who claimed a task, who passed it on).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Literal
from uuid import UUID

from engine.records.history import Event
from engine.sentences.sentence import ModelText, Sentence, say
from processes.cases.written import Handed, HandedProgress
from processes.notices.tellings import Told
from processes.register.groups import Group
from processes.register.posts import SUPERVISOR
from processes.register.states import (
    DecisionKind,
    ExtensionDecision,
    MailState,
    Role,
    Stage,
    Treatment,
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
    Remaining,
    Statement,
)
from processes.storage.cases.recommendation_detail import RecipientsChange
from processes.storage.cases.withdrawal_rows import Revoked
from processes.storage.files.evidence import Evidence
from processes.storage.notices.mail_rows import Mail
from processes.storage.notices.reminder_letters import ReminderLetter
from processes.storage.tables.releases import CaseRelease
from processes.storage.tables.reports import Report

MAILED: Mapping[MailState, Sentence] = {
    MailState.SENT: say("Mail to {who}"),
    MailState.QUEUED: say("Mail to {who} waits to be sent"),
    MailState.FAILED: say("Mail to {who} could not be sent"),
    MailState.SHOWN: say("Mail to {who}, not sent, only in the outbox"),
    MailState.DROPPED: say("Mail to {who} was no longer needed"),
}
RELEASED: Mapping[tuple[bool, bool], Sentence] = {
    (True, True): say("Report released by the head of the institution"),
    (True, False): say("Report not released, it goes back to be corrected"),
    (False, True): say("Report on progress released by the head of the institution"),
    (False, False): say("Report on progress not released, it goes back to be corrected"),
}
"""(of a final report, the answer) -> what is said of it."""
Kind = Literal["work", "decision", "escalation", "file", "mail"]


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One thing that happened. `by`: the user's name as given to the engine; None: the product
    itself. `text`: what was written, if it is more than the sentence. Of an escalation: when it
    was planned, how many seconds after that it fired, and whom it is for. Of a decision: the role
    of what was decided, for a no is nothing that is done. `language`: in which the text was
    written, if it is a mail's. `post`: the group whose act it is, of a decision; `sign`: plt. or
    plh., if it was a stand-in's (`processes.cases.standing_in`)."""

    at: datetime
    by: str | None
    kind: Kind
    sentence: Sentence
    text: str | None = None
    planned: datetime | None = None
    late_seconds: int = 0
    told: Sequence[Told] = ()
    role: Role = "done"
    language: str = ""
    post: str = ""
    sign: Sentence | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of a timeline; missing ones stay empty."""

    issued_at: datetime
    issued_by: str | None
    closed_at: datetime | None
    status: Stage
    group: Group
    exchanges: Sequence[Exchange] = ()
    plan: Sequence[Activity] = ()
    progress: Sequence[Progress] = ()
    handed_in: Sequence[Handed] = ()
    on_progress: Sequence[HandedProgress] = ()
    unsent: Sequence[Report] = ()
    """Reports that had to be released first, for people of their institution."""
    releases: Sequence[CaseRelease] = ()
    heads: str = ""
    """The group of the institution's leadership."""
    evaluations: Sequence[Evaluation] = ()
    extensions: Sequence[Extension] = ()
    statements: Sequence[Statement] = ()
    decisions: Sequence[Decision] = ()
    settled: Remaining | None = None
    left_to_finish_at: datetime | None = None
    """When it was left to finish, though it was to be carried over."""
    escalations: Sequence[Escalation] = ()
    evidence: Sequence[Evidence] = ()
    mails: Sequence[Mail] = ()
    reminders: Sequence[ReminderLetter] = ()
    events: Sequence[Event] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    """Element id -> its name on the diagram."""
    people: Mapping[str, str] = field(default_factory=dict)
    """Username -> the person's name."""
    told: Mapping[UUID, Sequence[Told]] = field(default_factory=dict)
    """Escalation -> those it is for, and when each was told."""
    joined: RecipientsChange | None = None
    """The change after the issue that added the institution."""
    left: RecipientsChange | None = None
    """The change that took it out."""
    revoked: Revoked | None = None
    """The decision that withdrew the whole recommendation."""


def timeline(facts: Facts) -> list[TimelineEntry]:
    """All entries, newest first."""
    entries = [
        *_life(facts),
        *_said(facts.exchanges),
        *_done(facts),
        *_decided(facts),
        *escalated(facts.escalations, facts.told),
        *_files(facts.evidence),
        *mailed(facts.mails, facts.people),
        *_reminded(facts.reminders),
        *handed(facts.events, facts.names, facts.people),
    ]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def _life(facts: Facts) -> Iterator[TimelineEntry]:
    begun = say("Recommendation issued")
    if facts.joined is not None:
        letter = facts.joined.letter_number
        begun = say("Added to the recommendation by letter {letter}", letter=letter)
    yield TimelineEntry(facts.issued_at, facts.issued_by, "work", begun)
    if facts.closed_at is not None:
        sentence, text = facts.status.in_timeline, None
        if facts.left is not None and facts.status is Stage.WITHDRAWN:
            letter, text = facts.left.letter_number, facts.left.reason
            sentence = say("Taken out of the recommendation by letter {letter}", letter=letter)
        elif facts.revoked is not None:
            sentence, text = say("The whole recommendation withdrawn"), facts.revoked.reason
        yield TimelineEntry(
            facts.closed_at, None, "decision", sentence, text, role=facts.group.role
        )


def _said(exchanges: Iterable[Exchange]) -> Iterator[TimelineEntry]:
    for one in exchanges:
        yield TimelineEntry(one.at, one.by, "work", one.response.in_timeline, one.explanation)
        if one.replied_at is not None and one.result is not None:
            text = "\n\n".join(part for part in (one.reply, one.changed_text) if part)
            told, role = one.result.in_timeline, one.result.role
            yield TimelineEntry(one.replied_at, one.replied_by, "decision", told, text, role=role)


def _done(facts: Facts) -> Iterator[TimelineEntry]:
    for plan in facts.plan:
        if plan.position == 1:
            sentence = say("Action plan, version {n}", n=plan.version)
            yield TimelineEntry(plan.at, plan.by, "work", sentence, plan.reason)
    for step in facts.progress:
        yield TimelineEntry(
            step.at, step.by, "work", say("Progress: {percent}%", percent=step.percent),
            step.narrative,
        )  # fmt: skip
    for handed in facts.handed_in:
        yield from _handed_in(handed)
    for letter in facts.on_progress:
        yield _on_progress(letter)
    yield from _inside(facts)
    for said in facts.statements:
        sentence = say("Said by {who}, not confirmed in writing", who=said.said_by)
        yield TimelineEntry(said.at, said.by, "work", sentence, said.text)


def _handed_in(one: Handed) -> Iterator[TimelineEntry]:
    """A report, and that it was taken back; of one above the reader's clearance only that."""
    report, receipt = one.report, one.receipt_number or "-"
    sentence = (
        say(
            "Report {letter} handed in, receipt {receipt}",
            letter=report.letter_number,
            receipt=receipt,
        )
        if report
        else say("Report handed in, receipt {receipt}: classified above your clearance",
                 receipt=receipt)
    )  # fmt: skip
    yield TimelineEntry(one.at, one.by, "work", sentence, report.summary if report else None)
    if one.replaced_at is not None:
        back = say("Report taken back, receipt {receipt} is replaced", receipt=receipt)
        reason = report.replaced_reason if report else None
        yield TimelineEntry(one.replaced_at, one.replaced_by, "work", back, reason)


def _on_progress(one: HandedProgress) -> TimelineEntry:
    """A report on progress; of one above the reader's clearance only that it came."""
    report, receipt = one.report, one.receipt_number or "-"
    if report is None:
        sentence = say(
            "Report on progress handed in, receipt {receipt}: classified above your clearance",
            receipt=receipt,
        )
        return TimelineEntry(one.at, one.by, "work", sentence)
    sentence = say(
        "Report on progress {letter} handed in, receipt {receipt}: {percent}%",
        letter=report.letter_number,
        receipt=receipt,
        percent=report.percent,
    )
    return TimelineEntry(one.at, one.by, "work", sentence, report.narrative)


def _inside(facts: Facts) -> Iterator[TimelineEntry]:
    """What came before a report was handed in: it was written, taken back, answered by the head."""
    answered = {one.report_id for one in facts.releases}
    for report in facts.unsent:
        written = say("Report written, to be released by the head of the institution")
        yield TimelineEntry(report.at, report.by, "work", written)
        back = report.replaced_at if not report.handed_in and report.id not in answered else None
        if back is not None:
            sentence = say("Report taken back before it was released")
            yield TimelineEntry(
                back, report.replaced_by, "work", sentence, report.replaced_reason, role="neutral"
            )
    for one in facts.releases:
        yield TimelineEntry(
            one.at,
            one.by,
            "decision",
            RELEASED[one.report_id is not None, one.released],
            one.notes,
            role="done" if one.released else "neutral",
            post=facts.heads,
        )


def _decided(facts: Facts) -> Iterator[TimelineEntry]:
    for found in facts.evaluations:
        verdict = VERDICTS[found.verdict]
        yield TimelineEntry(
            found.at, found.by, "decision", verdict.in_timeline, found.notes, role=verdict.kind.role
        )
    for one in facts.decisions:
        if one.at is not None:
            sentence = _decision(one)
            # Either answer is weighed: neither means that the recommendation is followed.
            yield TimelineEntry(
                one.at, one.by, "decision", sentence, one.reason, role="neutral", post=SUPERVISOR
            )
    if facts.settled is not None:
        yield from _settled(facts.settled)
    if facts.left_to_finish_at is not None:
        yield TimelineEntry(facts.left_to_finish_at, None, "decision", AFTER_ALL, role="neutral")
    for wish in facts.extensions:
        asked = say("Extension until {day} requested", day=wish.requested_deadline)
        yield TimelineEntry(wish.requested_at, wish.requested_by, "work", asked, wish.reason)
        if wish.decided_at is not None:
            yield TimelineEntry(
                wish.decided_at,
                wish.decided_by,
                "decision",
                _extension(wish),
                wish.decision_reason,
                role=wish.decision.role if wish.decision else "neutral",
                post=SUPERVISOR,
            )


def _decision(one: Decision) -> Sentence:
    if one.kind is DecisionKind.WITHDRAWAL:
        return _withdrawn(one.letter_number)
    if one.approved:
        return say("Approved: cannot be followed up")
    return say("Refused: can be followed up")


def _withdrawn(letter: str | None) -> Sentence:
    if letter is None:
        return say("Follow-up withdrawn by the supervisor")
    return say("Follow-up withdrawn by letter {letter}", letter=letter)


SETTLED: Final[Mapping[Treatment, Sentence]] = {
    Treatment.CARRIED_OVER: say("Agreed: carried over when the next recommendation is issued"),
    Treatment.WITHDRAWN: say("Agreed: withdrawn with the end of its recommendation"),
    Treatment.LEFT_TO_FINISH: say("Agreed: left to finish after the end of its recommendation"),
}


AFTER_ALL: Final = say("Not carried over after all: left to finish")


def _settled(one: Remaining) -> Iterator[TimelineEntry]:
    if one.approved_at is not None:
        sentence = SETTLED[one.treatment]
        yield TimelineEntry(one.approved_at, None, "decision", sentence, one.reason, role="neutral")


def _extension(wish: Extension) -> Sentence:
    if wish.decision is ExtensionDecision.DENIED:
        return wish.decision.in_timeline
    return say("Extension granted until {day}", day=wish.new_deadline)


def escalated(
    escalations: Iterable[Escalation], told: Mapping[UUID, Sequence[Told]]
) -> Iterator[TimelineEntry]:
    """Whom lateness was escalated to; `told`: as of `Facts`."""
    for one in escalations:
        people = ", ".join(str(person["name"]) for person in one.told)
        if one.no_recipient:
            sentence = say(
                "{level}: {task}, nobody could be told but the administrators",
                level=ModelText(one.level_name),
                task=ModelText(one.element_name),
            )
        else:
            sentence = say(
                "{level}: {task}, for {people}",
                level=ModelText(one.level_name),
                task=ModelText(one.element_name),
                people=people,
            )
        yield TimelineEntry(
            one.fired,
            None,
            "escalation",
            sentence,
            planned=one.planned,
            late_seconds=one.late_seconds,
            told=told.get(one.id, ()),
        )


def _files(evidence: Iterable[Evidence]) -> Iterator[TimelineEntry]:
    for one in evidence:
        sentence = say("File added: {name}", name=one.name)
        yield TimelineEntry(one.created_at, one.uploaded_by, "file", sentence)


def mailed(mails: Iterable[Mail], people: Mapping[str, str]) -> Iterator[TimelineEntry]:
    """Notices, when they went out or that they did not; digests are no part of a case."""
    for one in mails:
        if one.kind == "notice":
            who = people.get(one.to_user or "", one.to_user)
            sentence = Sentence(MAILED[one.state].template, {"who": who})
            at = one.sent_at or one.created_at
            yield TimelineEntry(at, None, "mail", sentence, one.subject, language=one.locale)


def _reminded(letters: Iterable[ReminderLetter]) -> Iterator[TimelineEntry]:
    """Letters about lateness: drafted by the product, sent by people."""
    for one in letters:
        drafted = say("{level}: reminder letter drafted about {task}", **_about(one))
        yield TimelineEntry(one.drafted_at, None, "escalation", drafted)
        if one.sent_at is not None:
            sent = say(
                "Reminder letter {number} of {day} sent",
                number=one.letter_number,
                day=one.letter_date,
            )
            yield TimelineEntry(one.sent_at, one.sent_by, "escalation", sent)


def _about(letter: ReminderLetter) -> dict[str, object]:
    return {"level": ModelText(letter.level_name), "task": ModelText(letter.task_name)}


def handed(
    events: Iterable[Event], names: Mapping[str, str], people: Mapping[str, str]
) -> Iterator[TimelineEntry]:
    """Who took a task, passed it on, moved its deadline, asked for it or chose it. `names`,
    `people`: as of `Facts`."""
    for event in events:
        sentence = act(event, names, people)
        if sentence is not None:
            text = event.details.get("reason")
            yield TimelineEntry(event.at, event.by, "work", sentence, str(text) if text else None)


def _succession(event: Event) -> Sentence:
    facts = {"former": event.details.get("from"), "successor": event.details.get("successor")}
    if event.details.get("carried_into"):
        return say("{successor} succeeds {former}: carried over into its own follow-up", **facts)
    return say("{successor} succeeds {former} and goes on with this", **facts)


def act(event: Event, names: Mapping[str, str], people: Mapping[str, str]) -> Sentence | None:
    """The sentence for an act on a task besides completing it, or for a choice; None for any other
    event."""
    task = names.get(str(event.details.get("element")), "")
    to = event.details.get("to")
    if event.kind == "claim":
        return say("{task}: taken", task=task)
    if event.kind == "assign" and to is None:
        return say("{task}: given back", task=task)
    if event.kind == "assign":
        return say("{task}: passed on to {who}", task=task, who=people.get(str(to), to))
    if event.kind == "extend":
        return say("{task}: deadline moved to {day}", task=task, day=date.fromisoformat(str(to)))
    if event.kind == "succession":
        return _succession(event)
    if event.kind == "report_asked":
        day = date.fromisoformat(str(event.details.get("deadline")))
        number = event.details.get("number")
        return say("Report on progress asked for until {day}, {number}", day=day, number=number)
    if event.kind == "report_unasked":
        return say("Report on progress begun unasked")
    if event.kind == "remind":
        return say("{task}: reminded", task=task)
    if event.kind == "activity":
        return say("{task}: started", task=task)
    if event.kind == "external":
        worker = ModelText(str(event.details.get("worker")))
        return say("{task}: done by the worker {worker}", task=task, worker=worker)
    if event.kind == "external_error":
        return say("{task}: its worker reports an error", task=task)
    if event.kind == "external_escalation":
        return say("{task}: its worker escalates", task=task)
    if event.kind == "external_retry":
        return say("{task}: given out again", task=task)
    return None
