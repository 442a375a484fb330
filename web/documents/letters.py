"""A reminder letter as a document, from the reading of its page."""

from __future__ import annotations

from processes.documents import values
from processes.papers.reminder_letters import Found
from web.documents.writer import Writer


def reminder_letter(write: Writer, found: Found) -> values.ReminderLetter:
    """The letter to sign, in Indonesian."""
    sheet = found.sheet
    return values.ReminderLetter(
        title=f"{sheet.subject} – {found.recommendation.number}",
        number=sheet.number,
        classification=write.highest([found.recommendation.classification]),
        printed=write.printed,
        day=sheet.day,
        urgency=sheet.urgency,
        subject=sheet.subject,
        addressee=sheet.addressee,
        paragraphs=sheet.paragraphs,
        signatory=sheet.signatory,
        copies=sheet.copies,
    )
