"""The inventory sheet of a rakor: on the page, as a workbook, and on paper."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.sentences.errors import NotFound
from engine.sentences.sentence import Sentence, say
from processes.documents import kinds
from processes.meetings import sheet
from processes.meetings.sheet import InventorySheet
from processes.register.states import Stage
from processes.storage.meetings.sheet_rows import Narrowed, Place, SheetRow
from web.documents import inventory_sheets
from web.documents.making import form_of, sent, workbook
from web.documents.writer import of_reader
from web.frame import paging, parsing
from web.frame.paging import Around
from web.gate.visitor import reading
from web.words.i18n import render

page = Blueprint("inventory_sheet", __name__)

ONLY: dict[str, Sentence] = {
    "open": say("Not finished"),
    "late": say("Overdue"),
    "changed": say("Changed since the last rakor"),
    "silent": say("Without a position"),
}


@page.get("/meetings/<uuid:meeting_id>/sheet")
def show(meeting_id: UUID) -> ResponseReturnValue:
    """A page of the sheet, narrowed, with the numbers of the whole."""
    at = reading()
    found = sheet.sheet(at, meeting_id, _narrowed(), after=_place("after"), before=_place("before"))
    return render_template(
        "meetings/sheet.html",
        found=found,
        case=found.case,
        rows=found.rows.items,
        pages=_around(found),
        only=[(key, render(words)) for key, words in ONLY.items()],
        counted=[
            (key, render(words))
            for key, words in ONLY.items()
            if key != "changed" or found.previous
        ],
        stages=[(one.value, render(one.sentence)) for one in Stage],
        address=lambda **wanted: url_for(".show", meeting_id=meeting_id, **wanted),
        narrowed=_in_address(found.narrowed),
    )


@page.get("/meetings/<uuid:meeting_id>/sheet.xlsx")
def as_excel(meeting_id: UUID) -> ResponseReturnValue:
    """All rows that the reader may read, as a workbook."""
    at = reading()
    found = sheet.whole(at, meeting_id, _narrowed())
    book = inventory_sheets.workbook(of_reader(), found)
    return workbook(book, f"rakor {found.case.number or ''}")


@page.get("/meetings/<uuid:meeting_id>/sheet.<form>")
def as_document(meeting_id: UUID, form: str) -> ResponseReturnValue:
    """The same for paper, as Word or PDF."""
    kind, write, narrowed = form_of(form), of_reader(), _narrowed()
    found = sheet.printed(reading(), meeting_id, narrowed)
    values = inventory_sheets.sheet(write, found, _chosen(found))
    return sent(kinds.INVENTORY_SHEET, kind, values, write)


def _in_address(narrowed: Narrowed) -> dict[str, str]:
    wanted = {
        "institution": narrowed.institution,
        "stage": narrowed.stage.value if narrowed.stage else "",
        "only": narrowed.only,
    }
    return {name: text for name, text in wanted.items() if text}


def _chosen(found: InventorySheet) -> list[str]:
    """What the sheet is narrowed to, in the words of its filter."""
    narrowed, names = found.narrowed, dict(found.institutions)
    stage = narrowed.stage.sentence if narrowed.stage else None
    parts = (
        (say("Institution"), names.get(narrowed.institution, narrowed.institution)),
        (say("Stage"), render(stage) if stage else ""),
        (say("Only"), render(ONLY[narrowed.only]) if narrowed.only else ""),
    )
    return [f"{render(words)}: {text}" for words, text in parts if text]


def _narrowed() -> Narrowed:
    args = request.args
    stage = next((one for one in Stage if one.value == args.get("stage")), None)
    return Narrowed(args.get("institution", "")[:40], stage, args.get("only", "")[:20])


def _place(name: str) -> Place | None:
    """A row of the sheet in the address: its recommendation and institution."""
    text = request.args.get(name)
    if not text:
        return None
    id, _, code = text.partition(".")
    if not code:
        raise NotFound(say("There is no such thing, or it is not open to you."))
    return parsing.as_id(id), code[:40]


def _around(found: InventorySheet) -> Around:
    return paging.around(_key(found.rows.first), _key(found.rows.last))


def _key(row: SheetRow | None) -> str | None:
    return None if row is None else f"{row.recommendation_id}.{row.institution}"
