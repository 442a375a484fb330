"""The acts of stories about requests for reports."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from engine.storage.cases.worklist import Task
from processes.register.report_requests import ReportRequestState
from processes.storage.written_report import request_rows
from processes.storage.written_report.request_rows import RequestPart
from processes.work import tasks
from processes.written_report import asking
from processes.written_report.asking import Wanted
from tests.processes.stories.world import World

DEADLINE = date(2026, 2, 27)
LETTER: Mapping[str, Any] = {
    "letter_number": "B/77/2026",
    "letter_date": "2026-01-05",
    "classification": "ordinary",
    "subject": "Laporan kemajuan",
    "signatory": "Sekretaris Jenderal",
}


def wanted(**changes: Any) -> Wanted:
    """What the coordinator asks for."""
    asked: dict[str, Any] = {
        "subject": "Laporan kemajuan triwulan I",
        "text": "Mohon laporan resmi tertulis.",
        "letter_number": "B-9/KP/2026",
        "letter_date": date(2026, 1, 5),
        "deadline": DEADLINE,
    }
    return Wanted(**asked | changes)


def ask(world: World, by: str = "coordinator", **changes: Any) -> UUID:
    """Somebody asks, and every part is sent."""
    request = asking.ask(world.service, world.person(by), wanted(**changes))
    world.run()
    return request


def part(world: World, request: UUID, institution: str) -> RequestPart:
    """The part of an institution."""
    with world.services[0].reading() as connection:
        found = [
            one
            for one in request_rows.parts_of(connection, request)
            if one.institution == institution
        ]
    assert len(found) == 1, found
    return found[0]


def state(world: World, request: UUID, institution: str) -> ReportRequestState:
    """How the request stands with an institution."""
    return part(world, request, institution).state


def open_tasks(world: World, request: UUID, institution: str) -> list[Task]:
    """The open tasks of a part."""
    instance = part(world, request, institution).instance_id
    return world.service.engine.tasks(instance_id=instance, limit=10)


def task(world: World, request: UUID, institution: str) -> Task:
    """The one task of a part."""
    [found] = open_tasks(world, request, institution)
    return found


def answer(case: UUID, **changes: Any) -> dict[str, Any]:
    """What a letter says of one case."""
    return {"about": str(case), "percent": 40, "narrative": "Tender berjalan.", **changes}


def hand_in(
    world: World, request: UUID, who: str, cases: Collection[Mapping[str, Any]], **changes: Any
) -> tasks.Outcome:
    """An institution hands in its letter with its scan."""
    found = task(world, request, who)
    answers = {
        **LETTER,
        "letter_files": [str(world.upload(who, found))],
        "answers": list(cases),
        **changes,
    }
    outcome = tasks.complete(world.service, world.person(who), found.id, answers)
    assert outcome.incident is None, world.service.engine.incidents()
    world.run()
    return outcome
