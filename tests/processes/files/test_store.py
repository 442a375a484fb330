"""The store of files beside the rows that name them: what is missing, what is left over, and that
nothing is lost that somebody sends at that moment."""

from __future__ import annotations

import fcntl
import io
import os
import threading
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection
from uuid_utils.compat import uuid7

from engine.sentences.errors import BadInput
from processes.files import blobs, uploads
from processes.files.blobs import ABANDONED_AFTER, LONGEST_NAME, BlobFolder, TooLarge, clean_name
from processes.files.file_types import type_of
from processes.rights.grants import granted
from processes.storage.files import evidence, signed_scans
from processes.storage.files.evidence import Evidence, Upload
from processes.storage.files.signed_scans import Signable, SignedScan
from tests.processes.conftest import NOW, Data, person, scope
from tests.processes.made_cases import a_case
from tests.processes.made_files import PDF, PNG, archive, open_document

WALL = datetime.now(UTC)
WEEK, SECOND = timedelta(days=7), timedelta(seconds=1)


@pytest.fixture
def folder(tmp_path: Path) -> BlobFolder:
    return BlobFolder(tmp_path / "evidence", largest=1_000_000)


def put(folder: BlobFolder, content: bytes = PDF, old: timedelta = timedelta(0)) -> str:
    """A file that came so long ago; its digest."""
    name = "a.pdf" if content.startswith(b"%PDF") else "a.txt"
    sha256 = folder.receive(io.BytesIO(content), name).sha256
    past = (WALL - old).timestamp()
    os.utime(folder.folder / sha256[:2] / sha256, (past, past))
    return sha256


def upload(connection: Connection, sha256: str, owner: str = "kemhan", **changed: Any) -> UUID:
    values: dict[str, Any] = {
        "id": uuid7(), "owner": owner, "task_id": None, "sha256": sha256, "name": "a.pdf",
        "type": "application/pdf", "size": 9, "created_at": NOW, "expires_at": NOW + WEEK,
    }  # fmt: skip
    row = Upload(**values | changed)
    evidence.insert_upload(connection, row)
    return row.id


def proof(connection: Connection, case: UUID, sha256: str) -> None:
    row = Evidence(
        uuid7(), case, None, None, sha256, "a.pdf", "application/pdf", 9, "kemhan", NOW, NOW
    )
    evidence.insert_evidence(connection, [row])


def scan(connection: Connection, case: UUID, sha256: str, about: UUID) -> SignedScan:
    row = SignedScan(
        uuid7(), case, Signable.RECEIPT, about, "f" * 64, sha256, "a.pdf", "application/pdf", 9,
        NOW, "ani",
    )  # fmt: skip
    signed_scans.add(connection, row)
    return row


# --- what is there ------------------------------------------------------------------------------


def test_the_store_knows_its_files_and_nothing_else_in_its_folder(folder: BlobFolder) -> None:
    assert folder.digests() == set()
    found = {put(folder, text) for text in (PDF, b"satu", b"dua")}
    (folder.folder / "incoming-x").write_bytes(b"x")
    assert folder.digests() == found


def test_only_what_is_older_than_two_days_was_due_for_removal(folder: BlobFolder) -> None:
    old = put(folder, b"lama", ABANDONED_AFTER + SECOND)
    young = put(folder, b"baru", ABANDONED_AFTER - SECOND)
    asked = [old, young, "0" * 64]
    assert folder.abandoned(asked, WALL) == [old]
    assert folder.abandoned(asked, WALL + 2 * SECOND) == sorted([old, young])
    assert folder.abandoned([], WALL) == []


def test_a_file_on_the_way_is_left_for_two_days_too(folder: BlobFolder) -> None:
    put(folder)
    fresh, stale = folder.folder / "incoming-a", folder.folder / "incoming-b"
    for path, old in ((fresh, timedelta(hours=47)), (stale, timedelta(hours=49))):
        path.write_bytes(b"x")
        past = (WALL - old).timestamp()
        os.utime(path, (past, past))
    assert folder.remove_abandoned(lambda _: [], WALL) == []
    assert (fresh.exists(), stale.exists()) == (True, False)


