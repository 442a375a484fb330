"""From an upload of one person to evidence of a case, read with the rights on that case."""

from __future__ import annotations

import io
import os
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import cast
from uuid import UUID

import pytest
from sqlalchemy import Connection, insert
from uuid_utils.compat import uuid7

from engine.ports.handlers import Refusal, Step
from engine.sentences.errors import BadInput, Forbidden, NotFound
from processes.files import evidence, uploads
from processes.files.blobs import BlobFolder
from processes.rights.access import Scope, scope_of
from processes.rights.grants import granted
from processes.storage.files import evidence as table
from processes.storage.files.evidence import Evidence, Upload
from processes.storage.rights import audit as audit_table
from processes.storage.tables.reports import report
from tests.processes.conftest import NOW, Data, person, scope
from tests.processes.made_cases import a_case
from tests.processes.made_files import PDF, PNG


@dataclass
class Completing:
    """The part of a step that attaching files looks at."""

    connection: Connection
    by: str | None
    now: datetime = field(default=NOW)


def contact(data: Data, code: str, clearance: str = "ordinary") -> Scope:
    return scope(data, person(data, code, granted(contact_of=code), clearance=clearance))


def upload(
    data: Data, folder: BlobFolder, who: Scope, content: bytes = PDF, task_id: UUID | None = None
) -> Upload:
    ending = "pdf" if content is PDF else "png"
    blob = folder.receive(io.BytesIO(content), f"bukti.{ending}")
    return uploads.add(data, who, blob, task_id=task_id)


def attach(
    data: Data, who: Scope, case_id: UUID, ids: list[UUID], report_id: UUID | None = None
) -> list[Evidence]:
    with data.transaction() as connection:
        step = cast(Step, Completing(connection, who.username))
        return evidence.attach(step, case_id, ids, field="evidence", report_id=report_id)


def case_of(data: Data, institution: str, classification: str = "ordinary") -> UUID:
    with data.transaction() as connection:
        return a_case(connection, institution, classification=classification)[0]


def read(data: Data, who: Scope, evidence_id: UUID) -> Evidence:
    return evidence.read(data, who, evidence_id, address="10.0.0.1")


@pytest.fixture
def folder(tmp_path: Path) -> BlobFolder:
    return BlobFolder(tmp_path / "evidence")


def test_an_upload_is_its_owners_until_the_task_is_done(data: Data, folder: BlobFolder) -> None:
    kemhan, other = contact(data, "kemhan"), contact(data, "kemenkeu")
    task_id = uuid7()
    row = upload(data, folder, kemhan, task_id=task_id)
    with data.transaction() as connection:
        assert uploads.of_task(connection, kemhan, task_id) == [row]
        assert uploads.named(connection, kemhan, [row.id]) == [row]
        assert uploads.one(connection, kemhan, row.id) == row
        assert uploads.of_task(connection, other, task_id) == []
        with pytest.raises(NotFound):
            uploads.one(connection, other, row.id)


def test_completing_turns_uploads_into_evidence_of_the_case(data: Data, folder: BlobFolder) -> None:
    kemhan, case_id = contact(data, "kemhan"), case_of(data, "kemhan")
    first, second = upload(data, folder, kemhan), upload(data, folder, kemhan, PNG)

    attach(data, kemhan, case_id, [first.id, second.id])

    with data.reading() as connection:
        kept = table.evidence_of(connection, case_id)
        assert uploads.named(connection, kemhan, [first.id, second.id]) == []
    assert [(e.sha256, e.name, e.uploaded_by) for e in kept] == [
        (first.sha256, "bukti.pdf", "kemhan"),
        (second.sha256, "bukti.png", "kemhan"),
    ]


def test_somebody_elses_or_a_used_upload_is_refused_on_its_field_and_nothing_is_kept(
    data: Data, folder: BlobFolder
) -> None:
    kemhan, thief = contact(data, "kemhan"), contact(data, "kemenkeu")
    case_id = case_of(data, "kemenkeu")
    own, foreign = upload(data, folder, thief), upload(data, folder, kemhan)

    with pytest.raises(Refusal) as refused:
        attach(data, thief, case_id, [own.id, foreign.id])
    assert list(refused.value.fields) == ["evidence"]
    with data.reading() as connection:
        assert table.evidence_of(connection, case_id) == []

    attach(data, thief, case_id, [own.id])
    with pytest.raises(Refusal):
        attach(data, thief, case_id, [own.id])


