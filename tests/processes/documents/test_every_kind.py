"""Each kind of document, filled to the last field and bare: nothing is lost, nothing is left."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from typing import Any, get_args, get_origin, get_type_hints

import docx
import jinja2
import pytest
from pypdf import PdfReader

from processes.documents import pdf, phrases, word, word_template
from processes.documents.kinds import COMPILATION, KINDS, RECEIPT, REMINDER_LETTER, REPORT, Kind
from processes.documents.values import Compilation, Sheet
from tests.documents_read import words_of_pdf, words_of_word

UNSEEN = {"title"}
"""What names the file and stands on no page."""


def english(phrase: object) -> str:
    return str(phrase)


def filled(kind: type[Any], name: str = "w") -> Any:
    """Values of which each text is a word of its own, with two items in each list."""
    hints, values = get_type_hints(kind), dict[str, Any]()
    for field in fields(kind):
        hint = hints[field.name]
        values[field.name] = _value(hint, f"{name}{field.name.replace('_', '')}")
    return kind(**values)


def _value(hint: Any, name: str) -> Any:
    if get_origin(hint) is Sequence:
        [item] = get_args(hint)
        return tuple(_value(item, f"{name}{letter}") for letter in "xy")
    return filled(hint, name) if is_dataclass(hint) else f"{name}q"


def bare(kind: type[Any]) -> Any:
    """Values with nothing but what stands on every page."""
    hints = get_type_hints(kind)
    empty = {one.name: () if get_origin(hints[one.name]) else "" for one in fields(kind)}
    return kind(**empty | {"title": "Judul", "classification": "Biasa", "printed": "oleh Sari"})


def texts(values: Any) -> list[str]:
    """Every text in the values."""
    if isinstance(values, str):
        return [values]
    if isinstance(values, tuple):
        return [text for one in values for text in texts(one)]
    return [
        text for one in fields(values) if one.name not in UNSEEN
        for text in texts(getattr(values, one.name))
    ]  # fmt: skip


def as_word(kind: Kind, values: Sheet, locale: str = "en") -> bytes:
    return word.filled(word_template.ours(kind, english, locale), values)


def as_pdf(kind: Kind, values: Sheet, locale: str = "en") -> bytes:
    return pdf.made(kind, values, english, locale)


def joined(words: str) -> str:
    """Without spaces and marks of hyphenation: a narrow column breaks a long word."""
    return re.sub(r"[\s\u00ad\u2010-]", "", words)


# --- what stands in a document ------------------------------------------------------------------


@pytest.mark.parametrize("key", KINDS)
def test_every_text_of_every_kind_stands_in_word_and_in_pdf(key: str) -> None:
    kind = KINDS[key]
    values = filled(kind.values)
    for words in (words_of_word(as_word(kind, values)), words_of_pdf(as_pdf(kind, values))):
        missing = [text for text in texts(values) if text not in joined(words)]
        assert missing == []
        assert "{{" not in words and "{%" not in words


@pytest.mark.parametrize("key", KINDS)
def test_a_bare_document_of_every_kind_can_be_made_and_has_no_empty_table(key: str) -> None:
    kind = KINDS[key]
    values = bare(kind.values)
    document = docx.Document(io.BytesIO(as_word(kind, values)))
    heads = [table.rows[0].cells[0].text for table in document.tables if table.rows]
    assert "Name" not in heads and "Institution" not in heads
    words = words_of_pdf(as_pdf(kind, values))
    assert "SHA-256" not in words
    assert "Biasa" in words


@pytest.mark.parametrize("kind", [REPORT, RECEIPT, COMPILATION])
def test_a_table_has_a_row_for_each_item_below_one_head(kind: Kind) -> None:
    values = filled(kind.values)
    document = docx.Document(io.BytesIO(as_word(kind, values)))
    grids = [
        one for one in document.tables if one.style is not None and one.style.name == "Table Grid"
    ]
    assert [len(one.rows) for one in grids] == [3] * len(grids)
    for grid in grids:
        [head] = grid.rows[0]._tr.xpath("./w:trPr/w:tblHeader")
        assert head is not None, "it stands on every page of a long table"


def test_each_institution_has_its_chapter_with_its_own_reports() -> None:
    words = words_of_word(as_word(COMPILATION, filled(Compilation)))
    places = [
        words.index(f"wcases{case}chapters{letter}{name}q")
        for case in "xy"
        for letter in "xy"
        for name in ("institution", "reportsxsubject", "reportsysubject", "progressx")
    ]
    assert places == sorted(places)


def test_headings_of_a_compilation_are_headings_of_word() -> None:
    document = docx.Document(io.BytesIO(as_word(COMPILATION, filled(Compilation))))
    styles = {one.text: one.style.name for one in document.paragraphs if one.style is not None}
    assert styles["Compilation of reports"] == "Title"
    assert styles["Evidence"] == styles["wcasesxnameq"] == "Heading 1"
    assert styles["wcasesxchaptersxinstitutionq"] == "Heading 2"
    assert styles["wcasesxchaptersxreportsxsubjectq"] == "Heading 3"
    [contents] = document.element.xpath(".//w:fldSimple/@w:instr")
    assert contents.startswith('TOC \\o "1-2"'), "so that Word can list them"


# --- the file -----------------------------------------------------------------------------------


@pytest.mark.parametrize("key", KINDS)
def test_a_pdf_says_its_title_and_language_and_can_be_read_aloud(key: str) -> None:
    kind = KINDS[key]
    for locale in kind.languages:
        reader = PdfReader(io.BytesIO(as_pdf(kind, bare(kind.values), locale)))
        assert reader.metadata is not None
        assert reader.metadata.title == "Judul"
        root: Any = reader.trailer["/Root"]
        assert root["/Lang"].startswith(locale)
        assert root["/MarkInfo"]["/Marked"], "tagged, as PDF/UA asks"


def test_what_is_copied_from_a_pdf_with_contents_has_no_mark_that_nobody_sees() -> None:
    """Such marks would come along with a digest, and it would be found nowhere."""
    pages = PdfReader(io.BytesIO(as_pdf(COMPILATION, filled(Compilation)))).pages
    assert not {"\u2060", "\u200c", "\u200d"} & set("".join(one.extract_text() for one in pages))


@pytest.mark.parametrize("locale", ["id", "en"])
def test_a_word_document_has_its_language_its_paper_and_no_maker(locale: str) -> None:
    content = as_word(REMINDER_LETTER, bare(REMINDER_LETTER.values), locale)
    document = docx.Document(io.BytesIO(content))
    section = document.sections[0]
    assert (round(section.page_width.cm, 1), round(section.page_height.cm, 1)) == (21.0, 29.7)
    properties = document.core_properties
    assert (properties.title, properties.author, properties.comments) == ("Judul", "", "")
    tongue = {"id": "id-ID", "en": "en-GB"}[locale]
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        styles = file.read("word/styles.xml").decode()
    assert styles.count(f'w:val="{tongue}"') >= 5


def test_a_title_longer_than_word_keeps_is_cut_and_the_document_opens() -> None:
    values = bare(REMINDER_LETTER.values)
    long = type(values)(**{
        one.name: "x" * 400 if one.name == "title" else getattr(values, one.name)
        for one in fields(values)
    })  # fmt: skip
    document = docx.Document(io.BytesIO(as_word(REMINDER_LETTER, long)))
    assert document.core_properties.title == "x" * 255


def test_a_letter_between_institutions_is_in_indonesian_and_all_else_in_both() -> None:
    assert {key: kind.languages for key, kind in KINDS.items()} == {
        "report": ("id", "en"), "receipt": ("id", "en"), "reminder_letter": ("id",),
        "invitation": ("id",), "inventory_sheet": ("id", "en"), "minutes": ("id",),
        "compilation": ("id", "en"),
    }  # fmt: skip
    assert all(key == kind.key for key, kind in KINDS.items())


# --- templates ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "template",
    [
        "{{ ''.__class__ }}",
        "{{ title.__class__.__mro__ }}",
        "{{ range(9) }}",
        "{{ lipsum() }}",
        "{{ cycler.__init__.__globals__ }}",
        "{% set x = titles.append('a') %}",
        "{% import 'os' as os %}",
    ],
)
def test_a_template_reaches_nothing_but_the_values(template: str) -> None:
    titles = ["Judul"]
    try:
        told = word.sandbox().from_string(template).render(title="Judul", titles=titles)
    except jinja2.exceptions.TemplateError as refused:
        told = "" if "Judul" not in str(refused) else str(refused)
    except TypeError:  # it has no loader to import from
        told = ""
    assert (told, titles) == ("", ["Judul"])


def test_a_template_writes_a_text_as_a_text() -> None:
    made = word.sandbox().from_string("{{ title }}|{{ title | upper }}")
    assert made.render({"title": "<b>&"}) == "&lt;b&gt;&amp;|&lt;B&gt;&amp;"


def test_values_come_as_texts_and_lists_without_what_no_file_holds() -> None:
    values = phrases.texts_of(filled(Compilation))
    [_, last] = values["cases"]
    assert type(last["chapters"][0]) is dict
    told = last["chapters"][1]["reports"][0]["findings"][1]
    assert told == "wcasesychaptersyreportsxfindingsyq"
    for wrong in ("\x00", "\x1f", "\x0b", "\r", "\ufffe", "\ud800"):
        assert phrases.clean(f"a{wrong}b") == "ab"
    kept = "a\tb\nc é لجنة 🙂 \u200b"
    assert phrases.clean(kept) == kept
