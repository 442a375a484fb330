"""The ministry, four institutions and a clock, for stories in the real engine.

Every act uses the use cases, with the rights of its author. Two services on one database take
turns, so that no step finds the workflow of the one before in memory: each instance is saved and
loaded between all steps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection
from uuid_utils.compat import uuid7

from engine.storage.cases.worklist import Task
from engine.time.calendar import DEFAULT_ZONE
from engine.time.clock import ManualClock
from processes.acts.service import Options, Service
from processes.cases.recommendation import (
    recommendation_case,
    recommendation_tasks,
    recommendations,
)
from processes.composition import open_service
from processes.people.seed import seed_institutions
from processes.rights.access import Scope, operator, scope_of
from processes.storage.cases import follow_up_rows, recommendation_rows
from processes.storage.cases.follow_up_rows import FollowUp
from processes.storage.cases.recommendation_rows import Recommendation
from processes.storage.meetings import meeting_rows
from processes.storage.meetings.meeting_rows import Meeting
from processes.storage.notices import mail_rows
from processes.storage.notices.mail_rows import Mail
from processes.storage.people import users
from processes.storage.people.users import Grants, Membership, User
from processes.work import tasks
from web.addresses import ADDRESSES
from web.documents import compiling

MONDAY = datetime(2026, 1, 5, 9, 0, tzinfo=DEFAULT_ZONE)
BASE_URL = "https://tindak.example"
FILES = compiling.files(BASE_URL)

PEOPLE: Mapping[str, Grants] = {
    "coordinator": Grants({"coordinator": None}, frozenset()),
    "asdep": Grants({"supervisor": "asdep"}, frozenset()),
    "deputi": Grants({"supervisor": "deputi"}, frozenset()),
    "menko": Grants({"supervisor": "menko"}, frozenset()),
    "admin": Grants({"admin": None}, frozenset()),
    "owner": Grants({"process-owner": None}, frozenset()),
    **{
        code: Grants({}, frozenset({Membership(code, "contact")}))
        for code in ("kemhan", "kemenperin", "kemenkeu", "tni")
    },
    "kemhan-head": Grants({}, frozenset({Membership("kemhan", "head")})),
}

REGISTRATION: Mapping[str, Any] = {
    "title": "Percepat kapasitas industri pertahanan",
    "text": "Percepat kapasitas industri strategis nasional.",
    "priority": "normal",
    "classification": "ordinary",
    "deadline_kind": "date",
    "deadline_date": "2026-04-30",
    "comment_deadline": "2026-01-19",
    "cycle": "month",
    "lead": ["kemhan"],
    "supporting": ["kemenperin"],
    "rollup_rule": "all",
}
REPORT: Mapping[str, Any] = {
    "letter_number": "B/12/2026",
    "letter_date": "2026-01-05",
    "classification": "ordinary",
    "subject": "Laporan tindak lanjut",
    "signatory": "Sekretaris Jenderal",
    "summary": "Kapasitas naik 20 persen.",
    "claimed_status": "conforms",
}
PROGRESS: Mapping[str, Any] = {"percent": 100, "narrative": "Selesai.", "done": "yes"}
PLAN: Mapping[str, Any] = {
    "unit": "Ditjen Pothan",
    "activities": [{"activity": "Susun peta jalan", "due": "2026-03-31"}],
}
ACCEPTED: Mapping[str, Any] = {"response": "accepted", "contact": "Rina"}


@dataclass
class World:
    """One database, two services, one clock."""

    services: tuple[Service, Service]
    clock: ManualClock
    folder: Path
    scopes: dict[str, Scope] = field(default_factory=dict)
    turn: int = 0

    @property
    def service(self) -> Service:
        """The service whose turn it is: never the one that did the last step."""
        self.turn = 1 - self.turn
        return self.services[self.turn]

    # --- people and time ------------------------------------------------------------------------

    def person(self, username: str) -> Scope:
        """The scope of somebody in the story."""
        return self.scopes[username]

    def colleague(self, username: str, institution: str, *also: str) -> None:
        """Another contact of an institution, who may be its `head` too."""
        places = {Membership(institution, place) for place in ("contact", *also)}
        grants = Grants({}, frozenset(places))
        with self.service.transaction() as connection:
            self.scopes[username] = enter(connection, username, grants)

    def lower_clearance(self, username: str, clearance: str) -> None:
        """Somebody may not read as much any more."""
        with self.service.transaction() as connection:
            id = self.scopes[username].user_id
            users.change(connection, id, {"clearance": clearance})
            self.scopes[username] = scope_of(connection, id)

    def today(self) -> date:
        return self.clock.now.astimezone(DEFAULT_ZONE).date()

    def run(self) -> int:
        """A minute passes; everything that is due by then is run."""
        self.clock.advance(minutes=1)
        return self.service.engine.run_due()

    def wait_until(self, moment: datetime) -> None:
        """Let time pass; every job runs at its own time, as the scheduler would run it."""
        moment = moment.astimezone(UTC)
        assert moment >= self.clock.now, "time does not run backwards"
        while (seconds := self.services[0].engine.seconds_to_next_job()) is not None:
            due = self.clock.now + timedelta(seconds=seconds)
            if due > moment:
                break
            self.clock.now = max(self.clock.now, due)
            self.service.engine.run_due()
        self.clock.now = moment

    def wait_days(self, days: int) -> None:
        """Let some calendar days pass."""
        self.wait_until(self.clock.now + timedelta(days=days))

    def at(self, day: date) -> datetime:
        """09.00 of a day in Jakarta."""
        return datetime.combine(day, time(9), DEFAULT_ZONE)

    # --- acts -----------------------------------------------------------------------------------

    def propose(self) -> UUID:
        """The coordinator begins a draft; its id."""
        id = recommendations.propose(self.service, self.person("coordinator"))
        self.run()
        return id

    def do(self, who: str, element: str, case: UUID, **answers: Any) -> tasks.Outcome:
        """Somebody completes the open task `element` of a case."""
        task = self.task(case, element)
        outcome = tasks.complete(self.service, self.person(who), task.id, answers)
        assert outcome.incident is None, self.service.engine.incidents()
        self.run()
        return outcome

    def register(self, id: UUID, **changes: Any) -> None:
        """The coordinator registers the draft."""
        self.do("coordinator", "register", id, **{**REGISTRATION, **changes})

    def comment(self, who: str, recommendation: UUID, **answers: Any) -> None:
        """An institution's contact answers its own comment task."""
        mine = [
            task
            for task in self.open_tasks(recommendation)
            if task.element_id == "comment" and f"institution:{who}" in task.candidate_groups
        ]
        tasks.complete(self.service, self.person(who), mine[0].id, answers)
        self.run()

    def issued(self, *, proceed_without_users: bool = False, **changes: Any) -> UUID:
        """A recommendation that has been issued: registered, commented on by those who have an
        account, approved and sent."""
        id = self.propose()
        registration = {**REGISTRATION, **changes}
        self.register(id, **changes)
        asked = registration["lead"] + registration["supporting"]
        for institution in asked:
            if institution in self.scopes:
                self.comment(institution, id, stance="agree")
        if not set(asked) <= set(self.scopes):
            self.wait_until(self.at(date(2026, 1, 20)))  # after the comment deadline
        self.finalise_and_send(id, registration, proceed_without_users=proceed_without_users)
        return id

    def finalise(self, id: UUID, **changes: Any) -> None:
        """The coordinator finalises the draft as it lies before them, but for these changes."""
        self.do("coordinator", "finalise", id, **{**self.draft(id), **changes})

    def draft(self, id: UUID) -> dict[str, Any]:
        """The first values of the form `finalise`."""
        with self.services[0].reading() as connection:
            found = recommendation_case.draft(connection, self.person("coordinator"), id)
        return recommendation_tasks.finalising(found)

    def finalise_and_send(
        self,
        id: UUID,
        registration: Mapping[str, Any] = REGISTRATION,
        *,
        proceed_without_users: bool = False,
    ) -> None:
        """From the final text to the letter."""
        self.finalise(id, final_text=registration["text"], responses=[])
        self.do("asdep", "approve", id, approved="yes")
        self.do(
            "coordinator",
            "send_out",
            id,
            letter_number="R-1/2026",
            letter_date=self.today().isoformat(),
            signatory="Deputi",
            proceed_without_users=proceed_without_users,
        )

    def follow_up(self, recommendation: UUID, institution: str) -> UUID:
        """The follow-up of one institution."""
        found = {row.institution: row.id for row in self.follow_ups(recommendation)}
        return found[institution]

    def to_report(self, who: str, follow_up: UUID) -> None:
        """The institution works until only its report is missing."""
        self.do(who, "acknowledge", follow_up, **ACCEPTED)
        self.do(who, "plan", follow_up, **PLAN)
        self.do(who, "implement", follow_up, **PROGRESS)

    def hand_in(self, who: str, follow_up: UUID, **changes: Any) -> tasks.Outcome:
        """The institution hands in its report with one file."""
        task = self.task(follow_up, "report")
        answers = {**REPORT, "evidence": [str(self.upload(who, task))], **changes}
        outcome = tasks.complete(self.service, self.person(who), task.id, answers)
        assert outcome.incident is None, self.service.engine.incidents()
        self.run()
        return outcome

    def evaluate(self, follow_up: UUID, verdict: str, **answers: Any) -> None:
        """The coordinator's verdict."""
        self.do("coordinator", "evaluate", follow_up, verdict=verdict, **answers)

    def finish(self, who: str, follow_up: UUID) -> None:
        """The institution does everything and the coordinator is content."""
        self.to_report(who, follow_up)
        self.hand_in(who, follow_up)
        self.evaluate(follow_up, "conforms")

    def upload(self, who: str, task: Task | None, digit: str = "0") -> UUID:
        """A file beside a form, of a task or of the product's own."""
        from processes.storage.files.evidence import Upload, insert_upload

        service = self.service
        row = Upload(
            uuid7(), who, task and task.id, digit * 64, "bukti.pdf", "application/pdf", 10,
            self.clock.now, self.clock.now + timedelta(days=7),
        )  # fmt: skip
        with service.transaction() as connection:
            insert_upload(connection, row)
        return row.id

    # --- what is to be seen ---------------------------------------------------------------------

    def open_tasks(self, case: UUID) -> list[Task]:
        """The open tasks of a case."""
        return self.service.engine.tasks(instance_id=self.instance(case), limit=100)

    def waits_for(self, case: UUID) -> list[str]:
        """Element ids of the open tasks, sorted."""
        return sorted(task.element_id for task in self.open_tasks(case))

    def task(self, case: UUID, element: str) -> Task:
        """The one open task of this element."""
        found = [task for task in self.open_tasks(case) if task.element_id == element]
        assert len(found) == 1, f"{element} among {self.waits_for(case)}"
        return found[0]

    def instance(self, case: UUID) -> UUID:
        """The process instance of a case."""
        with self.services[0].reading() as connection:
            found: FollowUp | Recommendation | Meeting | None = (
                follow_up_rows.find(connection, case)
                or recommendation_rows.find(connection, case)
                or meeting_rows.find(connection, case)
            )
        assert found is not None and found.instance_id is not None
        return found.instance_id

    def status(self, case: UUID) -> str:
        """How the instance of a case stands for the engine."""
        return self.service.engine.instance(self.instance(case)).status

    def case(self, follow_up: UUID) -> FollowUp:
        """The follow-up as the register has it."""
        with self.services[0].reading() as connection:
            found = follow_up_rows.find(connection, follow_up)
        assert found is not None
        return found

    def recommendation(self, id: UUID) -> Recommendation:
        """The recommendation as the register has it."""
        with self.services[0].reading() as connection:
            found = recommendation_rows.find(connection, id)
        assert found is not None
        return found

    def follow_ups(self, recommendation: UUID) -> Sequence[FollowUp]:
        """The follow-ups of a recommendation."""
        with self.services[0].reading() as connection:
            return follow_up_rows.of_recommendation(connection, recommendation)

    def mails(self, to: str | None = None) -> list[Mail]:
        """The outbox, oldest first."""
        with self.services[0].reading() as connection:
            found = mail_rows.page(connection, limit=1000)
        return [one for one in reversed(found) if to in (None, one.to_user)]


