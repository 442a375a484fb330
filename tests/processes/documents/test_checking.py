"""A template of an office names fields and does no more: all else is refused by mark and place."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from processes.documents import checking, examples, word, word_template
from processes.documents.checking import Refused, check
from processes.documents.kinds import COMPILATION, KINDS, REPORT
from tests.documents_read import words_of_word


def with_text(*texts: str, head: str = "", foot: str = "") -> bytes:
    """A Word file with these paragraphs."""
    document = docx.Document()
    for text in texts:
        document.add_paragraph(text)
    section = document.sections[0]
    section.header.paragraphs[0].text = head
    section.footer.paragraphs[0].text = foot
    return saved(document)


def saved(document: Any) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def refusal(content: bytes, kind: Any = REPORT) -> str:
    with pytest.raises(Refused) as refused:
        check(content, kind)
    assert list(refused.value.fields) == ["template"]
    return str(refused.value)


@pytest.mark.parametrize("key", KINDS)
def test_our_own_template_of_every_kind_may_be_brought_back(key: str) -> None:
    kind = KINDS[key]
    for language in kind.languages:
        check(word_template.ours(kind, str, language), kind)


def test_a_template_names_fields_repeats_lists_and_leaves_parts_out() -> None:
    check(
        with_text(
            "Kepada {{ institution|upper }}",
            "{%p if files and not receipt %}", "Berkas:", "{%p endif %}",
            "{%p for file in files %}", "{{ loop.index }}. {{ file.name }}", "{%p endfor %}",
            "{% if urgency == 'Segera' %}!{% endif %}",
            head="{{ classification }}", foot="{{ number }}",
        ),
        REPORT,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{{ minister }}", "“minister” in the text is no field"),
        ("{{ files.name }}", "“files.name” in the text is no field"),
        ("{% for f in files %}{{ f.author }}{% endfor %}", "“f.author” in the text is no field"),
        ("{{ title.__class__ }}", "“title.__class__” in the text is no field"),
        ("{{ title.upper() }}", "“title.upper(…)” in the text is code"),
        ("{{ range(9) }}", "“range(…)” in the text is code"),
        ("{{ title[0] }}", "“title[…]” in the text is code"),
        ("{{ title|attr('x') }}", "“title|attr” in the text is code"),
        ("{% set x = title %}", "“set” in the text is code"),
        ("{% import 'os' as os %}", "“import” in the text is code"),
        ("{% include 'a' %}", "“include” in the text is code"),
        ("{% macro m() %}{% endmacro %}", "“macro” in the text is code"),
        ("{% for a in title %}{% endfor %}", "“title” in the text is code"),
        ("{% for a, b in files %}{% endfor %}", "“for” in the text is code"),
        ("{{ 7 * 7 }}", "in the text is code"),
        ("{% if title", "A mark in the text cannot be read"),
        ("{{ title", "A mark in the text cannot be read"),
        ("{% unknown %}", "A mark in the text cannot be read"),
    ],
)
def test_code_and_unknown_fields_are_refused_by_their_mark(text: str, told: str) -> None:
    assert told in refusal(with_text("Judul", text))


def test_the_place_of_a_mark_is_named() -> None:
    assert "in the head of the page" in refusal(with_text(head="{{ x }}"))
    assert "in the foot of the page" in refusal(with_text(foot="{{ x.y }}"))


def test_a_mark_that_word_split_into_pieces_is_read_whole() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph()
    for piece in ("{", "{ ", "mini", "ster }", "}"):
        paragraph.add_run(piece)
    assert "“minister”" in refusal(saved(document))


def test_a_list_of_the_whole_within_another_would_multiply_and_is_refused() -> None:
    nested = "{% for a in positions %}{% for b in evidence %}{{ b.name }}{% endfor %}{% endfor %}"
    assert "“evidence”" in refusal(with_text(nested), COMPILATION)
    check(with_text("{% for c in cases %}{% for d in c.chapters %}{{ d.role }}{% endfor %}"
                    "{% endfor %}"), COMPILATION)  # fmt: skip


@pytest.mark.parametrize("field", ["DDEAUTO", "INCLUDETEXT", "INCLUDEPICTURE", "MACROBUTTON"])
def test_what_word_would_fetch_or_run_is_refused_by_name(field: str) -> None:
    for tag in ("w:instrText", "w:fldSimple"):
        document = docx.Document()
        element: Any = OxmlElement(tag)
        if tag == "w:instrText":
            element.text = f' {field} "x" '
        else:
            element.set(qn("w:instr"), f'{field} "x"')
        document.add_paragraph().add_run()._r.append(element)
        assert f"“{field}” in the text" in refusal(saved(document))


def changed(change: Callable[[zipfile.ZipFile], None]) -> bytes:
    """A good template with something more in its archive."""
    file = io.BytesIO(with_text("{{ subject }}"))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        change(archive)
    return file.getvalue()


def test_an_embedded_object_is_refused_by_name() -> None:
    content = changed(lambda archive: archive.writestr("word/embeddings/a.bin", b"x"))
    assert "“word/embeddings/a.bin”" in refusal(content)


def test_a_file_that_unpacks_to_very_much_is_refused() -> None:
    huge = checking.LARGEST + 1
    content = changed(lambda archive: archive.writestr("word/media/a.png", b"0" * huge))
    assert len(content) < 200_000
    assert "unpacks to more" in refusal(content)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"%PDF-1.4", with_text("x")[:-50]])
def test_what_is_no_word_file_is_refused(content: bytes) -> None:
    assert refusal(content) == "This is no Word file (.docx)."


def test_an_archive_that_only_looks_like_word_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", "<a>{{ subject }}</a>")
    assert "Begin with our template" in refusal(file.getvalue())


def test_a_preview_shows_at_each_place_which_field_stands_there() -> None:
    template = with_text("{{ subject }}", "{% for f in files %}{{ f.sha256 }} {% endfor %}")
    words = words_of_word(word.filled(template, examples.of(REPORT.values)))
    assert "[subject]" in words
    assert "[files 1: sha256] [files 2: sha256]" in words
