"""The receipt of a report on progress: one letter, and what it says of each recommendation.

Owns what it says to whom: a letter above the reader's clearance is named by number and date only.
Changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Final

from sqlalchemy import Connection

from processes.rights.access import Scope, may, relations_to_case
from processes.storage.files import evidence
from processes.storage.files.evidence import Evidence
from processes.storage.people import institutions
from processes.storage.written_report import request_rows, written_report_rows
from processes.storage.written_report.request_rows import AskedCase, ReportRequest
from processes.storage.written_report.written_report_rows import WrittenAnswer, WrittenReport


@dataclass(frozen=True, slots=True)
class AboutCase:
    """What the letter says of one recommendation, with its files."""

    case: AskedCase
    answer: WrittenAnswer
    files: Sequence[Evidence]


@dataclass(frozen=True, slots=True)
class LetterReceipt:
    """Proof that a letter was handed in. `institution`: full name of its sender; `readable`:
    whether the reader may read what it says; if not, it is about nothing here."""

    letter: WrittenReport
    request: ReportRequest
    institution: str
    about: Sequence[AboutCase]
    readable: bool

    @property
    def files(self) -> Sequence[Evidence]:
        """Each file once: the letter itself lies with every recommendation it is about."""
        return list({one.sha256: one for said in self.about for one in said.files}.values())

    @property
    def fingerprint(self) -> str | None:
        """SHA-256 of what was handed in, texts and files. None for whoever may not read it."""
        return _fingerprint(self) if self.readable else None


HASHED: Final = (
    "receipt_number",
    "letter_number",
    "letter_date",
    "urgency",
    "classification",
    "subject",
    "signatory",
)
SAID: Final = ("follow_up_id", "percent", "narrative", "obstacles")
"""What the fingerprint is made of, besides the digests of the files. Never changes: printed
receipts bear it."""


def _fingerprint(found: LetterReceipt) -> str:
    told = [str(getattr(found.letter, name)) for name in HASHED]
    told += [str(getattr(one.answer, name)) for one in found.about for name in SAID]
    whole = [*told, *sorted(one.sha256 for one in found.files)]
    return sha256(json.dumps(whole, ensure_ascii=False).encode()).hexdigest()


def receipt(connection: Connection, scope: Scope, number: str) -> LetterReceipt | None:
    """A receipt by its number, for whoever reads the request; None if no report on progress has it.
    Raises `NotFound`."""
    letter = written_report_rows.by_receipt(connection, number)
    if letter is None:
        return None
    part = request_rows.part(connection, letter.part_id)
    request = request_rows.find(connection, part.request_id) if part else None
    assert part is not None and request is not None, "a letter answers a part of a request"
    relations = relations_to_case(scope, [part.institution], part.classification)
    may(scope, "read_request", relations)
    sender = institutions.by_code(connection, letter.institution)
    readable = letter.classification in scope.cleared_for
    name = sender.name if sender else letter.institution
    asked = request_rows.cases(connection, letter.part_id) if readable else []
    said = about(connection, letter, asked) if readable else []
    own = replace(request, classification=part.classification)
    return LetterReceipt(letter, own, name, said, readable)


def about(
    connection: Connection, letter: WrittenReport, asked: Sequence[AskedCase]
) -> list[AboutCase]:
    """What a letter says of each recommendation, for whoever may read it. `asked`: the cases of its
    part."""
    cases = {one.follow_up_id: one for one in asked}
    said = written_report_rows.answers(connection, letter.id)
    files = evidence.of_answers(connection, [one.id for one in said])
    return [
        AboutCase(
            cases[one.follow_up_id], one, [file for file in files if file.answer_id == one.id]
        )
        for one in said
    ]