def test_evidence_is_read_through_the_rights_on_its_case_and_on_record(
    data: Data, folder: BlobFolder
) -> None:
    kemhan, other = contact(data, "kemhan"), contact(data, "kemenkeu")
    boss = scope(data, person(data, "asdep", granted("supervisor", rank="asdep")))
    admin = scope(data, person(data, "admin", granted("admin"), clearance="top_secret"))
    (row,) = attach(data, kemhan, case_of(data, "kemhan"), [upload(data, folder, kemhan).id])

    assert read(data, kemhan, row.id) == row
    assert read(data, boss, row.id) == row
    for stranger in (other, admin):
        with pytest.raises(NotFound):
            read(data, stranger, row.id)
    with pytest.raises(NotFound):
        read(data, boss, uuid7())

    with data.reading() as connection:
        entries = list(audit_table.all_entries(connection))
    reads = [(e.by, e.subject, e.address) for e in entries if e.act == "read_evidence"]
    assert reads == [(name, f"evidence:{row.id}", "10.0.0.1") for name in ("kemhan", "asdep")]


def test_a_report_classified_above_its_case_keeps_its_files_from_the_less_cleared(
    data: Data, folder: BlobFolder
) -> None:
    low = contact(data, "kemhan")
    high = scope(data, person(data, "pic", granted(contact_of="kemhan"), clearance="secret"))
    case_id, report_id = case_of(data, "kemhan"), uuid7()
    with data.transaction() as connection:
        connection.execute(
            insert(report).values(
                id=report_id,
                follow_up_id=case_id,
                round=1,
                letter_number="B/1/2026",
                letter_date=date(2026, 3, 17),
                urgency="ordinary",
                classification="secret",
                subject="Laporan",
                signatory="Sekjen",
                summary="Selesai",
                claimed_status="conforms",
                at=NOW,
                handed_in_at=NOW,
            )
        )
    (row,) = attach(data, high, case_id, [upload(data, folder, high).id], report_id)

    assert read(data, high, row.id) == row
    with pytest.raises(NotFound):
        read(data, low, row.id)


def test_a_reading_token_uploads_nothing(small: Data, folder: BlobFolder) -> None:
    user_id = person(small, "kemhan", granted(contact_of="kemhan"))
    with small.reading() as connection:
        reader = scope_of(connection, user_id, read_only=True)
    with pytest.raises(Forbidden):
        upload(small, folder, reader)


def test_the_daily_cleaning_forgets_old_uploads_and_keeps_evidence(
    data: Data, folder: BlobFolder
) -> None:
    kemhan, case_id = contact(data, "kemhan"), case_of(data, "kemhan")
    kept = upload(data, folder, kemhan)
    attach(data, kemhan, case_id, [kept.id])
    dropped = upload(data, folder, kemhan, PNG)
    wall = datetime.now(UTC)
    past = (wall - timedelta(days=3)).timestamp()
    for path in folder.folder.glob("??/*"):
        os.utime(path, (past, past))

    week, engine = NOW + timedelta(days=7), data.engine
    early = uploads.clean(data.engine, folder, now=week - timedelta(seconds=1), wall_clock=wall)
    late = uploads.clean(engine, folder, now=week, wall_clock=wall)

    assert early == []
    assert late == [dropped.sha256]
    folder.open(kept.sha256).close()


def test_what_one_account_keeps_in_files_has_a_limit_and_others_have_their_own(
    data: Data, folder: BlobFolder
) -> None:
    kemhan, other = contact(data, "kemhan"), contact(data, "kemenkeu")
    quota = 2 * len(PDF) + 1
    for _ in range(2):
        keep(data, folder, kemhan, quota)

    with pytest.raises(BadInput, match="not handed in yet"):
        keep(data, folder, kemhan, quota)

    keep(data, folder, other, quota)
    with data.reading() as connection:
        assert uploads.room(connection, kemhan, quota) == 1
        with pytest.raises(BadInput, match="not handed in yet"):
            uploads.room(connection, kemhan, quota - 1)


def test_room_comes_back_when_files_are_handed_in_or_expire(data: Data, folder: BlobFolder) -> None:
    kemhan, case_id = contact(data, "kemhan"), case_of(data, "kemhan")
    quota = 2 * len(PDF)
    first = keep(data, folder, kemhan, quota)
    keep(data, folder, kemhan, quota)

    attach(data, kemhan, case_id, [first.id])
    keep(data, folder, kemhan, quota)
    with pytest.raises(BadInput):
        keep(data, folder, kemhan, quota)

    later = NOW + uploads.UPLOAD_LASTS
    uploads.clean(data.engine, folder, now=later, wall_clock=later)
    keep(data, folder, kemhan, quota)


def test_of_files_that_arrive_at_once_only_those_are_kept_that_fit(
    data: Data, folder: BlobFolder
) -> None:
    kemhan, both_ready = contact(data, "kemhan"), threading.Barrier(4)
    kept: list[bool] = []

    def send() -> None:
        both_ready.wait()
        with suppress(BadInput):
            keep(data, folder, kemhan, 2 * len(PDF))
            kept.append(True)

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(kept) == 2


def keep(data: Data, folder: BlobFolder, who: Scope, quota: int) -> Upload:
    blob = folder.receive(io.BytesIO(PDF), "bukti.pdf")
    return uploads.add(data, who, blob, task_id=None, quota=quota)
