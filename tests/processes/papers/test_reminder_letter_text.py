"""What a reminder letter says, word by word: it is signed as it stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Final

import pytest

from processes.papers.reminder_letter_text import (
    ADDRESSEES,
    SIGNATORIES,
    TO_BE_NUMBERED,
    Issued,
    Matter,
    sheet,
)
from processes.storage.tables.people import RANKS

MATTER: Final = Matter(
    recommendation="REK-2026-0001",
    title="Percepat kapasitas industri pertahanan",
    institution="Kementerian Pertahanan",
    issued=Issued("R-1/2026", date(2026, 1, 5)),
    task_name="Susun rencana aksi",
    due=date(2026, 1, 20),
    overdue=3,
    drafted_on=date(2026, 1, 23),
)
WHOLE: Final = (
    "Sehubungan dengan rekomendasi kebijakan Nomor REK-2026-0001 tentang Percepat kapasitas "
    "industri pertahanan, yang kami sampaikan dengan surat Nomor R-1/2026 tanggal 5 Januari 2026, "
    "dengan hormat kami sampaikan bahwa penyelesaian tahap “Susun rencana aksi” oleh "
    "Kementerian Pertahanan belum kami terima.",
    "Batas waktu tahap tersebut adalah 20 Januari 2026. Sampai dengan 23 Januari 2026 batas waktu "
    "itu telah terlampaui 3 hari kerja.",
    "Berkenaan dengan hal tersebut, kami mohon Kementerian Pertahanan menyelesaikan tahap "
    "dimaksud pada kesempatan pertama. Apabila terdapat kendala, kami mohon kendala itu "
    "diberitahukan secara tertulis, termasuk permohonan perpanjangan batas waktu bila diperlukan.",
    "Atas perhatian dan kerja sama Saudara, kami ucapkan terima kasih.",
)


def test_the_letter_says_what_is_late_since_when_and_what_can_be_done() -> None:
    assert sheet(MATTER, "asdep").paragraphs == WHOLE


def test_a_recommendation_without_a_letter_of_its_own_is_named_without_one() -> None:
    first = sheet(replace(MATTER, issued=None), "asdep").paragraphs[0]
    assert "surat Nomor" not in first
    assert first.startswith(
        "Sehubungan dengan rekomendasi kebijakan Nomor REK-2026-0001 tentang Percepat kapasitas "
        "industri pertahanan, dengan hormat"
    )


def test_a_second_letter_refers_to_the_first_and_says_all_else_the_same() -> None:
    again = replace(MATTER, before=Issued("B-7/2026", date(2026, 2, 2)))
    paragraphs = sheet(again, "deputi").paragraphs
    assert paragraphs[2] == "Surat ini menyusul surat kami Nomor B-7/2026 tanggal 2 Februari 2026."
    assert (*paragraphs[:2], *paragraphs[3:]) == WHOLE


@pytest.mark.parametrize(
    ("rank", "signs", "addressed"),
    [
        ("asdep", "Asisten Deputi", "Direktur/Kepala Biro"),
        ("deputi", "Deputi", "Sekretaris Jenderal/Direktur Jenderal"),
        ("menko", "Menteri Koordinator", "Menteri/Pimpinan"),
    ],
)
def test_a_letter_goes_from_equal_to_equal(rank: str, signs: str, addressed: str) -> None:
    found = sheet(MATTER, rank)
    assert found.signatory == signs
    assert found.addressee[0].startswith(addressed)
    assert list(found.addressee[1:]) == ["Kementerian Pertahanan", "di tempat"]


def test_every_rank_of_a_supervisor_can_sign() -> None:
    assert set(RANKS) == set(SIGNATORIES) == set(ADDRESSEES)


def test_number_and_date_are_the_registrys_until_the_letter_was_sent() -> None:
    draft = sheet(MATTER, "asdep")
    assert (draft.number, draft.day) == (TO_BE_NUMBERED, TO_BE_NUMBERED)
    sent = sheet(MATTER, "asdep", Issued("B-7/2026", date(2026, 1, 26)))
    assert (sent.number, sent.day) == ("B-7/2026", "26 Januari 2026")
    assert sent.paragraphs == draft.paragraphs, "what was signed does not change"


@pytest.mark.parametrize(
    ("day", "written"),
    [(date(2026, 5, 1), "1 Mei 2026"), (date(2026, 8, 17), "17 Agustus 2026"),
     (date(2026, 12, 31), "31 Desember 2026")],
)  # fmt: skip
def test_dates_are_written_as_letters_write_them(day: date, written: str) -> None:
    found = sheet(replace(MATTER, due=day), "asdep")
    assert f"Batas waktu tahap tersebut adalah {written}." in found.paragraphs[1]
