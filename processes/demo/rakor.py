"""Two rakor in the demo: one that was held and signed, with what it settled; one that still waits
for the positions of two institutions.

Owns when each begins, and who does what at its tasks and at those of its agreements.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID

from engine.records.states import TaskStatus
from engine.storage.cases.worklist import Task
from engine.time.calendar import Calendar
from processes.acts.reading import opened
from processes.acts.service import Service
from processes.demo.acts import FILE
from processes.demo.answers import Desk
from processes.meetings import in_session, meetings
from processes.meetings.in_session import COORDINATOR, Settled, Stated
from processes.people.seed import INSTITUTIONS
from processes.register.agreement_states import AgreementKind
from processes.rights.scope import Scope
from processes.storage.meetings import covered_rows, meeting_rows
from processes.work import tasks

PROCESSES: Final = ("rakor", "agreement")
BEFORE: Final = (22, 4)
"""Working days before the end of the story on which each rakor begins."""
TIME: Final = 7
"""Working days from its beginning to its day."""
AFTER: Final = {"prepare": 0, "fulfil": 3, "check": 2}
"""Working days after which a task is done: without one a day later, `hold` on the day itself."""
SILENT: Final = ("kemhan", "kemenperin")
"""They have not filled in their positions for the second rakor yet."""
FULFILLED: Final = "kemenperin"
"""What this institution owes is fulfilled and found so; what others owe becomes late."""
SAID: Final = {
    "kemhan": ("Peta kebutuhan sudah disepakati dengan pengguna.", "Kepala Pusat (contoh)"),
    "kemenperin": ("Pendataan industri berjalan di tujuh provinsi.", "Direktur (contoh)"),
}
SETTLED: Final = (
    ("kemenperin", AgreementKind.AGREEMENT, "Serahkan daftar industri yang siap.", "kemenperin", 8),
    ("kemhan", AgreementKind.AGREEMENT, "Serahkan peta kebutuhan lima tahun.", "kemhan", 10),
    ("kemhan", AgreementKind.DIRECTIVE, "Susun bahan untuk pimpinan.", COORDINATOR, 25),
)
"""On whose page, what, its holder, and its working days from the rakor on."""


@dataclass
class Rakor:
    """The rakor of the demo. `begun`: their ids, in order; `today`: what the story's day is."""

    service: Service
    calendar: Calendar
    person: Callable[[str], Scope]
    today: Callable[[], date]
    begun: list[UUID] = field(default_factory=list)

    def begin(self) -> None:
        """Begin one over every open recommendation."""
        who = self.person("coordinator")
        with opened(self.service, who) as at:
            wanted = covered_rows.Wanted()
            found = meetings.candidates(at, wanted, self.today(), meetings.MOST)
        if found:
            self.begun.append(self.service.engine.act(lambda act: act.new_id()))
            meetings.begin(self.service, who, self.begun[-1], [one.id for one in found])

    def day_of(self, task: Task, institution: str | None) -> date | None:
        """When the task is done; None: it stays open."""
        element = task.element_id
        if element == "position":
            first = task.business_key == str(self.begun[0])
            if institution not in INSTITUTIONS or not (first or institution not in SILENT):
                return None
        elif element == "fulfil_for" or (element == "fulfil" and institution != FULFILLED):
            return None
        if element == "hold":
            return self._held_on(UUID(str(task.business_key)))
        return self.calendar.add(self.today(), AFTER.get(element, 1))

    def _held_on(self, id: UUID) -> date:
        with self.service.reading() as connection:
            found = meeting_rows.find(connection, id)
        assert found is not None and found.held_on is not None, "it was prepared"
        return found.held_on

    def do(self, task: Task, institution: str | None) -> None:
        """Do the task, unless the day of its rakor came first."""
        if self.service.engine.task(task.id).status != TaskStatus.OPEN:
            return
        if task.element_id == "hold":
            self._speak(UUID(str(task.business_key)))
        who = self.person(institution or task.candidate_groups[0])
        desk = Desk(self.service, who, task, self.today(), {})
        tasks.hand_in(self.service, who, task.id, desk.filled(self._answers(task, institution)))

    def _answers(self, task: Task, institution: str | None) -> Mapping[str, Any]:
        if task.element_id == "prepare":
            day = self.calendar.add(self.today(), TIME)
            return {**PREPARED, "held_on": day.isoformat()}
        if task.element_id == "position":
            return {"positions": self._positions(UUID(str(task.business_key)), str(institution))}
        return ANSWERS[task.element_id]

    def _positions(self, id: UUID, code: str) -> list[Mapping[str, str]]:
        with self.service.reading() as connection:
            own = meeting_rows.own_numbers(connection, id, code)
        return [{"number": number, "text": "Berjalan sesuai rencana aksi."} for number in own]

    def _speak(self, id: UUID) -> None:
        """What is typed while it is held."""
        who = self.person("coordinator")
        with self.service.reading() as connection:
            here = [one.institution for one in meeting_rows.invited(connection, id)]
            own = {code: meeting_rows.own_numbers(connection, id, code) for code in here}
        for code in here:
            came = "present" if own[code] else "absent"
            by = "Wakil instansi (contoh)" if own[code] else ""
            in_session.save_attendance(self.service, who, id, code, came, by, 0)
        about = {code: next(iter(numbers.values()), None) for code, numbers in own.items()}
        for code, (text, said_by) in SAID.items():
            if follow_up := about.get(code):
                stated = Stated(text, said_by)
                in_session.add_statement(self.service, who, id, code, follow_up, stated)
        for code, kind, text, holder, days in SETTLED:
            if code in here:
                due = self.calendar.add(self.today(), days)
                settled = Settled(kind, text, holder, due, about[code])
                in_session.add_settled(self.service, who, id, code, settled)


PREPARED: Final[Mapping[str, Any]] = {
    "title": "Rakor inventarisasi tindak lanjut industri pertahanan (contoh)",
    "hour": "09.00-12.00 WIB",
    "place": "Ruang rapat utama (contoh)",
    "chair": "Asisten Deputi (contoh)",
    "agenda": "Inventarisasi tindak lanjut setiap K/L\nKendala dan kesepakatan",
    "guests": "PT Pindad\nPT Len Industri\nPT PAL Indonesia\nPT Dahana",
    "proceed_without_users": True,
}
ANSWERS: Final[Mapping[str, Mapping[str, Any]]] = {
    "approve_invitation": {"invitation_approved": "yes", "letter_number": "UND-31/KP/2026"},
    "hold": {"attendance": "Semua instansi yang diundang hadir, dengan tamu dari industri."},
    "minutes": {
        "minutes": "Setiap K/L menyampaikan posisi tindak lanjutnya. Kesepakatan dicatat.",
        "press_statement": "Rakor menginventarisasi tindak lanjut rekomendasi kebijakan.",
    },
    "sign_minutes": {"minutes_signed": "yes", "signed_scan": FILE},
    "fulfil": {"fulfilment": "Daftar sudah diserahkan kepada koordinator.", "evidence": FILE},
    "check": {"outcome": "fulfilled"},
}