def options(folder: Path) -> Options:
    """What the product is told in the stories."""
    return Options(folder, BASE_URL, ADDRESSES)


def found_ministry(url: str, folder: Path) -> None:
    """Fill an empty database: models, calendars, institutions, people. Takes a second or two, so
    it is done once and copied."""
    service = open_service(url, options(folder), ManualClock(MONDAY))
    seed_institutions(service, operator())
    with service.transaction() as connection:
        for username, grants in PEOPLE.items():
            enter(connection, username, grants)
    service.close()


def enter(connection: Connection, username: str, grants: Grants) -> Scope:
    """Give somebody an account, cleared for everything."""
    person = User(
        uuid7(), username, username.title(), "", f"{username}@example.go.id", "top_secret", "en",
        "system", "dense", "Asia/Jakarta", True, True, MONDAY,
    )  # fmt: skip
    users.insert_user(connection, person)
    users.replace_grants(connection, person.id, grants)
    return scope_of(connection, person.id)


def open_world(url: str, folder: Path) -> World:
    """The world on a copy of that database, at Monday 5 January 2026, 09.00 WIB."""
    clock = ManualClock(MONDAY)
    services = tuple(open_service(url, options(folder), clock, FILES) for _ in range(2))
    world = World((services[0], services[1]), clock, folder)
    with services[0].reading() as connection:
        for username in PEOPLE:
            found = users.by_username(connection, username)
            assert found is not None
            world.scopes[username] = scope_of(connection, found.id)
    return world
