"""Word and PDF: whatever people write is read back as it was written, never as something else."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest

from processes.documents import pdf, word, word_template
from processes.documents.kinds import KINDS, RECEIPT, REMINDER_LETTER, Kind
from processes.documents.layout import Each, Facts, Field, Grid, Part, Signature, Words
from processes.documents.values import File, Receipt, ReminderLetter
from tests.documents_read import pages_of_pdf, words_of_pdf, words_of_word

SECRET = "SANGAT RAHASIA"
LETTER = ReminderLetter(
    title="Pengingat",
    number="B-7/2026",
    classification=SECRET,
    printed="dicetak oleh Sari",
    day="5 Januari 2026",
    urgency="Segera",
    subject="Pengingat tindak lanjut",
    addressee=("Direktur", "Kementerian Pertahanan"),
    paragraphs=("Dengan hormat.",),
    signatory="Asisten Deputi",
    copies=("Deputi",),
)
RECEIVED = Receipt(
    title="Tanda terima",
    number="TT-2026-0001",
    classification="Biasa",
    printed="dicetak oleh Sari",
    notes=(),
    received="Senin",
    received_by="Tindak",
    institution="Kementerian Pertahanan",
    sender="Rina",
    recommendation="REK-2026-0001",
    letter="B/1/2026",
    urgency="Biasa",
    subject="Laporan",
    signatory="Sekjen",
    claimed="Sesuai",
    files=(File("surat.pdf", "1 kB", "ab" * 32),),
    fingerprint="cd" * 32,
    address="https://tindak.example/receipts/TT-2026-0001",
)


def english(phrase: object) -> str:
    return str(phrase)


def both(kind: Kind, values: Any) -> tuple[str, str]:
    """The words of a document as Word and as PDF."""
    template = word_template.ours(kind, english, "id")
    return (
        words_of_word(word.filled(template, values)),
        words_of_pdf(pdf.made(kind, values, english, "id")),
    )


def test_every_value_of_a_letter_stands_in_word_and_in_pdf() -> None:
    for words in both(REMINDER_LETTER, LETTER):
        for text in (
            *("B-7/2026", "5 Januari 2026", "Segera", SECRET, "Pengingat tindak lanjut"),
            *("Direktur", "Kementerian Pertahanan", "Dengan hormat.", "Asisten Deputi"),
            *("Tembusan:", "Deputi", "dicetak oleh Sari"),
        ):
            assert text in words


@pytest.mark.parametrize(
    "text",
    [
        "{{ 7*7 }} {% for a in b %} {# no #}",
        "{{ self.__init__.__globals__ }}",
        "<w:p>&amp; <b>\"'</b> ]]>",
        "#eval(\"1\") *tebal* _miring_ $x$ = judul @ref <label> \\n",
        "=HYPERLINK(1)",
    ],
)  # fmt: skip
def test_what_somebody_wrote_is_no_template_and_no_markup(text: str) -> None:
    for words in both(REMINDER_LETTER, replace(LETTER, subject=text, paragraphs=(text, text))):
        assert words.count(" ".join(text.split())) == 3


def test_a_text_keeps_its_lines_and_loses_what_no_file_can_hold() -> None:
    told = replace(LETTER, paragraphs=("satu\r\ndua\x00\x0b\x1b\ufffe\ud800 tiga",))
    as_word, as_pdf = both(REMINDER_LETTER, told)
    assert "satu\ndua tiga" in as_word
    assert "satu dua tiga" in as_pdf


def test_arabic_is_written_and_a_word_longer_than_the_sheet_is_not_cut_off() -> None:
    long, told = "x" * 5_000, "لجنة التنسيق"
    as_word, as_pdf = both(REMINDER_LETTER, replace(LETTER, subject=long, signatory=told))
    assert long in as_word
    assert as_pdf.replace(" ", "").count("x") >= 5_000
    assert told in as_word
    assert any("\u0600" <= letter <= "\u06ff" or letter >= "\ufe70" for letter in as_pdf)


def test_the_classification_stands_on_each_page_and_every_page_is_numbered() -> None:
    told = replace(LETTER, paragraphs=("Kalimat panjang. " * 60,) * 12)
    pages = pages_of_pdf(pdf.made(REMINDER_LETTER, told, english, "id"))
    assert len(pages) > 2
    for n, page in enumerate(pages, 1):
        assert SECRET in page
        assert f"{n}/{len(pages)}" in page
    template = word_template.ours(REMINDER_LETTER, english, "id")
    assert SECRET in words_of_word(word.filled(template, told)).splitlines()[-2]


def test_what_is_empty_leaves_neither_words_nor_rows() -> None:
    bare = replace(RECEIVED, files=(), subject="", claimed="")
    for words in both(RECEIPT, bare):
        assert "Subject" not in words
        assert "Files" not in words
        assert "SHA-256" not in words
        assert "{%" not in words
    for words in both(RECEIPT, RECEIVED):
        assert "Subject" in words
        assert "ab" * 10 in words


def test_every_layout_names_only_values_of_its_kind() -> None:
    for kind in KINDS.values():
        known = {one.name for one in fields(kind.values)}
        unknown = {name for name in names_of(kind.parts) if name.split(".")[0] not in known}
        assert unknown == set(), kind.key


def names_of(parts: tuple[Part, ...], items: frozenset[str] = frozenset()) -> set[str]:
    """The names that parts take from the values themselves."""
    found: set[str] = set()
    for part in parts:
        if isinstance(part, Each):
            found |= {part.name} | names_of(part.parts, items | {part.item})
        elif isinstance(part, Grid | Field | Signature):
            found.add(part.name)
        elif isinstance(part, Facts):
            found |= {name for _, name in part.rows}
        elif isinstance(part, Words) and part.when:
            found.add(part.when)
    return {name for name in found if name.split(".")[0] not in items}
