"""Acts of the demo's people outside the forms of their tasks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from engine.storage.cases import worklist
from engine.storage.cases.worklist import Task
from processes.acts.service import Service
from processes.cases.follow_up import corrections, follow_up_acts
from processes.cases.follow_up.follow_up_acts import Said
from processes.cases.recommendation import recommendations
from processes.demo.acts import Deed
from processes.demo.answers import later
from processes.papers import reminder_letters
from processes.register.states import ENDED
from processes.rights import groups
from processes.rights.scope import Scope
from processes.storage.cases import follow_up_rows
from processes.storage.cases.follow_up_rows import FollowUp
from processes.storage.notices import reminder_letters as letters
from processes.storage.people import users
from processes.work import tasks


@dataclass(frozen=True, slots=True)
class Occasion:
    """A deed in an institution's follow-up, while its task is open."""

    service: Service
    person: Callable[[str], Scope]
    today: date
    case: FollowUp
    task: Task
    words: str

    @property
    def colleague(self) -> str:
        """The second contact of the institution."""
        return f"{self.case.institution}-2"

    @property
    def contact(self) -> Scope:
        """The first contact of the institution."""
        return self.person(self.case.institution)


def do(
    service: Service, person: Callable[[str], Scope], today: date, follow_up: UUID, deed: Deed
) -> None:
    """Do the deed, if the institution still has an open task in this follow-up; a correction while
    the coordinator has its report."""
    with service.reading() as connection:
        case = follow_up_rows.find(connection, follow_up)
        assert case is not None, "there is such a follow-up"
        waiting = worklist.of_instance(connection, case.instance_id, only_open=True)
    contacts = groups.of_contacts(case.institution)
    asked = "coordinator" if deed.what == "correction" else contacts
    mine = [task for task in waiting if asked in task.candidate_groups]
    if case.status not in ENDED and mine:
        DEEDS[deed.what](Occasion(service, person, today, case, mine[0], deed.words))


def propose_withdrawal(service: Service, scope: Scope, recommendation: UUID, deed: Deed) -> None:
    """Propose to withdraw a whole recommendation."""
    recommendations.propose_withdrawal(service, scope, recommendation, deed.words)


def _ask_for_extension(at: Occasion) -> None:
    follow_up_acts.request_extension(
        at.service,
        at.contact,
        at.case.id,
        deadline=later(at.service, at.case.id, at.today),
        reason=at.words,
        letter_number=f"S-91/{at.case.institution.upper()}/{at.today:%m/%Y}",
    )


def _say(at: Occasion) -> None:
    said = Said(at.words, "Wakil instansi (contoh)", at.today, "Rakor")
    follow_up_acts.record_statement(at.service, at.person("coordinator"), at.case.id, said)


def _correct(at: Occasion) -> None:
    corrections.replace_report(at.service, at.contact, at.case.id, at.words)


def _claim(at: Occasion) -> None:
    if at.task.assignee is None:
        tasks.claim(at.service, at.contact, at.task.id)


def _hand_on(at: Occasion) -> None:
    with at.service.reading() as connection:
        known = users.by_username(connection, at.colleague)
    if at.task.assignee is None and known is not None:
        tasks.pass_on(at.service, at.contact, at.task.id, at.colleague, at.words)


def _remind(at: Occasion) -> None:
    tasks.remind(at.service, at.person("coordinator"), at.task.id)


def _extend(at: Occasion) -> None:
    due = max(later(at.service, at.case.id, at.today), at.today + timedelta(days=14))
    tasks.extend(at.service, at.person("supervisor"), at.task.id, due, at.words, case_too=True)


def _set_kind(at: Occasion) -> None:
    follow_up_acts.set_kind(at.service, at.person("coordinator"), at.case.id, at.words)


def _send_letter(at: Occasion) -> None:
    with at.service.reading() as connection:
        drafted = letters.of_follow_up(connection, at.case.id)
    waiting = [one for one in drafted if one.sent_at is None]
    if waiting:
        reminder_letters.mark_sent(
            at.service,
            at.person("coordinator"),
            waiting[-1].id,
            number=f"B-{at.words}/PENGINGAT/{at.today:%Y}",
            day=at.today,
        )


DEEDS: Mapping[str, Callable[[Occasion], None]] = {
    "extension": _ask_for_extension,
    "statement": _say,
    "claim": _claim,
    "hand_on": _hand_on,
    "remind": _remind,
    "extend": _extend,
    "kind": _set_kind,
    "letter": _send_letter,
    "correction": _correct,
}
