"""Who is told of tasks: the product's teller (`engine.ports.news`).

Owns the rule that whoever gets something to do is told of it: when a task opens, moves or changes
hands, each person it concerns hears of it, except its author. It holds for every channel and every
model, an owner's own too. A task whose element has the property `untold` opens without a word; the
value is the reason. Leaders read of cases in their digest, as of everything; so does everybody of
deadlines that an act on many moves. All rows are written in the transaction of the news.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from engine.ports.handlers import NewJob
from engine.ports.news import Handed, Moved, News, Offer
from engine.storage.cases import worklist
from engine.time.calendar import Calendar
from processes.ground.payloads import SendMail
from processes.notices import places, recipients
from processes.notices.about import of_case
from processes.notices.notify import Notifier
from processes.notices.places import Place
from processes.notices.recipients import Recipient
from processes.notices.texts import letters
from processes.notices.texts.letters import Letter, Notice
from processes.notices.texts.task_letters import TaskLine, with_tasks
from processes.register.vocabulary import TaskNews
from processes.storage import bulk
from processes.storage.cases import follow_up_rows
from processes.storage.cases.case_heads import CaseHead
from processes.storage.notices import digest_tasks
from processes.storage.notices.digest_tasks import DigestTask
from processes.storage.people import institutions, users
from processes.storage.people.users import User

UNTOLD: Final = "untold"
"""The property of a human task that opens without a word; its value says why."""

OF_MANY: Final = ("moved", "given_back")
"""News that an act on many brings to everybody by digest: a hundred mails would be read by none."""


@dataclass(frozen=True, slots=True)
class Arrivals:
    """The teller of the product."""

    notifier: Notifier

    def tell(self, connection: Connection, news: News) -> Sequence[NewJob]:
        """Write the mails of the news, and return the jobs that send them."""
        place = places.find(connection, news)
        return () if place is None else _Telling(self.notifier, connection, news, place).jobs()


@dataclass(slots=True)
class _Told:
    """What one person is told at once."""

    user: User
    notices: list[Notice] = field(default_factory=list)
    lines: list[TaskLine] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Concerned:
    """One piece of news of a task, with the people it concerns."""

    news: TaskNews
    task_id: UUID
    task_name: str
    due_at: datetime | None
    people: Sequence[Recipient]
    was_due: datetime | None = None
    by: str = ""
    to: str = ""
    institution: str | None = None


@dataclass
class _Telling:
    """The telling of one piece of news about one case or instance."""

    notifier: Notifier
    connection: Connection
    news: News
    place: Place

    def jobs(self) -> list[NewJob]:
        """Write all of it; return the jobs that send it."""
        self.told: dict[str, _Told] = {}
        self.wanted: list[NewJob] = []
        self.unheard = False
        for notice in self.news.notices:
            if isinstance(notice, Notice):
                self._notice(notice)
        for concerned in (*self._opened(), *self._handed(), *self._moved()):
            self._task(concerned)
        for one in self.told.values():
            self._mail(one.user, self._letter(one))
        if self.unheard:
            self._tell_administrators()
        return self.wanted

    # --- what is told ---------------------------------------------------------------------------

    def _notice(self, notice: Notice) -> None:
        found = recipients.contacts_of(
            self.connection, notice.institution, self.place.classification
        )
        self.unheard = self.unheard or not found
        for user in found:
            if user.username != self.news.by:
                self._of(user).notices.append(notice)

    def _opened(self) -> Iterator[_Concerned]:
        for offer in self.news.opened:
            if not offer.properties.get(UNTOLD):
                people = self._people(offer)
                self.unheard = self.unheard or not people
                yield self._concerned("opened", offer, people)

    def _handed(self) -> Iterator[_Concerned]:
        for handed in self.news.handed:
            offer, by = handed.offer, self._name(self.news.by)
            news: TaskNews = "handed" if offer.assignee else "given_back"
            if offer.assignee != self.news.by:
                people = self._people(offer)
                self.unheard = self.unheard or not people
                yield replace(self._concerned(news, offer, people), by=by)
            yield from self._taken(handed, by)

    def _taken(self, handed: Handed, by: str) -> Iterator[_Concerned]:
        """What the former holder hears, unless they have it again as one of all."""
        offer, holder = handed.offer, handed.holder
        if holder in (None, offer.assignee):
            return
        had = replace(offer, assignee=holder)
        taken = self._concerned("taken", had, self._people(had))
        yield replace(taken, by=by, to=self._name(offer.assignee))

    def _moved(self) -> Iterator[_Concerned]:
        for moved in self.news.moved:
            offer = self._offer_of(moved)
            concerned = self._concerned("moved", offer, self._people(offer))
            yield replace(concerned, was_due=moved.was_due)

    def _offer_of(self, moved: Moved) -> Offer:
        task = worklist.get(self.connection, moved.task_id)
        return Offer(
            task.id, task.element_id, task.name, task.assignee, task.candidate_users,
            task.candidate_groups, moved.due_at,
        )  # fmt: skip

    def _concerned(self, news: TaskNews, offer: Offer, people: Sequence[Recipient]) -> _Concerned:
        head = self.place.head
        codes = [] if head and head.institution else recipients.institutions_of(offer)
        return _Concerned(
            news,
            offer.task_id,
            offer.name,
            offer.due_at,
            people,
            institution=self._names(codes),
        )

    def _people(self, offer: Offer) -> list[Recipient]:
        """The people a task concerns: its holder, or those it is offered to; cleared for it."""
        found = recipients.of_escalation(
            self.connection, ["holder"], offer, self.place.classification
        )
        return list(found)

    # --- how each hears of it -------------------------------------------------------------------

    def _task(self, one: _Concerned) -> None:
        for recipient in one.people:
            user = recipient.user
            if user.username == self.news.by:
                continue
            if recipient.leads or (one.news in OF_MANY and self._of_many):
                self._into_digest(user, one)
            elif not (one.news == "taken" and self._hears_of(user, one.task_id)):
                self._of(user).lines.append(self._line(one))

    def _hears_of(self, user: User, task_id: UUID) -> bool:
        """Whether this letter already tells that the task is free again."""
        path = self.notifier.paper.addresses.task(task_id)
        lines = self._of(user).lines if user.username in self.told else []
        return any(line.about.path == path for line in lines)

    def _of(self, user: User) -> _Told:
        return self.told.setdefault(user.username, _Told(user))

    def _line(self, one: _Concerned) -> TaskLine:
        about = self.place.of_task(one.task_id, self.notifier.paper.addresses)
        return TaskLine(
            news=one.news,
            about=replace(about, institution=about.institution or one.institution),
            task_name=one.task_name,
            due=self._day(one.due_at),
            was=self._day(one.was_due),
            by=one.by,
            to=one.to,
            reason=self.news.reason,
        )

    def _letter(self, told: _Told) -> Letter:
        """One letter: the first notice with everything that the reader's tasks mean."""
        paper, letter = self.notifier.paper, None
        if told.notices and (head := self.place.head) is not None:
            about = of_case(head, paper.addresses)
            letter = told.notices[0].write(about, paper)
            if told.notices[0].write is letters.extension_decided and not told.lines:
                letter = letters.dated(letter, self._follow_up_deadline(head))
        return with_tasks(letter, told.lines, paper)

    def _follow_up_deadline(self, head: CaseHead) -> date:
        assert head.follow_up_id is not None, "an extension is of a follow-up"
        found = follow_up_rows.find(self.connection, head.follow_up_id)
        assert found is not None, "the head was read from it"
        return found.rework_deadline or found.deadline

    def _into_digest(self, user: User, one: _Concerned) -> None:
        head = self.place.head
        mail_id, sending = self.notifier.digest(self.connection, user, self.news.now)
        new = DigestTask(
            one.task_id,
            one.news,
            head.recommendation_id if head else None,
            head.follow_up_id if head else None,
            head.meeting_id if head else None,
            one.was_due,
            one.by,
            one.to,
            head.agreement_id if head else None,
        )
        digest_tasks.add(self.connection, mail_id, new)
        if sending:
            self.wanted.append(sending)

    def _mail(self, user: User, letter: Letter) -> None:
        mail_id = self.notifier.put(self.connection, user, letter, self.place.head, self.news.now)
        self.wanted.append(NewJob(SendMail.kind, SendMail(mail_id).encode()))

    def _tell_administrators(self) -> None:
        head = self.place.head
        if head is None:
            return  # whom a model names in vain is told to its owner before its release
        about = of_case(head, self.notifier.paper.addresses)
        for user in recipients.administrators(self.connection):
            self._mail(user, letters.unserved(about, self.notifier.paper))

    # --- facts ----------------------------------------------------------------------------------

    @cached_property
    def _calendar(self) -> Calendar:
        return self.place.calendar(self.connection)

    @cached_property
    def _of_many(self) -> bool:
        """Whether the news is of one part of an act on many."""
        part = bulk.part_of({"request_id": self.news.request_id})
        return part is not None and bulk.find(self.connection, part) is not None

    def _day(self, moment: datetime | None) -> date | None:
        return None if moment is None else self._calendar.due_date_of(moment)

    def _name(self, username: str | None) -> str:
        if username is None:
            return ""
        return users.names_of(self.connection, [username]).get(username, username)

    def _names(self, codes: Sequence[str]) -> str | None:
        found = institutions.short_names(self.connection, codes) if codes else {}
        return ", ".join(found.values()) or None
