"""The product under measurement: a ministry with many institutions, worked through its use cases on
a clock that only the benchmark moves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from time import perf_counter, sleep
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, select
from uuid_utils.compat import uuid7

from engine.scheduler import Scheduler
from engine.storage import tables
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
from processes.papers.compilation_orders import Write
from processes.people.institutions import Details, add
from processes.people.seed import seed_institutions
from processes.rights.access import Scope, operator, scope_of
from processes.storage.cases import follow_up_rows, recommendation_rows
from processes.storage.cases.follow_up_rows import FollowUp
from processes.storage.cases.recommendation_rows import Recommendation
from processes.storage.files.evidence import Upload, insert_upload
from processes.storage.people import users
from processes.storage.people.users import Grants, Membership, User
from processes.work import tasks
from web.addresses import ADDRESSES

MONDAY = datetime(2026, 1, 5, 9, 0, tzinfo=DEFAULT_ZONE)
TEXT = "Percepat kapasitas industri strategis nasional."
COMMENT_DAYS = 14
LOOK_SECONDS = 0.01
STAFF = {
    "coordinator": Grants({"coordinator": None}, frozenset()),
    "supervisor": Grants({"supervisor": "asdep"}, frozenset()),
}
ACCEPTED: Mapping[str, Any] = {"response": "accepted", "contact": "Rina"}
PLAN: Mapping[str, Any] = {
    "unit": "Ditjen Pothan",
    "activities": [{"activity": "Susun peta jalan", "due": "2026-03-31"}],
}
PROGRESS: Mapping[str, Any] = {
    "percent": 60,
    "narrative": "Rancangan peta jalan selesai dibahas bersama industri.",
    "obstacles": "Data anggota holding belum lengkap.",
}
REPORT: Mapping[str, Any] = {
    "letter_number": "B/12/2026",
    "letter_date": "2026-01-05",
    "classification": "ordinary",
    "subject": "Laporan tindak lanjut",
    "signatory": "Sekretaris Jenderal",
    "summary": "Kapasitas naik 20 persen; dua lini produksi baru berjalan sejak Januari.",
    "claimed_status": "conforms",
}


@dataclass
class Ministry:
    """One service, one clock, the people and the codes of the institutions."""

    service: Service
    clock: ManualClock
    codes: list[str]
    scopes: dict[str, Scope] = field(default_factory=dict)

    def issue(self) -> tuple[UUID, float]:
        """Issue a recommendation to all institutions; return its id and the seconds."""
        id = self.register()
        self.pass_days(COMMENT_DAYS + 1)
        return id, self.send(id)

    def register(self) -> UUID:
        """Register a draft on which the institutions may comment for `COMMENT_DAYS`; they do
        not."""
        id = recommendations.propose(self.service, self.scopes["coordinator"])
        registration = {
            "title": "Percepat kapasitas industri pertahanan",
            "text": TEXT,
            "priority": "normal",
            "classification": "ordinary",
            "deadline_kind": "date",
            "deadline_date": (self.today() + timedelta(days=115)).isoformat(),
            "comment_deadline": (self.today() + timedelta(days=COMMENT_DAYS)).isoformat(),
            "cycle": "month",
            "lead": self.codes[:1],
            "supporting": self.codes[1:],
            "rollup_rule": "all",
        }
        self.do("coordinator", "register", id, registration)
        return id

    def send(self, id: UUID) -> float:
        """Work from the final text to the letter; return the seconds from the letter until each
        institution has its task in the inbox. One worker does the work, including its mails."""
        with self.service.reading() as connection:
            draft = recommendation_case.draft(connection, self.scopes["coordinator"], id)
        self.do("coordinator", "finalise", id, recommendation_tasks.finalising(draft))
        self.do("supervisor", "approve", id, {"approved": "yes"})
        letter = {
            "letter_number": "R-1/2026",
            "letter_date": self.today().isoformat(),
            "signatory": "Deputi",
            "proceed_without_users": True,
        }
        task = self.task(id, "send_out")
        wanted = self._received() + len(self.codes)
        worker = Scheduler(self.service.engine)
        worker.start()
        began = perf_counter()
        tasks.complete(self.service, self.scopes["coordinator"], task.id, letter)
        while self._received() < wanted:
            sleep(LOOK_SECONDS)
        seconds = perf_counter() - began
        self.service.engine.run_due()
        worker.stop()
        return seconds

    def _received(self) -> int:
        """The number of follow-ups that have been acknowledged or may be."""
        asked = select(func.count()).where(tables.task.c.element_id == "acknowledge")
        with self.service.reading() as connection:
            return int(connection.execute(asked).scalar_one())

    def follow_ups(self, recommendation: UUID) -> dict[str, UUID]:
        """Institution -> id of its follow-up of a recommendation."""
        with self.service.reading() as connection:
            found = follow_up_rows.of_recommendation(connection, recommendation)
        return {row.institution: row.id for row in found}

    def do(self, who: str, element: str, case: UUID, answers: Mapping[str, Any]) -> None:
        """Complete the open task `element` of a case as this person."""
        task = self.task(case, element)
        given = dict(answers)
        if element == "report":
            given["evidence"] = [str(self.upload(who, task))]
        outcome = tasks.complete(self.service, self.scopes[who], task.id, given)
        assert outcome.incident is None, self.service.engine.incidents()
        self.service.engine.run_due()

    def task(self, case: UUID, element: str) -> Task:
        """The open task of this element."""
        found = self.service.engine.tasks(instance_id=self.instance(case), limit=500)
        return next(task for task in found if task.element_id == element)

    def instance(self, case: UUID) -> UUID:
        """The process instance of a recommendation or follow-up."""
        with self.service.reading() as connection:
            row: FollowUp | Recommendation | None = follow_up_rows.find(connection, case)
            row = row or recommendation_rows.find(connection, case)
        assert row is not None, "there is such a case"
        return row.instance_id

    def today(self) -> date:
        return self.clock.now.astimezone(DEFAULT_ZONE).date()

    def pass_days(self, days: int) -> None:
        """Let days pass one by one; the due work of a day is done at its beginning."""
        for _ in range(days):
            day = self.today() + timedelta(days=1)
            self.clock.now = datetime.combine(day, time(9), DEFAULT_ZONE).astimezone(UTC)
            self.service.engine.run_due()

    def upload(self, who: str, task: Task) -> UUID:
        """Upload a file beside a form."""
        now = self.clock.now
        row = Upload(
            uuid7(), who, task.id, "0" * 64, "bukti.pdf", "application/pdf", 10, now,
            now + timedelta(days=7),
        )  # fmt: skip
        with self.service.transaction() as connection:
            insert_upload(connection, row)
        return row.id


def found(url: str, folder: Path, institutions: int, write: Write | None = None) -> Ministry:
    """A ministry on an empty database, on a Monday morning. Each institution has one contact of the
    same name. `write`: makes ordered compilations."""
    clock = ManualClock(MONDAY)
    service = open_service(url, Options(folder, "https://tindak.example", ADDRESSES), clock, write)
    codes = [f"kl-{number:03}" for number in range(institutions)]
    ministry = Ministry(service, clock, codes)
    seed_institutions(service, operator())
    for code in codes:
        add(service, operator(), code, Details(f"Kementerian {code}", code.upper(), "ministry"))
    with service.transaction() as connection:
        for name, grants in STAFF.items():
            ministry.scopes[name] = _person(connection, name, grants)
        for code in codes:
            contact = Grants({}, frozenset({Membership(code, "contact")}))
            ministry.scopes[code] = _person(connection, code, contact)
    return ministry


def _person(connection: Connection, name: str, grants: Grants) -> Scope:
    person = User(
        uuid7(), name, name.title(), "", f"{name}@example.go.id", "top_secret", "id", "system",
        "dense", "Asia/Jakarta", True, True, MONDAY,
    )  # fmt: skip
    users.insert_user(connection, person)
    users.replace_grants(connection, person.id, grants)
    return scope_of(connection, person.id)
