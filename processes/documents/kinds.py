"""The kinds of documents: the values of each, and its layout.

Owns the one list. A further kind is a class in `values`, a row here and a function in
`web.documents` that fills it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from engine.sentences.sentence import Sentence, say
from processes.documents.layout import (
    Contents,
    Each,
    Facts,
    Field,
    Grid,
    Part,
    Signature,
    Words,
)
from processes.documents.values import (
    Compilation,
    InventorySheet,
    Invitation,
    Minutes,
    Receipt,
    ReminderLetter,
    Report,
    Sheet,
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document. `languages`: those it is written in; a letter between institutions is
    always in Indonesian. `landscape`: its tables are broad, so the paper lies on its side."""

    key: str
    name: Sentence
    values: type[Sheet]
    parts: tuple[Part, ...]
    languages: tuple[str, ...] = ("id", "en")
    landscape: bool = False


FILES: Final = Grid(
    "files",
    "file",
    ((say("Name"), "file.name"), (say("Size"), "file.size"), ("SHA-256", "file.sha256")),
    wide=2,
)

REPORT: Final = Kind(
    "report",
    say("Official written report"),
    Report,
    (
        Words(say("Official written report"), "title"),
        Field("state", "small"),
        Facts(
            (
                (say("Institution"), "institution"),
                (say("Letter number"), "letter"),
                (say("Letter date"), "letter_date"),
                (say("Urgency"), "urgency"),
                (say("Security classification"), "classification"),
                (say("Subject"), "subject"),
                (say("Recommendation"), "recommendation"),
                (say("Claimed by the K/L"), "claimed"),
                (say("Receipt"), "receipt"),
            )
        ),
        Words(say("Summary"), "heading", when="summary"),
        Each("summary", "paragraph", (Field("paragraph"),)),
        Words(say("Evidence"), "heading", when="files"),
        FILES,
        Signature("signatory"),
    ),
)

RECEIPT: Final = Kind(
    "receipt",
    say("Receipt"),
    Receipt,
    (
        Words(say("Receipt"), "title"),
        Words(say("The official written report below was handed in and received.")),
        Each("notes", "note", (Field("note"),)),
        Facts(
            (
                (say("Number"), "number"),
                (say("Received"), "received"),
                (say("Received by"), "received_by"),
                (say("From"), "institution"),
                (say("Handed in by"), "sender"),
                (say("Recommendation"), "recommendation"),
                (say("Letter"), "letter"),
                (say("Urgency"), "urgency"),
                (say("Security classification"), "classification"),
                (say("Subject"), "subject"),
                (say("Signatory"), "signatory"),
                (say("Claimed by the K/L"), "claimed"),
            )
        ),
        Words(say("Files"), "heading", when="files"),
        FILES,
        Words(say("Verification"), "heading"),
        Words(
            say(
                "The page of this receipt shows the same fingerprint. Where it differs, this sheet "
                "is not what was handed in."
            )
        ),
        Facts(((say("Fingerprint"), "fingerprint"), (say("Page"), "address"))),
    ),
)

REMINDER_LETTER: Final = Kind(
    "reminder_letter",
    say("Reminder letter"),
    ReminderLetter,
    (
        Facts(
            (
                ("Nomor", "number"),
                ("Tanggal", "day"),
                ("Sifat", "urgency"),
                ("Klasifikasi", "classification"),
                ("Hal", "subject"),
            )
        ),
        Words("Yth."),
        Each("addressee", "line", (Field("line"),)),
        Each("paragraphs", "paragraph", (Field("paragraph"),)),
        Signature("signatory"),
        Words("Tembusan:", when="copies"),
        Each("copies", "copy", (Field("copy"),)),
    ),
    languages=("id",),
)

