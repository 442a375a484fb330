"""A report on progress and its receipt as documents: the values of both, as their page shows
them."""

from __future__ import annotations

from engine.sentences.sentence import say
from processes.documents import values
from processes.written_report.progress_receipts import LetterReceipt
from web.documents.reports import paragraphs
from web.documents.writer import ABOVE, Writer
from web.gate.visitor import options
from web.words import labels, people_names


def report(write: Writer, found: LetterReceipt) -> values.Report | None:
    """The letter; None if it lies above the reader's clearance."""
    if not found.readable:
        return None
    told = found.letter
    return values.Report(
        title=f"{write(say('Official written report on progress'))} – {told.letter_number}",
        number=told.receipt_number or "",
        classification=write.highest([told.classification, found.request.classification]),
        printed=write.printed,
        state="",
        institution=found.institution,
        recommendation=_about(found),
        letter=told.letter_number,
        letter_date=write.formats.day(told.letter_date),
        urgency=write(labels.URGENCIES[told.urgency]),
        subject=told.subject,
        claimed=_claimed(write, found),
        summary=_summary(write, found),
        files=write.files(found.files),
        signatory=told.signatory,
        receipt=told.receipt_number or "",
    )


def _summary(write: Writer, found: LetterReceipt) -> list[str]:
    said: list[str] = []
    for one in found.about:
        case = f"{one.case.number} – {one.case.title}"
        said.append(f"{case}: {write.formats.percent(one.answer.percent)}")
        said += paragraphs(one.answer.narrative)
        if one.answer.obstacles:
            said += paragraphs(f"{write(say('Obstacles'))}: {one.answer.obstacles}")
    return said


def receipt(write: Writer, found: LetterReceipt) -> values.Receipt:
    """The receipt, with what its reader may know of the letter."""
    told, formats = found.letter, write.formats
    shown = found.readable
    people_names.look_up([told.by or ""])
    came = told.handed_in_at or told.at
    return values.Receipt(
        title=f"{write(say('Receipt'))} {told.receipt_number}",
        number=told.receipt_number or "",
        classification=write.highest(
            [found.request.classification, *([told.classification] if shown else [])]
        ),
        printed=write.printed,
        notes=[] if shown else [write(ABOVE)],
        received=f"{formats.long_day(came)}, {formats.time(came)}",
        received_by="Tindak",
        institution=found.institution,
        sender=people_names.name_of(told.by),
        recommendation=_about(found) or f"{found.request.number} – {found.request.subject}",
        letter=write.letter(told.letter_number, told.letter_date) if shown else "",
        urgency=write(labels.URGENCIES[told.urgency]) if shown else "",
        subject=told.subject if shown else "",
        signatory=told.signatory if shown else "",
        claimed=_claimed(write, found),
        files=write.files(found.files),
        fingerprint=found.fingerprint or "",
        address=f"{options().base_url}/receipts/{told.receipt_number}",
    )


def _about(found: LetterReceipt) -> str:
    return "; ".join(f"{one.case.number} – {one.case.title}" for one in found.about)


def _claimed(write: Writer, found: LetterReceipt) -> str:
    return ", ".join(
        f"{one.case.number}: {write.formats.percent(one.answer.percent)}" for one in found.about
    )
