"""A request for reports in the demo: asked of every institution, answered by some, late with the
others.

Owns when it is asked, and what becomes of each part.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from engine.records.states import TaskStatus
from engine.storage.cases.worklist import Task
from processes.acts.service import Service
from processes.demo.acts import FILE, TODAY
from processes.demo.answers import Desk
from processes.rights.scope import Scope
from processes.storage.written_report import request_rows
from processes.work import tasks
from processes.written_report import asking
from processes.written_report.asking import Wanted

BEFORE: Final = 9
"""Working days before the end of the story on which reports are asked for."""
TIME: Final = 6
"""Working days until they are due: at the end some are late."""
AFTER: Final = 3
"""Working days after which the first institutions answer."""
ANSWERED: Final = 3
LET_OFF: Final = 4
"""Up to so many tasks are answered; this one is dropped, and the others stay open."""


@dataclass
class Asked:
    """The request, and how many of its tasks have been seen."""

    service: Service
    seen: int = 0

    def ask(self, scope: Scope, today: date, deadline: date) -> None:
        """Ask every institution that owes a report."""
        wanted = Wanted(
            subject="Laporan kemajuan menjelang rapat koordinasi",
            text="Mohon disampaikan laporan resmi tertulis tentang kemajuan setiap rekomendasi.",
            letter_number="B-118/KP/2026",
            letter_date=today,
            deadline=deadline,
        )
        asking.ask(self.service, scope, wanted)

    def is_done(self) -> bool:
        """Note a task of it; whether something is done with it: it is answered or dropped."""
        self.seen += 1
        return self.seen <= LET_OFF

    def do(self, number: int, task: Task, contact: Scope, coordinator: Scope, today: date) -> None:
        """Answer the task that was seen as that one, or drop its request."""
        if self.service.engine.task(task.id).status != TaskStatus.OPEN:
            return
        with self.service.reading() as connection:
            part = request_rows.of_instance(connection, task.instance_id)
            assert part is not None, "it is the task of a request"
            cases = request_rows.cases(connection, part.id)
        if number > ANSWERED:
            reason = "Kemajuan sudah disampaikan lengkap dalam rapat teknis."
            asking.drop(self.service, coordinator, part.id, reason)
            return
        desk = Desk(self.service, contact, task, today, {TODAY: today.isoformat()})
        due = [one.follow_up_id for one in cases if one.not_due is None]
        tasks.hand_in(self.service, contact, task.id, desk.filled(_letter(number, due)))


def _letter(number: int, due: list[UUID]) -> Mapping[str, Any]:
    return {
        "letter_number": f"B/{40 + number}/LK/2026",
        "letter_date": TODAY,
        "classification": "ordinary",
        "subject": "Laporan kemajuan tindak lanjut rekomendasi",
        "signatory": "Sekretaris Jenderal",
        "letter_files": FILE,
        "answers": [
            {
                "about": str(id),
                "percent": 25 + 15 * place,
                "narrative": "Kegiatan tahap pertama selesai; tahap berikutnya sedang disiapkan.",
                "obstacles": "Pengadaan menunggu penetapan anggaran." if place == 0 else "",
            }
            for place, id in enumerate(due)
        ],
    }
