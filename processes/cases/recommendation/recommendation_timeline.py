"""The events of a recommendation, as sentences in time order.

Owns the sentences that only a recommendation needs; claims, escalations and mails have the
sentences of follow-ups (`processes.cases.timeline`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from engine.records.history import Event
from engine.sentences.sentence import Sentence, say
from engine.storage.cases import instances
from processes.cases import standing_in
from processes.cases.recommendation.recommendation_case import Detail
from processes.cases.timeline import TimelineEntry, escalated, handed, mailed
from processes.notices import tellings
from processes.register.posts import SUPERVISOR
from processes.register.states import DecisionKind, MeetingState, Role
from processes.rights.access import Scope
from processes.storage.cases import follow_up_detail
from processes.storage.cases.follow_up_detail import Decision
from processes.storage.cases.recommendation_detail import RecipientsChange
from processes.storage.notices.mail_rows import Mail
from processes.storage.people import users

STANCES: Mapping[str, Sentence] = {
    "agree": say("{who} agrees with the draft"),
    "agree_with_notes": say("{who} agrees with the draft, with notes"),
    "disagree": say("{who} disagrees with the draft"),
}
CONCLUSIONS: Mapping[str, Sentence] = {
    "close": say("Evaluated as a whole: closed"),
    "monitor": say("Evaluated as a whole: watched until {day}"),
    "next": say("Evaluated as a whole: closed, the next recommendation drafted"),
}

ISSUE: Mapping[bool, tuple[Sentence, Role]] = {
    True: (say("Approved for issue"), "done"),
    False: (say("Not approved: back to the text"), "late"),
}
REMAINING: Mapping[bool, tuple[Sentence, Role]] = {
    True: (say("What happens to the rest: agreed"), "neutral"),
    False: (say("What happens to the rest: not agreed, back to the evaluation"), "late"),
}

MINUTES_STAND: Final = (MeetingState.SIGNED, MeetingState.RECORDED)
"""The minutes of a rakor in these states are not written any more."""


@dataclass(frozen=True, slots=True)
class History:
    """`entries`: newest first; `people`: username -> name of everybody in them."""

    entries: Sequence[TimelineEntry]
    people: Mapping[str, str]


def history(
    connection: Connection, scope: Scope, found: Detail, names: Mapping[str, str]
) -> History:
    """The timeline of a recommendation that the reader has in full. `names`: element id -> name on
    its diagram. Only readers of every case get the events inside the ministry."""
    entries = [
        *_prepared(found),
        *_commented(found),
        *_decided(found),
        *_readdressed(found),
        *_concluded(found),
    ]
    usernames = {one.by for one in entries if one.by}
    if scope.oversees:
        events = instances.events(connection, found.case.instance_id)
        escalations = follow_up_detail.escalations(connection, found.case.instance_id)
        usernames |= _usernames(events, found.mails)
        people = users.names_of(connection, usernames)
        entries += [
            *escalated(escalations, tellings.of(connection, escalations)),
            *mailed(found.mails, people),
            *handed(events, names, people),
        ]
    else:
        people = users.names_of(connection, usernames)
    # In the order of the work above: of several events at one moment the last one comes first.
    entries.reverse()
    entries.sort(key=lambda entry: entry.at, reverse=True)
    return History(standing_in.signed(connection, entries), people)


def _prepared(found: Detail) -> Iterator[TimelineEntry]:
    case = found.case
    yield TimelineEntry(case.created_at, case.created_by, "work", say("Draft begun"))
    if case.registered_at is not None:
        sentence = say("Registered as {number} and sent round for comments", number=case.number)
        yield TimelineEntry(case.registered_at, case.created_by, "work", sentence)
    if case.issued_at is not None:
        sentence = say("Issued by letter {letter}", letter=case.letter_number or "–")
        yield TimelineEntry(case.issued_at, case.issued_by, "decision", sentence)
    if case.closed_at is not None:
        yield TimelineEntry(
            case.closed_at, None, "decision", case.status.in_timeline, role=case.status.role
        )


def _commented(found: Detail) -> Iterator[TimelineEntry]:
    for one in found.comments:
        who = found.names[one.institution]
        said = Sentence(STANCES[one.stance].template, {"who": who})
        yield TimelineEntry(one.at, one.by, "work", said, one.notes)
        if one.answered_at is not None:
            answer = (
                say("Comment of {who} accepted", who=who)
                if one.accepted
                else say("Comment of {who} not accepted", who=who)
            )
            role: Role = "done" if one.accepted else "neutral"
            yield TimelineEntry(
                one.answered_at, one.answered_by, "decision", answer, one.reason, role=role
            )


def _decided(found: Detail) -> Iterator[TimelineEntry]:
    for one in found.decisions:
        if one.proposed_at is not None:
            proposed = say("Withdrawal proposed")
            yield TimelineEntry(
                one.proposed_at, one.proposed_by, "work", proposed, one.proposed_reason
            )
        if one.lapsed_at is not None:
            lapsed = say("The proposal lapsed: the recommendation was closed before")
            yield TimelineEntry(one.lapsed_at, None, "decision", lapsed, role="neutral")
        if one.at is not None:
            sentence, role = _decision(one, found)
            yield TimelineEntry(
                one.at, one.by, "decision", sentence, one.reason, role=role, post=SUPERVISOR
            )


def _decision(one: Decision, found: Detail) -> tuple[Sentence, Role]:
    approved = bool(one.approved)
    if one.kind is DecisionKind.ISSUE:
        return ISSUE[approved]
    if one.kind is DecisionKind.REMAINING:
        return REMAINING[approved]
    if one.follow_up_id is not None:
        who = found.spoken_by.get(one.follow_up_id, "–")
        return say("Follow-up of {who} withdrawn", who=who), "neutral"
    return say("Withdrawal decided") if approved else say("Withdrawal refused"), "neutral"


def _readdressed(found: Detail) -> Iterator[TimelineEntry]:
    """Changes of the institutions after the issue."""
    for one in found.recipients_changes:
        proposed = say("Change of institutions proposed: {change}", change=in_words(found, one))
        yield TimelineEntry(one.proposed_at, one.proposed_by, "work", proposed, one.reason)
        if one.at is not None:
            letter = one.letter_number
            decided = (
                say("Institutions changed by letter {letter}", letter=letter)
                if one.approved
                else say("Change of institutions refused")
            )
            role: Role = "done" if one.approved else "neutral"
            yield TimelineEntry(
                one.at, one.by, "decision", decided, one.decision_reason, role=role, post=SUPERVISOR
            )
        if one.lapsed_at is not None:
            lapsed = say("The proposed change of institutions has lapsed")
            yield TimelineEntry(one.lapsed_at, None, "decision", lapsed)


def in_words(found: Detail, change: RecipientsChange) -> str:
    """Who is added (+) and who is taken out (-), by name."""
    added = [f"+{found.names[one['institution']]}" for one in change.added]
    return ", ".join([*added, *(f"-{found.names[code]}" for code in change.taken_out)])


def _concluded(found: Detail) -> Iterator[TimelineEntry]:
    for held in found.rakor:
        if held.state in MINUTES_STAND and held.minutes_at is not None:
            sentence = say(
                "Rakor {number} of {day}, chaired by {who}",
                number=held.number or "–", day=held.held_on, who=held.chair,
            )  # fmt: skip
            yield TimelineEntry(held.minutes_at, held.created_by, "work", sentence, held.minutes)
    for kept in found.compilations:
        yield TimelineEntry(kept.at, None, "work", say("Matrix of follow-ups compiled"))
    for one in found.evaluations:
        sentence = Sentence(CONCLUSIONS[one.decision].template, {"day": one.new_deadline})
        role = one.decision.role
        yield TimelineEntry(one.at, one.by, "decision", sentence, one.conclusion, role=role)


def _usernames(events: Sequence[Event], mails: Sequence[Mail]) -> set[str]:
    named = {one.by for one in events} | {one.to_user for one in mails}
    named |= {str(one.details["to"]) for one in events if one.details.get("to")}
    return {name for name in named if name}
