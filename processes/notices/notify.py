"""The handler of every notice in the models.

Owns the rows of a notice: the escalation with its times, mails in the outbox with a job for each,
and the draft of a letter if the table asks for one. All rows are written in the step, so a
rolled-back step sends nothing and a committed one loses nothing. Knows neither SMTP nor catalogues.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection
from uuid_utils.compat import uuid7

from engine.ports.handlers import Handler, NewJob, Step
from engine.storage.cases import worklist
from engine.storage.cases.worklist import Task
from processes.days.calendars import common_calendar
from processes.ground.letter_language import Translate, Wording
from processes.ground.outcomes import Outcome, Tiding
from processes.ground.payloads import SendMail
from processes.lifecycle.own_case import no_case, own_head, own_recommendation
from processes.notices import channels, endings, recipients, tidings
from processes.notices.about import calendar_for, lateness_of, of_case, of_task
from processes.notices.digests import digest_time
from processes.notices.recipients import Recipient
from processes.notices.texts import letters
from processes.notices.texts.letters import Lateness, Letter, Notice, Stationery, Write
from processes.storage.cases import case_heads, recommendation_rows
from processes.storage.cases.case_heads import CaseHead
from processes.storage.cases.follow_up_detail import Escalation, escalations
from processes.storage.notices import escalation_rows, mail_rows
from processes.storage.notices.mail_rows import NewMail
from processes.storage.people.users import User
from processes.storage.written_report import request_rows

LETTERS: Mapping[str, Write] = {
    "issued": letters.issued,
    "requested": letters.report_requested,
    "answered": letters.answered,
    "verdict": letters.evaluated,
    "returned": letters.evaluated,
}


@dataclass(frozen=True, slots=True)
class Notifier:
    """The handlers for notices. `domain` ends each Message-ID."""

    paper: Stationery
    translate: Translate
    domain: str

    def notify(self, step: Step) -> None:
        """Topic `notify`. Input `notice`: a key of `LETTERS`, or "escalation", which takes level,
        recipients and channel from the variable `escalation`. Raises ValueError for another
        word."""
        notice = str(step.inputs.get("notice") or "")
        if notice == "escalation":
            self._escalate(step)
        elif notice in LETTERS:
            self._tell_contacts(step, LETTERS[notice])
        else:
            raise ValueError(f"notice {notice!r} of {step.element_id} is not known")

    def telling(self, record: Handler, write: Write) -> Handler:
        """The handler that records something and then tells the institution by this letter."""

        def handler(step: Step) -> Mapping[str, object] | None:
            returned = record(step)
            self._tell_contacts(step, write)
            return returned

        return handler

    def telling_holders(
        self, element_id: str, record: Handler, write: Write, institution: Write
    ) -> Handler:
        """The same for who has the task of this element, which the recording takes away, and for
        the `institution`."""

        def handler(step: Step) -> None:
            head = own_head(step)
            people = recipients.in_hand(
                step.connection, step.instance_id, element_id, head.classification
            )
            record(step)
            self._mail_all(step, people, write, head)
            self._tell_contacts(step, institution)

        return handler

    def spreading(self, record: Callable[[Step], Outcome]) -> Handler:
        """The handler that records something and then tells whom its outcome names."""

        def handler(step: Step) -> Mapping[str, object]:
            outcome = record(step)
            for tiding in outcome.told:
                self._spread(step, tiding)
            return outcome.variables

        return handler

    def _spread(self, step: Step, tiding: Tiding) -> None:
        head, due = own_head(step), None
        if tiding.follow_up_id is not None:
            head = case_heads.of_follow_up(step.connection, tiding.follow_up_id) or head
            due = tidings.deadline(step.connection, tiding)
        about = of_case(head, self.paper.addresses)
        letter = tidings.written(tiding, about, due, self.paper)
        for user in tidings.recipients(step.connection, tiding, head.classification):
            self.mail(step, user, letter, head)

    def copying(self, record: Handler) -> Handler:
        """The handler that issues a recommendation and then announces the copy to each institution
        that is only informed. A drawing may issue twice; each copy goes out once."""

        def handler(step: Step) -> Mapping[str, object] | None:
            again = own_recommendation(step).issued_at is not None
            made = record(step)
            if not again:
                self._copy(step)
            return made

        return handler

    def _copy(self, step: Step) -> None:
        case = own_recommendation(step)
        for code, role in recommendation_rows.institutions_of(step.connection, case.id).items():
            if role == "information":
                step.announce(Notice(letters.copied, code))

    # --- notices to an institution: told at the end of the step (`processes.notices.arrivals`) ---

    def _tell_contacts(self, step: Step, write: Write) -> None:
        head = own_head(step)
        if head.institution is None:
            raise no_case()
        if write is letters.issued and endings.ended_before(step, head):
            return
        if head.request_id is not None and request_rows.is_own(step.connection, head.request_id):
            return  # nobody has asked, so nobody is told of being asked
        step.announce(Notice(endings.of_the_case(step, head, write), head.institution))

    def _mail_all(self, step: Step, people: Sequence[User], write: Write, head: CaseHead) -> None:
        about = of_case(head, self.paper.addresses)
        if not people:
            people, write = recipients.administrators(step.connection), letters.unserved
        for user in people:
            self.mail(step, user, write(about, self.paper), head)

    def mail(self, step: Step, user: User, letter: Letter, head: CaseHead) -> None:
        """Put a mail into the outbox, and the job that sends it."""
        mail_id = self.put(step.connection, user, letter, head, step.now)
        step.enqueue(NewJob(SendMail.kind, SendMail(mail_id).encode()))

    def put(
        self,
        connection: Connection,
        user: User,
        letter: Letter,
        head: CaseHead | None,
        now: datetime,
    ) -> UUID:
        """Write a mail to this person into the outbox; return its id. The caller queues the
        sending. `head`: the case it is about, None if it is about no single one."""
        words = Wording(user.locale, self.translate(user.locale, connection))
        subject, body = self.paper.write(letter, words)
        new = NewMail(
            kind="notice",
            to_user=user.username,
            to_address=user.email,
            locale=user.locale,
            subject=subject,
            body=body,
            recommendation_id=head.recommendation_id if head else None,
            follow_up_id=head.follow_up_id if head else None,
            meeting_id=head.meeting_id if head else None,
        )
        return mail_rows.insert_mail(connection, new, self.domain, now)

    # --- escalation -----------------------------------------------------------------------------

    def _escalate(self, step: Step) -> None:
        found = step.data.get("escalation")
        level = found if isinstance(found, dict) else {}
        if not level.get("recipients") or channels.channel_of(level) == channels.NONE:
            return  # the table says: nobody yet
        head = own_head(step)
        for task_id in _looked_at(step):
            task = worklist.by_id(step.connection, task_id)
            mine = task is not None and task.instance_id == step.instance_id
            if task is not None and mine and task.due_at is not None:
                self._escalate_task(step, head, task, level)

    def _escalate_task(
        self, step: Step, head: CaseHead, task: Task, level: Mapping[str, object]
    ) -> None:
        calendar = calendar_for(step.connection, head)
        late = lateness_of(step.connection, task, calendar, step.now)
        wanted, secrecy = level["recipients"], head.classification
        people = recipients.of_escalation(step.connection, wanted, task, secrecy)
        escalation_id = _record(step, task, head, late, level, people)
        about = of_task(head, task.id, self.paper.addresses)
        name = str(level.get("level_name") or "")
        letter = letters.reminded(about, late, self.paper, name)
        channel = channels.channel_of(level)
        self._tell(step, people, letter, head, escalation_id, all_later=channel == channels.DIGEST)
        if channel == channels.LETTER:
            channels.draft_letter(step, head, task, late, level, escalation_id)
        if not people:
            for user in recipients.administrators(step.connection):
                self.mail(step, user, letters.unserved(about, self.paper, late), head)

    def _tell(
        self,
        step: Step,
        people: Sequence[Recipient],
        letter: Letter,
        head: CaseHead,
        escalation_id: UUID,
        *,
        all_later: bool,
    ) -> None:
        for recipient in people:
            if recipient.leads or all_later:
                self._into_digest(step, recipient.user, escalation_id)
            else:
                self.mail(step, recipient.user, letter, head)

    def _into_digest(self, step: Step, user: User, escalation_id: UUID) -> None:
        mail_id, sending = self.digest(step.connection, user, step.now)
        mail_rows.add_item(step.connection, mail_id, escalation_id)
        if sending:
            step.enqueue(sending)

    def digest(
        self, connection: Connection, user: User, now: datetime
    ) -> tuple[UUID, NewJob | None]:
        """The next digest of this person that takes news of `now`, and the job that sends it if the
        digest is new."""
        calendar = common_calendar(connection)
        due_at = digest_time(now, calendar)
        new = NewMail(
            kind="digest",
            to_user=user.username,
            to_address=user.email,
            locale=user.locale,
            digest_day=calendar.today(due_at),
        )
        mail_id, made = mail_rows.digest_of(connection, new, self.domain, now)
        job = NewJob(SendMail.kind, SendMail(mail_id).encode(), due_at)
        return mail_id, job if made else None


def _record(
    step: Step,
    task: Task,
    head: CaseHead,
    late: Lateness,
    level: Mapping[str, object],
    people: Sequence[Recipient],
) -> UUID:
    escalation_rows.supersede(step.connection, task.id, step.now)
    planned = _planned(step)
    kept = Escalation(
        id=uuid7(),
        recommendation_id=head.recommendation_id,
        follow_up_id=head.follow_up_id,
        meeting_id=head.meeting_id,
        agreement_id=head.agreement_id,
        instance_id=step.instance_id,
        task_id=task.id,
        element_id=task.element_id,
        element_name=task.name,
        level=int(str(level.get("level") or 0)),
        level_name=str(level.get("level_name") or ""),
        due_at=task.due_at,
        overdue=late.timing.overdue,
        holder=late.holder,
        planned=planned,
        fired=step.now,
        late_seconds=max(0, round((step.now - planned).total_seconds())) if planned else 0,
        told=[{"user": r.user.username, "name": r.user.name, "as": r.role} for r in people],
        no_recipient=not people,
    )
    escalations.add(step.connection, kept)
    return kept.id


def _looked_at(step: Step) -> list[UUID]:
    """The open tasks behind the timer: one, or one for each institution without an answer."""
    timer = step.data.get("timer")
    listed = timer.get("tasks") if isinstance(timer, dict) else None
    if isinstance(listed, list):
        return [UUID(str(task)) for task in listed]
    return [step.task_id] if step.task_id is not None else []


def _planned(step: Step) -> datetime | None:
    """The planned time of the timer, from the engine's variable `timer`."""
    timer = step.data.get("timer")
    planned = timer.get("planned") if isinstance(timer, dict) else None
    return datetime.fromisoformat(planned) if isinstance(planned, str) else None
