"""The receipt of a report: proof that it was handed in, for every reader of the case.

Owns what a receipt says to whom: a report above the reader's clearance is named by number and date
only, and one that was taken back by what replaced it. Changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from sqlalchemy import Connection

from engine.sentences.errors import NotFound
from engine.sentences.sentence import say
from processes.cases.follow_up.follow_ups import readable
from processes.cases.written import Handed, handed_of
from processes.rights.access import Scope
from processes.storage.cases import report_rows
from processes.storage.cases.follow_up_rows import FollowUp
from processes.storage.cases.recommendation_rows import Recommendation
from processes.storage.files import evidence
from processes.storage.files.evidence import Evidence
from processes.storage.people import institutions, successions
from processes.storage.tables.reports import Report


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof that a report was handed in, with its files where the reader may read it.
    `institution`: full name of its sender; `successor`: the report that replaced it;
    `relations`: of the reader to the case."""

    handed: Handed
    case: FollowUp
    recommendation: Recommendation
    evidence: Sequence[Evidence]
    institution: str
    successor: Report | None
    relations: frozenset[str]

    @property
    def report(self) -> Report | None:
        """What it says, for whoever may read it."""
        return self.handed.report

    @property
    def fingerprint(self) -> str | None:
        """SHA-256 of what was handed in, texts and files: the same on this page and on every
        printed receipt. None for whoever may not read it."""
        return None if self.report is None else _fingerprint(self.report, self.evidence)


HASHED: Final = (
    "receipt_number",
    "letter_number",
    "letter_date",
    "urgency",
    "classification",
    "subject",
    "signatory",
    "summary",
    "claimed_status",
)
"""What the fingerprint is made of, besides the digests of the files. Never changes: printed
receipts bear it."""


def _fingerprint(report: Report, files: Sequence[Evidence]) -> str:
    told = [str(getattr(report, name)) for name in HASHED]
    whole = [*told, *sorted(one.sha256 for one in files)]
    return sha256(json.dumps(whole, ensure_ascii=False).encode()).hexdigest()


def receipt(connection: Connection, scope: Scope, number: str) -> Receipt:
    """A receipt by its number, for whoever reads the case. Raises `NotFound`."""
    report = report_rows.by_receipt(connection, number)
    if report is None:
        raise NotFound(say("There is no such thing, or it is not open to you."))
    case, recommendation, relations = readable(connection, scope, report.follow_up_id)
    mine = [one for one in evidence.evidence_of(connection, case.id) if one.report_id == report.id]
    handed = handed_of(report, scope, mine, judged=report_rows.is_evaluated(connection, report.id))
    code = successions.holder_at(connection, case.id, case.institution, handed.at)
    sender = institutions.by_code(connection, code)
    return Receipt(
        handed,
        case,
        recommendation,
        mine if handed.report else [],
        sender.name if sender else code,
        report_rows.after(connection, report) if report.replaced_at else None,
        relations,
    )