INVITATION: Final = Kind(
    "invitation",
    say("Letter of invitation"),
    Invitation,
    (
        Facts(
            (
                ("Nomor", "number"),
                ("Tanggal", "day"),
                ("Klasifikasi", "classification"),
                ("Hal", "subject"),
            )
        ),
        Words("Yth."),
        Each("addressee", "line", (Field("line"),)),
        Each("paragraphs", "paragraph", (Field("paragraph"),)),
        Facts((("Hari", "held_on"), ("Tempat", "place"), ("Pimpinan rapat", "chair"))),
        Words("Acara:", when="agenda"),
        Each("agenda", "item", (Field("item"),)),
        Each("closing", "paragraph", (Field("paragraph"),)),
        Signature("signatory"),
        Words("Lampiran: posisi tindak lanjut", "heading", when="matters"),
        Grid(
            "matters",
            "matter",
            (
                ("Rekomendasi", "matter.recommendation"),
                ("Judul", "matter.title"),
                ("Tahap", "matter.state"),
                ("Tenggat", "matter.deadline"),
                ("Kemajuan terakhir", "matter.progress"),
            ),
            wide=4,
        ),
    ),
    languages=("id",),
)

INVENTORY_SHEET: Final = Kind(
    "inventory_sheet",
    say("Inventory sheet"),
    InventorySheet,
    (
        Words(say("Inventory sheet"), "title"),
        Field("subject"),
        Each("selection", "choice", (Field("choice", "small"),)),
        Facts(
            (
                (say("Held on"), "held_on"),
                (say("The last rakor"), "last"),
                (say("Follow-ups in all"), "all"),
                (say("Not finished"), "open"),
                (say("Overdue"), "late"),
                (say("Changed since the last rakor"), "changed"),
                (say("Without a position"), "silent"),
            )
        ),
        Words(say("Changed since the last rakor"), "heading", when="changes"),
        Grid(
            "changes",
            "row",
            (
                (say("Institution"), "row.institution"),
                (say("Recommendation"), "row.recommendation"),
                (say("At the last rakor"), "row.then"),
                (say("Now"), "row.now"),
            ),
            wide=1,
        ),
        Words(say("Where the institutions stand"), "heading", when="rows"),
        Grid(
            "rows",
            "row",
            (
                (say("Institution"), "row.institution"),
                (say("Recommendation"), "row.recommendation"),
                (say("Stage"), "row.state"),
                (say("Deadline"), "row.deadline"),
                (say("Plan"), "row.plan"),
                (say("Last progress"), "row.progress"),
                (say("Position"), "row.position"),
                (say("At the last rakor"), "row.then"),
            ),
            wide=6,
        ),
    ),
    landscape=True,
)

MINUTES: Final = Kind(
    "minutes",
    say("Minutes"),
    Minutes,
    (
        Words("Notula", "title"),
        Facts(
            (
                ("Nomor", "number"),
                ("Rakor", "subject"),
                ("Hari", "held_on"),
                ("Tempat", "place"),
                ("Pimpinan rapat", "chair"),
            )
        ),
        Words("Acara", "heading", when="agenda"),
        Each("agenda", "item", (Field("item"),)),
        Words("Kehadiran", "heading", when="attendance"),
        Each("attendance", "paragraph", (Field("paragraph"),)),
        Grid(
            "present",
            "one",
            (
                ("Instansi", "one.institution"),
                ("Kehadiran", "one.attendance"),
                ("Nama dan jabatan", "one.attended_by"),
            ),
            wide=2,
        ),
        Words("Tamu:", when="guests"),
        Each("guests", "guest", (Field("guest"),)),
        Words("Jalannya rapat", "heading", when="minutes"),
        Each("minutes", "paragraph", (Field("paragraph"),)),
        Words("Pernyataan lisan", "heading", when="said"),
        Grid(
            "said",
            "one",
            (
                ("Instansi", "one.institution"),
                ("Rekomendasi", "one.recommendation"),
                ("Pernyataan", "one.text"),
                ("Disampaikan oleh", "one.said_by"),
                ("Cara", "one.manner"),
            ),
            wide=2,
        ),
        Words("Kesepakatan dan arahan", "heading", when="settled"),
        Grid(
            "settled",
            "one",
            (
                ("Nomor", "one.number"),
                ("Jenis", "one.kind"),
                ("Isi", "one.text"),
                ("Penanggung jawab", "one.holder"),
                ("Tenggat", "one.deadline"),
            ),
            wide=2,
        ),
        Signature("signatory"),
        Facts((("Sidik jari", "fingerprint"),)),
    ),
    languages=("id",),
)

