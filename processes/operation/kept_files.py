"""Files that must be there: the evidence that rows name, and backups of all of it.

Owns the comparison of rows and files, and how old a backup may be. Changes nothing: the daily work
removes files without a row (`processes.operation.upkeep`), and backups are made by the operator.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from engine.sentences.sentence import Sentence, say
from processes.acts.service import Options
from processes.files.blobs import BlobFolder
from processes.ground.spans import span
from processes.operation.finding import Finding
from processes.storage.files import evidence

LATEST_BACKUP: Final = timedelta(days=2)
"""One a day; the second day covers one that failed."""
LATEST_CLEANING: Final = timedelta(days=2)
"""The scheduler removes files without a row once a day."""
MOST_NAMED: Final = 3


def evidence_finding(connection: Connection, options: Options, real_now: datetime) -> Finding:
    """Whether each row has its file, and each older file its row."""
    folder = BlobFolder(options.evidence_dir)
    named, held = evidence.named_digests(connection), folder.digests()
    lost, unnamed = sorted(named - held), held - named
    left = folder.abandoned(unnamed, real_now - LATEST_CLEANING)
    return Finding(say("Evidence"), not (lost or left), _of_evidence(len(named), lost, left))


def _of_evidence(named: int, lost: list[str], left: list[str]) -> Sentence:
    if lost:
        return say(
            "Files that rows name and the data folder lacks: {count} ({names}). Bring the folder "
            "`evidence` back from a backup.",
            count=len(lost), names=_some(lost),
        )  # fmt: skip
    if left:
        return say(
            "Files that no row names any more: {count}. The scheduler removes them once a day: see "
            "that it runs and may write in the data folder.",
            count=len(left),
        )
    return say("Each of the files that rows name is there: {count}.", count=named)


def _some(digests: list[str]) -> str:
    more = "" if len(digests) <= MOST_NAMED else ", …"
    return ", ".join(one[:12] for one in digests[:MOST_NAMED]) + more


def backup_finding(options: Options, real_now: datetime) -> Finding:
    """Whether there is a backup, and how old the newest is."""
    subject, folder = say("Backup"), options.backup_dir
    if folder is None:
        if options.demo:
            return Finding(subject, True, say("Example data need none."))
        words = say("Nobody said where backups are put: set TINDAK_BACKUP_DIR to that folder.")
        return Finding(subject, False, words)
    newest = _newest(folder)
    if newest is None:
        return Finding(subject, False, say("There is no backup in {folder}.", folder=str(folder)))
    age = max(real_now - newest, timedelta(0))
    words = say("The newest in {folder} is {age} old.", folder=str(folder), age=span(age))
    return Finding(subject, age < LATEST_BACKUP, words)


def _newest(folder: Path) -> datetime | None:
    """When something with content was last put into a folder."""
    if not folder.is_dir():
        return None
    found = [one.stat() for one in folder.iterdir() if one.is_dir() or one.stat().st_size]
    return max((datetime.fromtimestamp(one.st_mtime, UTC) for one in found), default=None)
