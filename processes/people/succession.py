"""Succession: what an institution still has to do goes to the one that comes after it.

Owns the act on many cases that the closing of an institution plans, and its part for each case. A
follow-up goes on with its tasks, deadlines, drafts and history under the successor, which is told;
where the successor follows up the same recommendation already, the former case is carried over into
that one, without a verdict. What was agreed in a rakor goes on as a follow-up does. A
recommendation that is still a draft, or that the institution is only informed of, is addressed to
the successor. The former institution reads what it had. All of this begins after the last day of
the former institution: what it has then is handed over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final, Protocol
from uuid import UUID

from sqlalchemy import Connection
from uuid_utils.compat import uuid7

from engine.sentences.errors import Conflict
from engine.sentences.sentence import say
from processes.acts import bulk
from processes.acts.acting import Acting
from processes.days.calendars import common_calendar
from processes.ground.letter_language import Wording
from processes.notices import recipients
from processes.notices.texts import letters
from processes.register.agreement_states import OWED
from processes.register.report_requests import REQUEST_OPEN, ReportRequestState
from processes.register.states import ENDED, Deed
from processes.rights import groups
from processes.storage import bulk as bulk_rows
from processes.storage.bulk import Count, Part
from processes.storage.cases import follow_up_rows, recommendation_rows
from processes.storage.cases.follow_up_rows import FollowUp
from processes.storage.meetings import agreement_rows
from processes.storage.meetings.agreement_rows import Agreement
from processes.storage.notices import mail_rows
from processes.storage.people import institutions, successions, users
from processes.storage.people.institutions import Institution
from processes.storage.people.successions import Succession
from processes.storage.work import task_rows
from processes.storage.written_report import request_rows
from processes.storage.written_report.request_rows import RequestPart

HAND_OVER: Final = "hand_over"
"""Kind of the act on many."""
BEGIN: Final = "begin_hand_over"
"""Kind of the act of one part that plans it, when its day has come."""
LANGUAGE: Final = "id"
"""Language of the reason in the history of a case, which all readers share."""


class Ends(Protocol):
    """What the end of an institution says of the hand-over."""

    @property
    def last_day(self) -> date: ...
    @property
    def letter(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Handing:
    """From which institution to which, and by which letter: the facts of the act. The short names
    are those of the day, for the histories of the cases."""

    code: str
    successor: str
    letter: str
    former_name: str
    successor_name: str

    def written(self) -> dict[str, str]:
        """The facts as they are stored."""
        return asdict(self)

    def noted(self, carried_into: UUID | None = None) -> dict[str, str]:
        """The facts in the history of a case."""
        own = {"carried_into": str(carried_into)} if carried_into else {}
        return {"from": self.former_name, "successor": self.successor_name, **own} | {
            "reason": self.letter
        }


def handing_of(facts: Mapping[str, Any]) -> Handing:
    """The facts of an act on many."""
    return Handing(**facts)


def plan(
    act: Acting, subject: str, former: Institution, successor: Institution, ending: Ends
) -> None:
    """Plan to hand over what an institution has to do after its last day. Part of the act that
    closes it, which has asked its rights. `subject`: what the records call the institution."""
    letter, calendar = ending.letter.strip(), common_calendar(act.connection)
    if ending.last_day < calendar.today(act.now):
        _plan_now(act, subject, former, successor, letter)
        return
    facts = {
        "code": former.code,
        "successor": successor.code,
        "letter": letter,
        "last_day": ending.last_day.isoformat(),
    }
    reason, due_at = _reason(act, former, successor, letter), calendar.end_of(ending.last_day)
    bulk.plan(act, BEGIN, subject, reason, facts, [(uuid7(), {})], due_at=due_at)


def begin(act: Acting, part: Part) -> None:
    """The last day is over: plan to hand over every case that is open now. Raises `Forbidden` if
    who closed the institution may not do so any more, `Conflict` if its end was changed since."""
    act.may("manage_institutions")
    facts = part.of.facts
    former = institutions.by_code(act.connection, str(facts["code"]))
    successor = institutions.by_code(act.connection, str(facts["successor"]))
    last_day = date.fromisoformat(str(facts["last_day"]))
    ending = (former.valid_to, former.successor_code) if former else None
    if former is None or successor is None or ending != (last_day, successor.code):
        raise Conflict(say("The end of this institution was changed since."))
    _plan_now(act, part.of.subject, former, successor, str(facts["letter"]))


def _plan_now(
    act: Acting, subject: str, former: Institution, successor: Institution, letter: str
) -> None:
    """Plan to hand over every open case, and tell the people of the successor."""
    names = (former.short_name, successor.short_name)
    wanted = Handing(former.code, successor.code, letter, *names)
    cases = successions.open_cases(act.connection, former.code)
    agreed = [one.id for one in agreement_rows.owed_by(act.connection, former.code)]
    others = successions.other_recommendations(act.connection, former.code)
    requests = request_rows.open_of(act.connection, former.code)
    reason = _reason(act, former, successor, letter)
    parts: list[tuple[UUID, Mapping[str, Any]]] = [
        (case, {}) for case in (*cases, *agreed, *others, *requests)
    ]
    bulk.plan(act, HAND_OVER, subject, reason, wanted.written(), parts)
    handed = {
        "follow_ups": len(cases),
        "agreements": len(agreed),
        "addressed": len(others),
        "requests": len(requests),
    }
    _tell(act, former, successor, letter, handed)


def _reason(act: Acting, former: Institution, successor: Institution, letter: str) -> str:
    words = Wording(LANGUAGE, act.service.options.translate(LANGUAGE, act.connection))
    return words(
        say(
            "{successor} succeeds {former} ({letter}).",
            successor=successor.short_name,
            former=former.short_name,
            letter=letter,
        )
    )


def _tell(
    act: Acting, former: Institution, successor: Institution, letter: str, handed: Mapping[str, int]
) -> None:
    """One letter to each contact and head of the successor, whatever the number of cases."""
    notifier = act.service.notifier
    told = letters.succeeded(
        former.short_name, successor.short_name, letter, handed, notifier.paper
    )
    people = {
        user.username: user
        for role in ("contact", "head")
        for user in users.members_of(act.connection, successor.code, role)
    }
    found = people.values() or recipients.administrators(act.connection)
    for user in found:
        mail_id = notifier.put(act.connection, user, told, None, act.now)
        mail_rows.queue(act.connection, mail_id, act.now)


def waits(connection: Connection, subject: str) -> bool:
    """Whether the newest plan to hand over waits for its day."""
    found = bulk_rows.newest(connection, BEGIN, subject)
    return found is not None and bulk_rows.count(connection, found.id).waiting > 0


def progress(connection: Connection, subject: str) -> Count | None:
    """How far the newest handing over of an institution is; None: nothing was to be handed over."""
    found = bulk_rows.newest(connection, HAND_OVER, subject)
    return None if found is None else bulk_rows.count(connection, found.id)


def hand_over(act: Acting, part: Part) -> None:
    """Hand one case over, in the name of whoever closed the institution. Raises `Forbidden` if that
    person may not do so any more, `Conflict` if the case ended or was handed over meanwhile."""
    found = follow_up_rows.find(act.connection, part.about)
    if found is None:
        asked = request_rows.part(act.connection, part.about)
        agreed = agreement_rows.find(act.connection, part.about)
        if asked is not None:
            _hand_over_request(act, part, asked)
        elif agreed is not None:
            _hand_over_agreement(act, agreed, part)
        else:
            _hand_over_address(act, part)
        return
    wanted = handing_of(part.of.facts)
    _lock_whole(act, found)
    act.lock(found.instance_id)
    act.may("manage_institutions")
    case = follow_up_rows.find(act.connection, part.about)
    if case is None or case.status in ENDED or case.institution != wanted.code:
        raise Conflict(say("This case was handed over already, or has ended."))
    own = successions.of_successor(act.connection, case.recommendation_id, wanted.successor)
    if own is None:
        _pass(act, case, wanted, part)
    else:
        _carry_over(act, case, wanted, part, own)


def _hand_over_agreement(act: Acting, found: Agreement, part: Part) -> None:
    """An agreement goes on with its tasks and deadline under the successor."""
    wanted = handing_of(part.of.facts)
    act.lock(found.instance_id)
    act.may("manage_institutions")
    agreed = agreement_rows.find(act.connection, found.id)
    if agreed is None or agreed.status not in OWED or agreed.institution != wanted.code:
        raise Conflict(say("This case was handed over already, or has ended."))
    agreement_rows.change(act.connection, agreed.id, act.now, institution=wanted.successor)
    _offer_tasks(act, agreed.instance_id, wanted, part)
    act.engine.note(agreed.instance_id, "succession", act.by, wanted.noted())


def _lock_whole(act: Acting, case: FollowUp) -> None:
    """Lock the recommendation before its follow-up: while a case changes hands nobody adds the
    successor to it, or two follow-ups of one institution would meet."""
    whole = recommendation_rows.find(act.connection, case.recommendation_id)
    if whole is not None:
        act.lock(whole.instance_id)


def _pass(act: Acting, case: FollowUp, wanted: Handing, part: Part) -> None:
    _keep(act, case, wanted, None)
    follow_up_rows.change(act.connection, case.id, act.now, institution=wanted.successor)
    successions.pass_address(act.connection, case.recommendation_id, wanted.code, wanted.successor)
    _offer_tasks(act, case.instance_id, wanted, part)
    act.engine.note(case.instance_id, "succession", act.by, wanted.noted())


def _carry_over(act: Acting, case: FollowUp, wanted: Handing, part: Part, own: UUID) -> None:
    """The former case ends without a verdict: its row says so first, and the message that its model
    waits for ends its tasks and timers."""
    _keep(act, case, wanted, own)
    follow_up_rows.move(
        act.connection, case, Deed.CARRY_OVER, act.now, closed_at=act.now, carried_into_id=own
    )
    payload = {
        "kind": "carried_over",
        "reason": part.of.reason,
        "letter_number": wanted.letter,
        "successor": wanted.successor,
    }
    act.engine.deliver(
        "recommendation_withdrawn", str(case.id), payload, wait=False, by=act.by,
        request_id=str(part.id),
    )  # fmt: skip
    act.engine.note(case.instance_id, "succession", act.by, wanted.noted(own))


def _keep(act: Acting, case: FollowUp, wanted: Handing, own: UUID | None) -> None:
    kept = Succession(
        id=uuid7(),
        follow_up_id=case.id,
        institution=wanted.code,
        successor=wanted.successor,
        letter=wanted.letter,
        carried_into=own,
        at=act.now,
        by=act.by,
    )
    successions.add(act.connection, kept)


def _hand_over_address(act: Acting, part: Part) -> None:
    """A recommendation that the institution comments on, or is only informed of."""
    wanted = handing_of(part.of.facts)
    found = recommendation_rows.find(act.connection, part.about)
    if found is None:
        raise Conflict(say("This case was handed over already, or has ended."))
    act.lock(found.instance_id)
    act.may("manage_institutions")
    known = recommendation_rows.institutions_of(act.connection, found.id)
    if wanted.code not in known:
        raise Conflict(say("This case was handed over already, or has ended."))
    successions.pass_address(act.connection, found.id, wanted.code, wanted.successor)
    _offer_tasks(act, found.instance_id, wanted, part)
    act.engine.note(found.instance_id, "succession", act.by, wanted.noted())


def _hand_over_request(act: Acting, part: Part, asked: RequestPart) -> None:
    """A report on progress that the institution owes: its successor owes it."""
    if asked.state is ReportRequestState.ASKED:
        act.lock(asked.instance_id)
    act.may("manage_institutions")
    wanted = handing_of(part.of.facts)
    found = request_rows.part(act.connection, asked.id)
    if found is None or found.state not in REQUEST_OPEN or found.institution != wanted.code:
        raise Conflict(say("This case was handed over already, or has ended."))
    request_rows.pass_to(act.connection, found.id, wanted.successor)
    if found.state is ReportRequestState.ASKED:
        _offer_tasks(act, found.instance_id, wanted, part)
        act.engine.note(found.instance_id, "succession", act.by, wanted.noted())


def _offer_tasks(act: Acting, instance_id: UUID, wanted: Handing, part: Part) -> None:
    """Offer the open tasks of the former institution to the same people of its successor. What was
    typed goes to whoever takes them."""
    for task in task_rows.of_instances(act.connection, [instance_id]):
        offered = [_of_successor(group, wanted) for group in task.candidate_groups]
        if offered != task.candidate_groups:
            act.engine.reoffer(task.id, offered, act.by, part.of.reason, request_id=str(part.id))


def _of_successor(group: str, wanted: Handing) -> str:
    found = groups.parse(group)
    if found is None or found.code != wanted.code:
        return group
    return groups.PREFIXES[found.role] + wanted.successor