def test_rows_are_asked_once_for_each_shelf_and_only_about_what_is_old(folder: BlobFolder) -> None:
    digests = [put(folder, f"berkas {n}".encode(), timedelta(days=n % 2 * 3)) for n in range(20)]
    asked: list[list[str]] = []

    def in_use(wanted: list[str]) -> Iterable[str]:
        asked.append(wanted)
        return wanted

    assert folder.remove_abandoned(in_use, WALL) == []
    old = {one for n, one in enumerate(digests) if n % 2}
    assert {one for some in asked for one in some} == old
    assert len(asked) == len({one[:2] for one in old})
    assert all(len({one[:2] for one in some}) == 1 for some in asked)


def test_what_comes_again_while_it_is_being_removed_is_there_afterwards(
    folder: BlobFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    sha256 = put(folder, PDF, timedelta(days=3))
    at_the_lock, real = threading.Event(), fcntl.flock

    def flock(descriptor: int, how: int) -> None:
        if threading.current_thread() is sender:
            at_the_lock.set()
        real(descriptor, how)

    monkeypatch.setattr(blobs.fcntl, "flock", flock)
    sender = threading.Thread(target=lambda: folder.receive(io.BytesIO(PDF), "lagi.pdf"))

    def in_use(_: list[str]) -> Iterable[str]:
        sender.start()
        assert at_the_lock.wait(30), "whoever puts a file in place waits for the cleaning"
        return []

    assert folder.remove_abandoned(in_use, WALL) == [sha256]
    sender.join()
    with folder.open(sha256) as stored:
        assert stored.read() == PDF


# --- rows and files -----------------------------------------------------------------------------


def test_a_file_stays_as_long_as_any_row_names_it(data: Data) -> None:
    of_upload, of_proof, of_scan, of_both = (letter * 64 for letter in "abcd")
    with data.transaction() as connection:
        case, _ = a_case(connection, "kemhan")
        upload(connection, of_upload)
        for sha256 in (of_proof, of_both):
            proof(connection, case, sha256)
        upload(connection, of_both)
        scan(connection, case, of_scan, uuid7())
        every = {of_upload, of_proof, of_scan, of_both}
        assert evidence.named_digests(connection) == every
        assert evidence.digests_in_use(connection, [*every, "e" * 64]) == every
        assert evidence.digests_in_use(connection, [of_scan]) == {of_scan}
        assert evidence.digests_in_use(connection, []) == set()
        assert evidence.forget_uploads(connection, NOW + WEEK) == 2
        assert evidence.named_digests(connection) == {of_proof, of_scan, of_both}


def test_an_upload_is_forgotten_at_its_end_and_not_before(data: Data) -> None:
    with data.transaction() as connection:
        id = upload(connection, "a" * 64)
        later = upload(connection, "a" * 64, expires_at=NOW + 2 * WEEK)
        assert evidence.forget_uploads(connection, NOW + WEEK - SECOND) == 0
        assert evidence.forget_uploads(connection, NOW + WEEK) == 1
        assert [one.id for one in evidence.uploads(connection, "kemhan", [id, later])] == [later]


def test_an_upload_is_used_up_by_its_owner_alone(data: Data) -> None:
    with data.transaction() as connection:
        mine, theirs = upload(connection, "a" * 64), upload(connection, "a" * 64, "kemenkeu")
        evidence.delete_uploads(connection, "kemhan", [mine, theirs])
        assert evidence.uploads(connection, "kemhan", [mine]) == []
        assert [one.id for one in evidence.uploads(connection, "kemenkeu", [theirs])] == [theirs]


def test_files_of_a_case_and_scans_of_a_document_are_told_oldest_first(data: Data) -> None:
    with data.transaction() as connection:
        case, _ = a_case(connection, "kemhan")
        other, _ = a_case(connection, "kemhan")
        for letter in "cab":
            proof(connection, case, letter * 64)
        proof(connection, other, "d" * 64)
        found = evidence.evidence_of(connection, case)
        assert [one.sha256[0] for one in found] == ["c", "a", "b"]
        about = uuid7()
        rows = [scan(connection, case, letter * 64, about) for letter in "zy"]
        scan(connection, case, "x" * 64, uuid7())
        assert list(signed_scans.of_document(connection, about)) == rows
        assert signed_scans.by_id(connection, rows[1].id) == rows[1]
        assert signed_scans.by_id(connection, about) is None


def test_room_is_what_the_quota_leaves_to_the_very_byte(small: Data) -> None:
    kemhan = scope(small, person(small, "kemhan", granted(contact_of="kemhan")))
    with small.transaction() as connection:
        assert uploads.room(connection, kemhan, 10) == 10
        upload(connection, "a" * 64, size=9)
        upload(connection, "b" * 64, "kemenkeu", size=9)
        assert uploads.room(connection, kemhan, 10) == 1
        for quota in (9, 8):
            with pytest.raises(BadInput, match="not handed in yet"):
                uploads.room(connection, kemhan, quota)


# --- names and kinds ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("a.", "a"),
        (".pdf", "pdf"),
        ("a/b\\c.pdf", "c.pdf"),
        ("surat.tar.gz", "surat.tar.gz"),
        ("x." + "y" * 30, "x." + "y" * 10),
        ("tanpa akhiran " + "x" * 200, ("tanpa akhiran " + "x" * 200)[:LONGEST_NAME]),
        ("\u200f\u2066a\u2069.pdf", "a.pdf"),
        ("\ufeff", "berkas"),
        ("..", "berkas"),
        ("لجنة.pdf", "لجنة.pdf"),
    ],
)
def test_a_name_can_be_shown_and_saved_everywhere(given: str, kept: str) -> None:
    assert clean_name(given) == kept
    assert len(clean_name(given)) <= LONGEST_NAME


