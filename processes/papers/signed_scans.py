"""The signed scan of a document, filed back and bound to what the document said.

Owns filing and reading it. A document is signed on paper; its scan bears the fingerprint of what
was signed, so that a page can say whether the document still says the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import Connection
from uuid_utils.compat import uuid7

from engine.sentences.errors import BadInput, Conflict, NotFound
from engine.sentences.sentence import say
from processes.acts.acting import Acting, act
from processes.cases.follow_up import receipts
from processes.cases.follow_up.follow_up_acts import locked
from processes.cases.follow_up.follow_ups import readable
from processes.meetings.meetings import readable as readable_meeting
from processes.papers import reminder_letters
from processes.papers.reminder_letter_text import fingerprint
from processes.rights import audit
from processes.rights.access import Scope
from processes.storage.cases import report_rows
from processes.storage.files import evidence
from processes.storage.files import signed_scans as table
from processes.storage.files.evidence import Upload
from processes.storage.files.signed_scans import Signable, SignedScan
from processes.storage.notices import reminder_letters as letter_rows

NOT_THERE: Final = say("There is no such thing, or it is not open to you.")
SCANS: Final = ("application/pdf", "image/jpeg", "image/png", "image/tiff")
"""Media types of what a scanner makes."""


@dataclass(frozen=True, slots=True)
class _Signed:
    """A document that was signed: its case, and the fingerprint of what it says now."""

    follow_up_id: UUID
    fingerprint: str


@act
def file_scan(act: Acting, document: Signable, about: UUID, upload_id: UUID) -> None:
    """File the scan of a signed letter or receipt. `about`: the letter, or the report of the
    receipt. Raises `BadInput` with the field `scan`, `Conflict` for a letter that was not marked as
    sent, `NotFound`, `Forbidden`."""
    locked(act, _case_of(act.connection, document, about))
    signed = _signed(act.connection, act.scope, document, about)
    upload = _scan(act, upload_id)
    row = SignedScan(
        uuid7(), signed.follow_up_id, document, about, signed.fingerprint,
        upload.sha256, upload.name, upload.type, upload.size, act.now, act.by,
    )  # fmt: skip
    table.add(act.connection, row)
    evidence.delete_uploads(act.connection, act.by, [upload_id])
    act.record("file_signed_scan", f"{document}:{about}", sha256=upload.sha256)


def _case_of(connection: Connection, document: Signable, about: UUID) -> UUID:
    find = letter_rows.find if document is Signable.REMINDER_LETTER else report_rows.by_id
    found = find(connection, about)
    if found is None:
        raise NotFound(NOT_THERE)
    return found.follow_up_id


def _signed(connection: Connection, scope: Scope, document: Signable, about: UUID) -> _Signed:
    """The document, for whoever may file its scan."""
    if document is Signable.REMINDER_LETTER:
        return _letter(connection, scope, about)
    return _receipt(connection, scope, about)


def _letter(connection: Connection, scope: Scope, id: UUID) -> _Signed:
    found = reminder_letters.one(connection, scope, id, "file_signed_scan")
    if found.letter.sent_at is None:
        raise Conflict(say("Mark the letter as sent first: its scan bears its number."))
    return _Signed(found.case.id, fingerprint(found.sheet))


def _receipt(connection: Connection, scope: Scope, id: UUID) -> _Signed:
    report = report_rows.by_id(connection, id)
    if report is None or report.receipt_number is None:
        raise NotFound(NOT_THERE)
    readable(connection, scope, report.follow_up_id, "file_signed_scan")
    receipt = receipts.receipt(connection, scope, report.receipt_number)
    if receipt.fingerprint is None:
        raise NotFound(NOT_THERE)
    return _Signed(report.follow_up_id, receipt.fingerprint)


def _scan(act: Acting, upload_id: UUID) -> Upload:
    found = evidence.uploads(act.connection, act.by, [upload_id])
    if not found:
        again = say("A file is no longer kept. Please attach it again.")
        raise BadInput(again, {"scan": again})
    if found[0].type not in SCANS:
        wrong = say("A scan is a PDF or an image.")
        raise BadInput(wrong, {"scan": wrong})
    return found[0]


@act
def read(act: Acting, id: UUID, *, address: str) -> SignedScan:
    """The facts of a scan that the user is about to read; the read is recorded in the audit. Raises
    `NotFound`, `Forbidden` as the page of the document does."""
    row = table.by_id(act.connection, id)
    if row is None:
        raise NotFound(NOT_THERE)
    if row.document == Signable.MINUTES:
        readable_meeting(act.connection, act.scope, row.about)
    elif row.document == Signable.REMINDER_LETTER:
        reminder_letters.one(act.connection, act.scope, row.about)
    elif _above(act.connection, act.scope, row):
        raise NotFound(NOT_THERE)
    details = {"sha256": row.sha256, "about": str(row.about)}
    if row.follow_up_id is not None:
        details["follow_up"] = str(row.follow_up_id)
    audit.record(
        act.connection, act.by, "read_signed_scan", f"signed_scan:{id}", now=act.now,
        address=address, details=details,
    )  # fmt: skip
    return row


def of_document(connection: Connection, about: UUID) -> Sequence[SignedScan]:
    """The scans of a document, oldest first. The caller has checked that the reader may read it."""
    return table.of_document(connection, about)


def _above(connection: Connection, scope: Scope, row: SignedScan) -> bool:
    """Whether the report of this receipt lies above the reader's clearance; raises where the reader
    does not read the case at all."""
    assert row.follow_up_id is not None, "a receipt is of a follow-up"
    readable(connection, scope, row.follow_up_id)
    report = report_rows.by_id(connection, row.about)
    return report is None or report.classification not in scope.cleared_for
