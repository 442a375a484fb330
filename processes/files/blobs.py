"""Files on disk, named by their content: `evidence/ab/<sha256>`, the same content only once.

Owns the safe way of bytes onto the disk and off it. Must not know tables, users or cases. A name
given by a person is data and never part of a path. Only the service's own account can read the
files. To move a file in or remove one, a process holds the folder's lock.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, BinaryIO, Final

from engine.sentences.errors import BadInput, NotFound
from engine.sentences.sentence import say
from processes.files.file_types import type_of

MEGABYTE: Final = 1 << 20
"""As Windows counts: a file that it shows as 25 MB is one of 25 MB here."""
CHUNK_BYTES: Final = 1 << 16
LONGEST_NAME: Final = 150
INCOMING: Final = "incoming-"
ABANDONED_AFTER: Final = timedelta(hours=48)
"""Minimum age of a file that is removed because it has no row: its row may be about to be
written."""


class TooLarge(BadInput):
    """A file has more bytes than may be received."""


@dataclass(frozen=True, slots=True)
class Blob:
    """A received file: `sha256` in hex, `size` in bytes, media type by content, its name."""

    sha256: str
    size: int
    type: str
    name: str


@dataclass(frozen=True, slots=True)
class BlobFolder:
    """The folder of all files; `largest` in bytes."""

    folder: Path
    largest: int = 25 * MEGABYTE

    def receive(self, stream: IO[bytes], name: str) -> Blob:
        """Store a file and hash it while it is written; when this returns the file is safe on disk.

        Raises `BadInput` if the file is too large, empty, or of a kind that is not allowed; then
        nothing remains. No transaction may be open, because this takes as long as the sender needs.
        """
        name = clean_name(name)
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Created with mode 0600, whatever the umask is.
        with tempfile.NamedTemporaryFile(dir=self.folder, prefix=INCOMING, delete=False) as file:
            incoming = Path(file.name)
            try:
                sha256, size = self._copy(stream, file, name)
                blob = Blob(sha256, size, type_of(file, name), name)
                file.flush()
                os.fsync(file.fileno())
                self._place(incoming, sha256)
            finally:
                incoming.unlink(missing_ok=True)
        return blob

    def _copy(self, stream: IO[bytes], file: IO[bytes], name: str) -> tuple[str, int]:
        digest, size = hashlib.sha256(), 0
        while chunk := stream.read(CHUNK_BYTES):
            size += len(chunk)
            if size > self.largest:
                raise TooLarge(
                    say(
                        "{name} is larger than {megabytes} MB.",
                        name=name,
                        megabytes=self.largest // MEGABYTE,
                    )
                )
            digest.update(chunk)
            file.write(chunk)
        return digest.hexdigest(), size

    def _place(self, incoming: Path, sha256: str) -> None:
        """Give the written file its name. An equal file is replaced, so that it has a new age and a
        simultaneous cleaning leaves it."""
        target = self._path(sha256)
        with self._locked():
            target.parent.mkdir(mode=0o700, exist_ok=True)
            incoming.replace(target)
        for folder in (target.parent, self.folder):
            _sync(folder)

    def open(self, sha256: str) -> BinaryIO:
        """A stored file, open for reading. Raises `NotFound` if the disk lost it."""
        try:
            return self._path(sha256).open("rb")
        except FileNotFoundError as error:
            raise NotFound(say("The file is missing from the store of evidence.")) from error

    def remove_abandoned(
        self, in_use: Callable[[list[str]], Iterable[str]], wall_clock: datetime
    ) -> list[str]:
        """Remove files older than 48 hours that `in_use` does not name, and the rest of broken
        uploads; return their digests. `in_use` is asked once for each folder of two hex digits.

        The disk dates files by the wall clock, so the product's own clock, which may be virtual,
        cannot be used.
        """
        removed: list[str] = []
        for shelf in sorted(path for path in self.folder.glob("??") if path.is_dir()):
            with self._locked():
                old = [path for path in shelf.iterdir() if _is_old(path, wall_clock)]
                wanted = set(in_use([path.name for path in old])) if old else set()
                for path in old:
                    if path.name not in wanted:
                        path.unlink()
                        removed.append(path.name)
        for path in self.folder.glob(f"{INCOMING}*"):
            if _is_old(path, wall_clock):
                path.unlink(missing_ok=True)
        return removed

    def digests(self) -> set[str]:
        """The digests of all files."""
        shelves = (path for path in self.folder.glob("??") if path.is_dir())
        return {file.name for shelf in shelves for file in shelf.iterdir()}

    def abandoned(self, digests: Iterable[str], wall_clock: datetime) -> list[str]:
        """Those of these files that were due for removal at that time, if nothing names them."""
        paths = [(one, self._path(one)) for one in digests]
        return sorted(one for one, path in paths if path.exists() and _is_old(path, wall_clock))

    def _path(self, sha256: str) -> Path:
        if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
            raise ValueError("not the SHA-256 of a file")
        return self.folder / sha256[:2] / sha256

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Hold the lock only for moments: the bytes are written before."""
        descriptor = os.open(self.folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def clean_name(name: str) -> str:
    """A file's name for display and saving: the last part of a path, without control or
    direction-changing characters, at most 150 characters with its ending kept."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(c for c in last if unicodedata.category(c)[0] != "C").strip(" .")
    stem, dot, ending = shown.rpartition(".")
    if not dot or not stem:
        return shown[:LONGEST_NAME] or "berkas"
    return f"{stem[: LONGEST_NAME - len(ending[:10]) - 1]}.{ending[:10]}"


def _is_old(path: Path, wall_clock: datetime) -> bool:
    return path.stat().st_mtime < (wall_clock - ABANDONED_AFTER).timestamp()


def _sync(folder: Path) -> None:
    """The name survives a power cut only if its folder is written too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