REPORT_IN_SHORT: Final = (
    Field("report.subject", "minor"),
    Field("report.state", "small"),
    Facts(
        (
            (say("Receipt"), "report.receipt"),
            (say("Letter"), "report.letter"),
            (say("Urgency"), "report.urgency"),
            (say("Security classification"), "report.classification"),
            (say("Signatory"), "report.signatory"),
            (say("Claimed by the K/L"), "report.claimed"),
        )
    ),
    Each("report.summary", "paragraph", (Field("paragraph"),)),
    Each("report.findings", "finding", (Field("finding"),)),
)
CHAPTER: Final = (
    Field("chapter.institution", "subheading"),
    Field("chapter.role", "small"),
    Field("chapter.nothing"),
    Each("chapter.reports", "report", REPORT_IN_SHORT),
    Each("chapter.progress", "paragraph", (Field("paragraph"),)),
    Words(say("Oral statements"), "minor", when="chapter.statements"),
    Each("chapter.statements", "statement", (Field("statement"),)),
)
CASE: Final = (
    Field("case.name", "heading"),
    Facts(
        (
            (say("Issued"), "case.issued"),
            (say("Deadline"), "case.deadline"),
            (say("Security classification"), "case.classification"),
            (say("From the meeting"), "case.meeting"),
            (say("Legal basis"), "case.legal_basis"),
            (say("RPJMN reference"), "case.plan"),
            (say("How far it is"), "case.rollup"),
        )
    ),
    Each("case.text", "paragraph", (Field("paragraph"),)),
    Words(say("Expected outcome"), "subheading", when="case.outcome"),
    Each("case.outcome", "paragraph", (Field("paragraph"),)),
    Each("case.chapters", "chapter", CHAPTER),
    Words(say("Rakor"), "subheading", when="case.meetings"),
    Each("case.meetings", "meeting", (Field("meeting"),)),
    Words(say("Overall evaluation"), "subheading", when="case.evaluations"),
    Each("case.evaluations", "evaluation", (Field("evaluation"),)),
)
COMPILATION: Final = Kind(
    "compilation",
    say("Compilation of reports"),
    Compilation,
    (
        Words(say("Compilation of reports"), "title"),
        Field("about"),
        Each("selection", "choice", (Field("choice", "small"),)),
        Facts(((say("As of"), "as_of"), (say("Security classification"), "classification"))),
        Contents(say("Contents")),
        Words(say("Where the institutions stand"), "heading", when="positions"),
        Grid(
            "positions",
            "position",
            (
                (say("Recommendation"), "position.recommendation"),
                (say("Institution"), "position.institution"),
                (say("Role"), "position.role"),
                (say("Status"), "position.state"),
                (say("Deadline"), "position.deadline"),
                (say("Claimed by the K/L"), "position.claimed"),
                (say("Found by the coordinator"), "position.found"),
            ),
            wide=3,
        ),
        Each("cases", "case", CASE),
        Words(say("Evidence"), "heading", when="evidence"),
        Grid(
            "evidence",
            "file",
            (
                (say("Recommendation"), "file.recommendation"),
                (say("Institution"), "file.institution"),
                (say("Receipt"), "file.receipt"),
                (say("Name"), "file.name"),
                ("SHA-256", "file.sha256"),
            ),
            wide=4,
        ),
    ),
)

KINDS: Final[Mapping[str, Kind]] = {
    kind.key: kind
    for kind in (
        REPORT,
        RECEIPT,
        REMINDER_LETTER,
        INVITATION,
        INVENTORY_SHEET,
        MINUTES,
        COMPILATION,
    )
}