def test_a_file_that_is_too_large_is_told_by_its_name_and_the_limit(folder: BlobFolder) -> None:
    large = BlobFolder(folder.folder, largest=2 << 20)
    with pytest.raises(TooLarge, match=r"besar\.pdf is larger than 2 MB"):
        large.receive(io.BytesIO(PDF + bytes(2 << 20)), "C:\\besar.pdf")
    assert large.digests() == set()


@pytest.mark.parametrize("name", ["a.txt", "a.csv", "A.TXT"])
def test_a_text_is_one_to_its_last_byte(name: str) -> None:
    whole = "é" * 70_000
    assert type_of(io.BytesIO(whole.encode()), name) == "text/plain"
    for broken in (whole.encode()[:-1], whole.encode() + b"\x00", whole.encode() + b"\x1b"):
        with pytest.raises(BadInput, match="not accepted"):
            type_of(io.BytesIO(broken), name)


@pytest.mark.parametrize("name", ["Scripts/a.py", "Basic/x.xml"])
def test_a_document_with_scripts_is_refused(name: str) -> None:
    with pytest.raises(BadInput, match="not accepted"):
        type_of(io.BytesIO(open_document("text", name)), "a.odt")


def test_a_file_is_what_it_begins_as_and_no_other_archive_is_a_document() -> None:
    for content in (archive({"a.pdf": "x"}), archive({"mimetype": "application/zip"})):
        with pytest.raises(BadInput, match="not accepted"):
            type_of(io.BytesIO(content), "a.odt")
    with pytest.raises(BadInput):
        type_of(io.BytesIO(PDF + PNG), "a.png")
    assert type_of(io.BytesIO(PDF + PNG), "a.pdf") == "application/pdf"
