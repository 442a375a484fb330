"""The letters and the minutes of a rakor as documents, from the reading of its page.

Both are in Indonesian, whoever prints them.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.sentences.sentence import say
from processes.documents import values
from processes.meetings.invitations import Letter
from processes.meetings.meetings import Detail
from processes.papers.reminder_letter_text import TO_BE_NUMBERED
from processes.storage.meetings.agreement_lists import ListedAgreement
from processes.storage.meetings.meeting_rows import Invited, Meeting
from processes.storage.meetings.session_rows import Said
from processes.storage.meetings.sheet_rows import SheetRow
from web.documents.reports import paragraphs
from web.documents.spoken import manner
from web.documents.writer import Writer
from web.words import labels

SIGNATORY = "Pejabat yang menandatangani"


def invitation(write: Writer, found: Letter) -> values.Invitation:
    """The letter to one institution."""
    case, to = found.case, found.to
    about = f"tentang {case.title}"
    return values.Invitation(
        title=f"Undangan {case.number or ''} – {to.short_name}",
        number=to.letter_number or TO_BE_NUMBERED,
        classification=write.highest([case.classification]),
        printed=write.printed,
        day=_day(write, found),
        subject=f"Undangan rapat koordinasi {about}",
        addressee=["Pimpinan", to.name, "di tempat"],
        paragraphs=[
            f"Dengan hormat kami mengundang {to.name} menghadiri rapat koordinasi {about}, yang "
            "akan diselenggarakan pada:"
        ],
        held_on=_held_on(write, case),
        place=case.place or "",
        chair=case.chair or "",
        agenda=paragraphs(case.agenda or ""),
        closing=[
            "Kami mohon posisi setiap tindak lanjut pada lampiran diisi paling lambat sehari "
            "sebelum rapat.",
            "Atas perhatian dan kehadiran Saudara, kami ucapkan terima kasih.",
        ],
        signatory=SIGNATORY,
        matters=[_matter(write, row) for row in found.rows],
    )


def _day(write: Writer, found: Letter) -> str:
    sent = found.to.sent_at
    return write.formats.long_day(sent) if sent else TO_BE_NUMBERED


def _held_on(write: Writer, case: Meeting) -> str:
    day = write.formats.long_day(case.held_on) if case.held_on else ""
    return ", ".join(one for one in (day, case.hour) if one)


def _matter(write: Writer, row: SheetRow) -> values.InvitedMatter:
    percent = "" if row.percent is None else write.formats.percent(row.percent)
    return values.InvitedMatter(
        recommendation=row.number or "",
        title=row.title,
        state=write(row.status.sentence),
        deadline=write.formats.day(row.deadline),
        progress=" ".join(one for one in (percent, row.narrative) if one),
    )


def minutes(write: Writer, found: Detail, settled: Sequence[ListedAgreement]) -> values.Minutes:
    """The minutes, as they stand now."""
    case = found.case
    return values.Minutes(
        title=f"Notula {case.number or ''} – {case.title}",
        number=case.number or "",
        classification=write.highest([case.classification]),
        printed=write.printed,
        subject=case.title,
        held_on=_held_on(write, case),
        place=case.place or "",
        chair=case.chair or "",
        agenda=paragraphs(case.agenda or ""),
        guests=paragraphs(case.guests or ""),
        attendance=paragraphs(case.attendance or ""),
        present=[_present(write, one) for one in found.invited],
        minutes=paragraphs(case.minutes or ""),
        said=[_said(write, one) for one in found.said],
        settled=[_settled(write, one) for one in settled],
        signatory=case.chair or SIGNATORY,
        fingerprint=found.fingerprint,
    )


def _present(write: Writer, one: Invited) -> values.AttendanceRow:
    came = write(labels.ATTENDED[one.attendance]) if one.attendance else ""
    return values.AttendanceRow(one.short_name, came, one.attended_by or "")


def _said(write: Writer, one: Said) -> values.SaidRow:
    return values.SaidRow(
        institution=one.name,
        recommendation=" – ".join(part for part in (one.number, one.title) if part),
        text=one.text,
        said_by=one.said_by,
        manner=manner(write, one.name, on_behalf=one.on_behalf),
    )


def _settled(write: Writer, one: ListedAgreement) -> values.SettledRow:
    owed = one.found
    holder = one.holder_name or (write(say("Coordinator")) if owed.holder else "")
    return values.SettledRow(
        number=str(owed.number),
        kind=write(owed.kind.sentence),
        text=owed.text,
        holder=holder,
        deadline=write.formats.day(owed.deadline) if owed.deadline else "",
    )
