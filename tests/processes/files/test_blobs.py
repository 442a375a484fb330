"""Files on disk: the same content once, private, without given names, removed when no row needs
them.
"""

from __future__ import annotations

import hashlib
import io
import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine.sentences.errors import BadInput, NotFound
from processes.files.blobs import BlobFolder, clean_name
from tests.processes.made_files import PDF, PNG

WALL = datetime.now(UTC)


@pytest.fixture
def folder(tmp_path: Path) -> BlobFolder:
    return BlobFolder(tmp_path / "evidence", largest=1_000_000)


def files(folder: BlobFolder) -> list[Path]:
    """Everything in the folder but the lock."""
    return [path for path in folder.folder.rglob("*") if path.is_file() and path.name != ".lock"]


def age(path: Path, by: timedelta) -> None:
    past = (WALL - by).timestamp()
    os.utime(path, (past, past))


def test_a_file_is_kept_under_its_digest_and_read_back_as_it_came(folder: BlobFolder) -> None:
    blob = folder.receive(io.BytesIO(PDF), "Laporan Kemhan.pdf")

    digest = hashlib.sha256(PDF).hexdigest()
    assert (blob.sha256, blob.size, blob.type) == (digest, len(PDF), "application/pdf")
    assert files(folder) == [folder.folder / digest[:2] / digest]
    with folder.open(blob.sha256) as stored:
        assert stored.read() == PDF


def test_the_same_content_is_kept_once_under_whatever_names(folder: BlobFolder) -> None:
    first = folder.receive(io.BytesIO(PDF), "a.pdf")
    second = folder.receive(io.BytesIO(PDF), "b.pdf")

    assert first.sha256 == second.sha256
    assert (first.name, second.name) == ("a.pdf", "b.pdf")
    assert len(files(folder)) == 1


def test_nobody_else_on_the_machine_can_read_them(folder: BlobFolder) -> None:
    old = os.umask(0)
    try:
        folder.receive(io.BytesIO(PDF), "a.pdf")
    finally:
        os.umask(old)

    for path in [folder.folder, *folder.folder.rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


@pytest.mark.parametrize("content", [PDF + bytes(1_000_000), b"MZ" + bytes(100), b""])
def test_a_refused_file_leaves_nothing_behind(folder: BlobFolder, content: bytes) -> None:
    with pytest.raises(BadInput):
        folder.receive(io.BytesIO(content), "a.pdf")

    assert files(folder) == []


def test_the_limit_itself_is_allowed(folder: BlobFolder) -> None:
    exactly = PDF + bytes(folder.largest - len(PDF))
    assert folder.receive(io.BytesIO(exactly), "a.pdf").size == folder.largest


def test_a_sender_who_breaks_off_leaves_nothing_behind(folder: BlobFolder) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell():
                raise ConnectionResetError
            return super().read(10)

    with pytest.raises(ConnectionResetError):
        folder.receive(Broken(PDF), "a.pdf")

    assert files(folder) == []


def test_a_lost_file_is_not_found_and_a_path_is_no_digest(folder: BlobFolder) -> None:
    with pytest.raises(NotFound):
        folder.open("0" * 64)
    with pytest.raises(ValueError, match="SHA-256"):
        folder.open("../../etc/passwd")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Dokumen\\Laporan akhir.pdf", "Laporan akhir.pdf"),
        ("laporan\r\nSet-Cookie: a.pdf", "laporanSet-Cookie: a.pdf"),
        ("gambar\u202efdp.exe", "gambarfdp.exe"),
        ("  .htaccess", "htaccess"),
        ("", "berkas"),
        ("e\u0301.pdf", "\u00e9.pdf"),
        ("x" * 300 + ".docx", "x" * 145 + ".docx"),
    ],
)
def test_names_are_data_and_never_paths(given: str, kept: str) -> None:
    assert clean_name(given) == kept


def test_the_cleaning_removes_what_no_row_has_named_for_48_hours(folder: BlobFolder) -> None:
    wanted = folder.receive(io.BytesIO(PDF), "a.pdf").sha256
    unwanted = folder.receive(io.BytesIO(PNG), "b.png").sha256
    just_in = folder.receive(io.BytesIO(b"baru datang"), "c.txt").sha256
    left_over = folder.folder / "incoming-broken"
    left_over.write_bytes(b"x")
    for path in (*files(folder),):
        age(path, timedelta(hours=49))
    age(folder.folder / just_in[:2] / just_in, timedelta(hours=47))

    removed = folder.remove_abandoned(lambda digests: {wanted} & set(digests), WALL)

    assert removed == [unwanted]
    assert {path.name for path in files(folder)} == {wanted, just_in}


def test_content_that_comes_again_is_young_again(folder: BlobFolder) -> None:
    blob = folder.receive(io.BytesIO(PDF), "a.pdf")
    age(files(folder)[0], timedelta(days=30))
    folder.receive(io.BytesIO(PDF), "a.pdf")

    assert folder.remove_abandoned(lambda _: [], WALL) == []
    folder.open(blob.sha256).close()


def test_cleaning_before_the_first_file_is_nothing(folder: BlobFolder) -> None:
    assert folder.remove_abandoned(lambda _: [], WALL) == []
