"""A report and its receipt as documents: the values of both, read as the page of the receipt is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from engine.sentences.sentence import Sentence, say
from processes.cases.follow_up.receipts import Receipt
from processes.documents import values
from processes.storage.tables.reports import Report
from web.documents.writer import ABOVE, Writer
from web.words import labels, people_names

DRAFT = say("Draft: not handed in yet")
TAKEN_BACK = say("Taken back: it does not count any more")


def report(
    write: Writer,
    told: Report,
    *,
    institution: str,
    recommendation: str,
    secrecy: Iterable[str],
    files: Sequence[values.File],
) -> values.Report:
    """A report, handed in or not yet. `secrecy`: the classifications on it besides its own."""
    return values.Report(
        title=f"{write(say('Official written report'))} – {told.letter_number}",
        number=told.receipt_number or told.letter_number,
        classification=write.highest([told.classification, *secrecy]),
        printed=write.printed,
        state=write(_state(told)) if _state(told) else "",
        institution=institution,
        recommendation=recommendation,
        letter=told.letter_number,
        letter_date=write.formats.day(told.letter_date),
        urgency=write(labels.URGENCIES[told.urgency]),
        subject=told.subject,
        claimed=write.verdict(told.claimed_status),
        summary=paragraphs(told.summary),
        files=files,
        signatory=told.signatory,
        receipt=told.receipt_number or "",
    )


def _state(told: Report) -> Sentence | str:
    if told.receipt_number is None:
        return DRAFT
    return TAKEN_BACK if told.replaced_at else ""


def of_receipt(write: Writer, found: Receipt) -> values.Report | None:
    """The report behind a receipt; None if it lies above the reader's clearance."""
    if found.report is None:
        return None
    return report(
        write,
        found.report,
        institution=found.institution,
        recommendation=_about(found),
        secrecy=[found.recommendation.classification],
        files=write.files(found.evidence),
    )


def receipt(write: Writer, found: Receipt) -> values.Receipt:
    """A receipt, with what its reader may know of the report."""
    told, formats = found.report, write.formats
    return values.Receipt(
        title=f"{write(say('Receipt'))} {found.handed.receipt_number}",
        number=found.handed.receipt_number or "",
        classification=write.highest(_secrecy(found)),
        printed=write.printed,
        notes=_notes(write, found),
        received=f"{formats.long_day(found.handed.at)}, {formats.time(found.handed.at)}",
        received_by=receiver(write, found),
        institution=found.institution,
        sender=people_names.name_of(found.handed.by),
        recommendation=_about(found),
        letter=write.letter(told.letter_number, told.letter_date) if told else "",
        urgency=write(labels.URGENCIES[told.urgency]) if told else "",
        subject=told.subject if told else "",
        signatory=told.signatory if told else "",
        claimed=write.verdict(told.claimed_status) if told else "",
        files=write.files(found.evidence),
        fingerprint=found.fingerprint or "",
        address=f"{write.base_url}/receipts/{found.handed.receipt_number}",
    )


def receiver(write: Writer, found: Receipt) -> str:
    """Who receives reports on this recommendation."""
    names = people_names.look_up([found.handed.by or "", found.recommendation.created_by or ""])
    name = names[found.recommendation.created_by or ""]
    return write(say("Tindak, on behalf of {name}", name=name)) if name else "Tindak"


def _about(found: Receipt) -> str:
    return f"{found.recommendation.number} – {found.recommendation.title}"


def _secrecy(found: Receipt) -> list[str]:
    own = [found.report.classification] if found.report else []
    return [*own, found.recommendation.classification]


def _notes(write: Writer, found: Receipt) -> list[str]:
    notes = []
    if found.handed.replaced_at:
        words = write.gettext("Taken back on %(when)s: it does not count any more.")
        notes.append(words % {"when": write.formats.moment(found.handed.replaced_at)})
    if found.report is None:
        notes.append(write(ABOVE))
    return notes


def paragraphs(text: str) -> list[str]:
    """A text of several lines as paragraphs, without empty ones."""
    return [line for line in (one.strip() for one in text.splitlines()) if line]
