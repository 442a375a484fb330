"""The acts of the clients: one line for each, on disk before the next act begins.

A line is written before the request is sent and again after the answer, so an act without an answer
is known too.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from threading import Lock

UNANSWERED = 0
"""Status of an act without an answer."""


@dataclass(frozen=True, slots=True)
class Act:
    """One act under one request id. `path` of its address; `subject`: id of the task, business key
    of the message or of the new case; `told`: the case id in the answer to a start; `late`: it was
    sent after the lease had ended."""

    request: str
    kind: str
    path: str
    subject: str
    status: int = UNANSWERED
    tries: int = 0
    told: str = ""
    late: bool = False

    @property
    def acknowledged(self) -> bool:
        """Whether the client got the answer that it is done."""
        return 200 <= self.status < 300

    @property
    def refused(self) -> bool:
        """Whether the client got the answer that it is not done."""
        return 400 <= self.status < 500


class Ledger:
    """Appends lines and flushes them to the disk; all clients share it."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._stream = file.open("a")
        self._guard = Lock()

    def write(self, act: Act) -> None:
        """Write an act in its present form."""
        with self._guard:
            self._stream.write(json.dumps(asdict(act)) + "\n")
            self._stream.flush()
            os.fsync(self._stream.fileno())

    def answered(self, act: Act, status: int, tries: int, told: str = "") -> Act:
        """Write the answer to an act."""
        done = replace(act, status=status, tries=tries, told=told)
        self.write(done)
        return done

    def close(self) -> None:
        """Close the file."""
        self._stream.close()


def read(*files: Path) -> dict[str, Act]:
    """The acts of these ledgers by request id, each in its last form."""
    return {act.request: act for file in files for act in _lines(file)}


def _lines(file: Path) -> Iterator[Act]:
    with file.open() as stream:
        for line in stream:
            yield Act(**json.loads(line))
