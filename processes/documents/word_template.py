"""Our own Word template of a kind, made from its layout: what an administrator downloads first.

Owns the look of Word documents: A4, the classification in the head of each page, number and page in
its foot. Its marks are those that docxtpl fills in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import singledispatchmethod
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from processes.documents.kinds import Kind
from processes.documents.layout import (
    Contents,
    Each,
    Facts,
    Field,
    Grid,
    Part,
    Signature,
    Style,
    Words,
)
from processes.documents.phrases import Say

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table
    from docx.text.paragraph import Paragraph

STYLES: Final[dict[Style, str]] = {
    "title": "Title",
    "heading": "Heading 1",
    "subheading": "Heading 2",
    "minor": "Heading 3",
    "text": "Normal",
    "small": "Caption",
}
FONT: Final = "Arial"
"""On nearly every office machine; Word and its likes take another where it is missing."""


def ours(kind: Kind, say: Say, locale: str) -> bytes:
    """The template with its words in one language."""
    # Imported here: half a second that nobody pays who makes no document.
    import docx

    document = docx.Document()
    _page(document, locale, landscape=kind.landscape)
    _Drawing(document, say).parts(kind.parts)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _page(document: Document, locale: str, *, landscape: bool) -> None:
    from docx.enum.section import WD_ORIENT
    from docx.shared import Cm, Pt, RGBColor

    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    if landscape:
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Cm(29.7), Cm(21)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin = section.bottom_margin = Cm(2.3)
    for name in STYLES.values():
        style: Any = document.styles[name]
        style.font.name, style.font.color.rgb = FONT, RGBColor(0, 0, 0)
        _speak(style.element.get_or_add_rPr(), locale)
    document.styles["Normal"].font.size = Pt(11)
    document.styles["Title"].font.size = Pt(18)
    head, foot = section.header.paragraphs[0], section.footer.paragraphs[0]
    head.add_run("{{ classification }}").bold = True
    head.alignment = 1
    foot.add_run("{{ number }} – {{ printed }} – ")
    _computed(foot, "PAGE")
    foot.add_run("/")
    _computed(foot, "NUMPAGES")


def _speak(properties: Any, locale: str) -> None:
    """Give a style its font for all scripts, and its language: for reading aloud and spelling."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for name in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        properties.get_or_add_rFonts().attrib.pop(qn(name), None)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), {"id": "id-ID"}.get(locale, "en-GB"))
    properties.append(language)


def _computed(paragraph: Paragraph, what: str) -> None:
    """A field that Word computes: the page, the number of pages, the list of headings."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    field: Any = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), what)
    field.append(OxmlElement("w:r"))
    paragraph._p.append(field)


class _Drawing:
    """The parts of a layout, put under each other with their marks."""

    def __init__(self, document: Document, say: Say) -> None:
        self._document = document
        self._say = say

    def parts(self, parts: Sequence[Part]) -> None:
        """Draw these parts."""
        for part in parts:
            self._draw(part)

    @singledispatchmethod
    def _draw(self, part: Part) -> None:
        raise TypeError(type(part).__name__)

    @_draw.register
    def _(self, part: Words) -> None:
        self._only_if(part.when, lambda: self._paragraph(self._say(part.text), part.style))

    @_draw.register
    def _(self, part: Field) -> None:
        self._only_if(part.name, lambda: self._paragraph(f"{{{{ {part.name} }}}}", part.style))

    @_draw.register
    def _(self, part: Facts) -> None:
        from docx.shared import Cm

        table = self._document.add_table(rows=0, cols=2)
        table.autofit = False
        for words, name in part.rows:
            self._row(table, [f"{{%tr if {name} %}}", ""])
            self._row(table, [self._say(words), f"{{{{ {name} }}}}"])
            self._row(table, ["{%tr endif %}", ""])
        for column, width in zip(table.columns, (Cm(5), Cm(11)), strict=True):
            for cell in column.cells:
                cell.width = width
        self._paragraph("", "text")

    @_draw.register
    def _(self, part: Each) -> None:
        self._paragraph(f"{{%p for {part.item} in {part.name} %}}", "text")
        self.parts(part.parts)
        self._paragraph("{%p endfor %}", "text")

    @_draw.register
    def _(self, part: Grid) -> None:
        self._only_if(part.name, lambda: self._grid(part))

    def _grid(self, part: Grid) -> None:
        table = self._document.add_table(rows=0, cols=len(part.columns), style="Table Grid")
        self._row(table, [self._say(words) for words, _ in part.columns], bold=True)
        _repeat(table)
        self._row(table, [f"{{%tr for {part.item} in {part.name} %}}"])
        self._row(table, [f"{{{{ {name} }}}}" for _, name in part.columns])
        self._row(table, ["{%tr endfor %}"])

    @_draw.register
    def _(self, part: Contents) -> None:
        self._paragraph(self._say(part.title), "subheading")
        _computed(self._document.add_paragraph(), r'TOC \o "1-2" \h \z \u')

    @_draw.register
    def _(self, part: Signature) -> None:
        self._paragraph("", "text")
        self._paragraph(f"{{{{ {part.name} }}}},", "text")
        for text in ("", "", "", "(........................................)"):
            self._paragraph(text, "text")

    def _only_if(self, name: str, draw: Callable[[], None]) -> None:
        if name:
            self._paragraph(f"{{%p if {name} %}}", "text")
        draw()
        if name:
            self._paragraph("{%p endif %}", "text")

    def _paragraph(self, text: str, style: Style) -> None:
        self._document.add_paragraph(text, style=STYLES[style])

    def _row(self, table: Any, texts: Sequence[str], *, bold: bool = False) -> None:
        for cell, text in zip(table.add_row().cells, texts, strict=False):
            cell.paragraphs[0].add_run(text).bold = bold


def _repeat(table: Table) -> None:
    """Let the head of a table stand on each of its pages."""
    from docx.oxml import OxmlElement

    head: Any = table.rows[0]._tr
    head.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
