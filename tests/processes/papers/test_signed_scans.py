"""The scan of a signed letter or receipt: who files it, what it is bound to, who reads it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update
from uuid_utils.compat import uuid7

from engine.sentences.errors import BadInput, Conflict, Forbidden, NotFound
from processes.cases.follow_up import receipts
from processes.papers import reminder_letters, signed_scans
from processes.rights import audit
from processes.rights.access import operator
from processes.storage.cases import report_rows
from processes.storage.files import evidence
from processes.storage.files.evidence import Upload
from processes.storage.files.signed_scans import Signable, SignedScan
from processes.storage.tables.reports import report
from tests.processes.papers.test_reminder_letters import late_with_the_plan, standing
from tests.processes.stories.world import World

RECEIPT, LETTER = Signable.RECEIPT, Signable.REMINDER_LETTER
WEEK = timedelta(days=7)


def scan(world: World, who: str, **changed: Any) -> UUID:
    """A file that somebody has sent."""
    now = world.service.engine.now()
    row = Upload(uuid7(), who, None, "a" * 64, "pindai.pdf", "application/pdf", 9, now, now + WEEK)
    with world.service.transaction() as connection:
        evidence.insert_upload(connection, replace(row, **changed))
    return row.id


def file(world: World, who: str, about: UUID, kind: Signable = RECEIPT, **changed: Any) -> UUID:
    """Somebody files the scan they have sent; its id as an upload."""
    sent = scan(world, who, **changed)
    signed_scans.file_scan(world.service, world.person(who), kind, about, sent)
    return sent


def filed(world: World, about: UUID) -> list[SignedScan]:
    with world.service.reading() as connection:
        return list(signed_scans.of_document(connection, about))


def read(world: World, who: str, id: UUID) -> SignedScan:
    return signed_scans.read(world.service, world.person(who), id, address="203.0.113.7")


def handed_in(world: World, **changes: Any) -> tuple[UUID, UUID]:
    """A follow-up of Kemhan and its report, which has a receipt."""
    case = world.follow_up(world.issued(supporting=[], **changes), "kemhan")
    world.to_report("kemhan", case)
    world.hand_in("kemhan", case)
    with world.service.reading() as connection:
        found = report_rows.newest(connection, case)
    assert found is not None
    return case, found.id


def changed(world: World, id: UUID, **values: Any) -> None:
    with world.service.transaction() as connection:
        connection.execute(update(report).where(report.c.id == id).values(**values))


# --- filing -------------------------------------------------------------------------------------


def test_whoever_oversees_a_case_files_the_signed_receipt_and_the_upload_is_gone(
    small_world: World,
) -> None:
    world = small_world
    case, about = handed_in(world)
    for number, who in enumerate(("coordinator", "asdep")):
        sent = file(world, who, about)
        found = filed(world, about)[number]
        assert (found.follow_up_id, found.document, found.by) == (case, RECEIPT, who)
        assert (found.name, found.sha256, found.at) == ("pindai.pdf", "a" * 64, world.clock.now)
        with world.service.reading() as connection:
            assert evidence.uploads(connection, who, [sent]) == []
            assert evidence.digests_in_use(connection, ["a" * 64]) == {"a" * 64}


def test_a_scan_is_bound_to_what_its_document_said_that_day(small_world: World) -> None:
    world = small_world
    _, about = handed_in(world)
    file(world, "coordinator", about)
    with world.service.reading() as connection:
        row = report_rows.by_id(connection, about)
        assert row is not None and row.receipt_number is not None
        before = receipts.receipt(connection, world.person("asdep"), row.receipt_number)
    changed(world, about, subject="Lain")
    file(world, "coordinator", about, sha256="b" * 64)
    first, second = filed(world, about)
    assert first.fingerprint == before.fingerprint
    assert second.fingerprint != first.fingerprint
    assert (first.sha256, second.sha256) == ("a" * 64, "b" * 64), "both are kept, oldest first"


def test_nobody_else_files_one(small_world: World) -> None:
    _, about = handed_in(small_world)
    for who, refusal in (
        ("kemhan", Forbidden), ("kemhan-head", Forbidden), ("kemenkeu", NotFound),
        ("owner", NotFound), ("admin", NotFound),
    ):  # fmt: skip
        with pytest.raises(refusal):
            file(small_world, who, about)
    assert filed(small_world, about) == []


def test_a_scan_is_a_pdf_or_an_image(small_world: World) -> None:
    _, about = handed_in(small_world)
    for type in ("text/plain", "application/zip", "application/msword"):
        with pytest.raises(BadInput, match="PDF or an image") as refused:
            file(small_world, "coordinator", about, type=type)
        assert set(refused.value.fields) == {"scan"}
    for allowed in ("image/png", "image/jpeg", "image/tiff"):
        file(small_world, "coordinator", about, type=allowed)
    assert len(filed(small_world, about)) == 3


def test_what_somebody_else_has_sent_is_not_filed(small_world: World) -> None:
    world = small_world
    _, about = handed_in(world)
    for sent in (scan(world, "asdep"), uuid4()):
        with pytest.raises(BadInput, match="attach it again") as refused:
            signed_scans.file_scan(world.service, world.person("coordinator"), RECEIPT, about, sent)
        assert set(refused.value.fields) == {"scan"}
    used = file(world, "coordinator", about)
    with pytest.raises(BadInput):
        signed_scans.file_scan(world.service, world.person("coordinator"), RECEIPT, about, used)


@pytest.mark.parametrize("kind", list(Signable))
def test_a_document_that_is_not_there_has_no_scan(small_world: World, kind: Signable) -> None:
    with pytest.raises(NotFound):
        file(small_world, "coordinator", uuid4(), kind)


def test_a_report_without_a_receipt_has_no_scan(small_world: World) -> None:
    _, about = handed_in(small_world)
    changed(small_world, about, receipt_number=None)
    with pytest.raises(NotFound):
        file(small_world, "coordinator", about)


def test_a_letter_is_filed_once_it_was_sent(small_world: World) -> None:
    world = small_world
    letter = standing(world, late_with_the_plan(world, date(2026, 1, 23))).id
    with pytest.raises(Conflict, match="Mark the letter as sent"):
        file(world, "asdep", letter, LETTER)
    reminder_letters.mark_sent(
        world.service, world.person("asdep"), letter, number="B-7/2026",
        day=date(2026, 1, 22),
    )  # fmt: skip
    file(world, "coordinator", letter, LETTER)
    [found] = filed(world, letter)
    assert read(world, "asdep", found.id) == found
    with pytest.raises(Forbidden):
        read(world, "kemhan", found.id)
    with pytest.raises(NotFound):
        file(world, "coordinator", letter, RECEIPT)


# --- reading ------------------------------------------------------------------------------------


def test_whoever_reads_the_receipt_reads_its_scan_and_each_reading_is_recorded(
    small_world: World,
) -> None:
    world = small_world
    case, about = handed_in(world)
    file(world, "coordinator", about)
    [found] = filed(world, about)
    for who in ("kemhan", "kemhan-head", "asdep"):
        assert read(world, who, found.id) == found
    for who in ("kemenkeu", "owner", "admin"):
        with pytest.raises(NotFound):
            read(world, who, found.id)
    with world.service.reading() as connection:
        entries = audit.read(connection, operator(), subject=f"signed_scan:{found.id}")
    assert [(one.by, one.act, one.address) for one in entries][::-1] == [
        (who, "read_signed_scan", "203.0.113.7") for who in ("kemhan", "kemhan-head", "asdep")
    ]
    assert {one.details["follow_up"] for one in entries} == {str(case)}


def test_the_scan_of_a_report_above_the_clearance_is_not_there(small_world: World) -> None:
    world = small_world
    _, about = handed_in(world)
    file(world, "coordinator", about)
    [found] = filed(world, about)
    changed(world, about, classification="secret")
    world.lower_clearance("kemhan", "ordinary")
    with pytest.raises(NotFound):
        read(world, "kemhan", found.id)
    assert read(world, "asdep", found.id) == found


def test_a_scan_that_was_never_filed_is_not_found(small_world: World) -> None:
    with pytest.raises(NotFound):
        read(small_world, "coordinator", uuid4())
