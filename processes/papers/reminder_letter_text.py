"""The text of a reminder letter to an institution, in the form of letters between ministries.

Pure: facts go in, the parts of the sheet come out. Always in Indonesian, whatever language its
reader uses, because it is the letter itself and no page about it; so no catalogue has its text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256
from typing import Final

from babel.dates import format_date

SIGNATORIES: Final[Mapping[str, str]] = {
    "asdep": "Asisten Deputi",
    "deputi": "Deputi",
    "menko": "Menteri Koordinator",
}
ADDRESSEES: Final[Mapping[str, str]] = {
    "asdep": "Direktur/Kepala Biro yang membidangi",
    "deputi": "Sekretaris Jenderal/Direktur Jenderal yang membidangi",
    "menko": "Menteri/Pimpinan",
}
"""Rank of the signatory -> the addressee: a letter goes between equals."""
COPIES: Final[Mapping[str, Sequence[str]]] = {
    "asdep": ("Deputi",),
    "deputi": ("Menteri Koordinator",),
    "menko": (),
}
"""Rank of the signatory -> who is sent a copy (tembusan): the one above, as a report."""
URGENCY: Final = "Segera"
SUBJECT: Final = "Pengingat tindak lanjut rekomendasi kebijakan"
TO_BE_NUMBERED: Final = "........................"
"""Left empty for the registry, which numbers and dates signed letters."""


@dataclass(frozen=True, slots=True)
class Issued:
    """The letter with which a recommendation was issued."""

    number: str
    day: date


@dataclass(frozen=True, slots=True)
class Matter:
    """The subject of the reminder. `before`: number and date of the last reminder."""

    recommendation: str
    title: str
    institution: str
    issued: Issued | None
    task_name: str
    due: date
    overdue: int
    drafted_on: date
    before: Issued | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """The letter in its parts."""

    number: str
    day: str
    urgency: str
    subject: str
    addressee: Sequence[str]
    paragraphs: Sequence[str]
    signatory: str
    copies: Sequence[str]


def sheet(matter: Matter, signatory: str, sent: Issued | None = None) -> Sheet:
    """The letter; number and date stay open until it was `sent`."""
    return Sheet(
        number=sent.number if sent else TO_BE_NUMBERED,
        day=_long(sent.day) if sent else TO_BE_NUMBERED,
        urgency=URGENCY,
        subject=SUBJECT,
        addressee=(ADDRESSEES[signatory], matter.institution, "di tempat"),
        paragraphs=tuple(_paragraphs(matter)),
        signatory=SIGNATORIES[signatory],
        copies=COPIES[signatory],
    )


def fingerprint(sheet: Sheet) -> str:
    """SHA-256 of what a letter says."""
    return sha256(json.dumps(asdict(sheet), ensure_ascii=False).encode()).hexdigest()


def _paragraphs(matter: Matter) -> list[str]:
    return [
        f"Sehubungan dengan rekomendasi kebijakan Nomor {matter.recommendation} tentang "
        f"{matter.title}{_reference(matter)}, dengan hormat kami sampaikan bahwa penyelesaian "
        f"tahap “{matter.task_name}” oleh {matter.institution} belum kami terima.",
        f"Batas waktu tahap tersebut adalah {_long(matter.due)}. Sampai dengan "
        f"{_long(matter.drafted_on)} batas waktu itu telah terlampaui {matter.overdue} hari kerja.",
        *_reminded_before(matter.before),
        f"Berkenaan dengan hal tersebut, kami mohon {matter.institution} menyelesaikan tahap "
        "dimaksud pada kesempatan pertama. Apabila terdapat kendala, kami mohon kendala itu "
        "diberitahukan secara tertulis, termasuk permohonan perpanjangan batas waktu bila "
        "diperlukan.",
        "Atas perhatian dan kerja sama Saudara, kami ucapkan terima kasih.",
    ]


def _reference(matter: Matter) -> str:
    if matter.issued is None:
        return ""
    return (
        f", yang kami sampaikan dengan surat Nomor {matter.issued.number} "
        f"tanggal {_long(matter.issued.day)}"
    )


def _reminded_before(before: Issued | None) -> list[str]:
    if before is None:
        return []
    return [f"Surat ini menyusul surat kami Nomor {before.number} tanggal {_long(before.day)}."]


def _long(day: date) -> str:
    return format_date(day, "d MMMM y", locale="id")
