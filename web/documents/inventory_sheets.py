"""The inventory sheet of a rakor as a document: the rows and the numbers of its page.

Excel has real days and numbers, Word and PDF the words of the page, none of them cut short.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.sentences.sentence import Sentence, say
from processes.documents import values
from processes.documents.excel import Book, Link, Table, Value
from processes.meetings.sheet import InventorySheet
from processes.storage.meetings.sheet_rows import SheetRow
from web.addresses import ADDRESSES
from web.documents.compilations import planned_day
from web.documents.workbooks import Shape, book, columns, day
from web.documents.writer import Writer
from web.gate.visitor import options
from web.words import labels

SHAPE: Shape = (
    (say("Institution"), "text", 16),
    (say("Number"), "text", 16),
    (say("Recommendation"), "text", 44),
    (say("Security classification"), "text", 14),
    (say("Role"), "text", 18),
    (say("Stage"), "text", 26),
    (say("Deadline"), "day", 12),
    (say("Plan"), "text", 36),
    (say("Progress, per cent"), "percent", 10),
    (say("Last progress"), "text", 50),
    (say("Reported on"), "day", 12),
    (say("Position"), "text", 50),
    (say("Obstacles"), "text", 36),
    (say("Asks the rakor for"), "text", 36),
    (say("At the last rakor"), "text", 26),
    (say("Page"), "link", 12),
)  # fmt: skip


def workbook(write: Writer, found: InventorySheet) -> Book:
    """All rows of the sheet, each with where it stands and what was said of it."""
    title = f"{write(say('Inventory sheet'))} {found.case.number or ''}: {found.case.title}"
    rows = [_row(write, found, row) for row in found.rows.items]
    codes = [row.classification for row in found.rows.items] or ["ordinary"]
    table = Table(write(say("Inventory sheet")), columns(write, SHAPE), rows)
    return book(write, title, write.highest(codes), [table])


def _row(write: Writer, found: InventorySheet, row: SheetRow) -> list[Value]:
    return [
        row.short_name,
        row.number or "",
        row.title,
        write(labels.CLASSIFICATIONS[row.classification]),
        write(labels.ROLES[row.role]),
        write(row.status.sentence),
        row.deadline,
        row.activity,
        row.percent,
        row.narrative,
        day(write, row.progress_at),
        row.position,
        row.position_obstacles or row.obstacles,
        row.requests,
        then(write, found, row) or None,
        Link(write(say("Follow-up")), f"{options().base_url}{ADDRESSES.follow_up(row.id)}"),
    ]


def sheet(write: Writer, found: InventorySheet, chosen: Sequence[str]) -> values.InventorySheet:
    """The sheet for Word and PDF. `chosen`: what it is narrowed to, in words."""
    case, number = found.case, write.formats.number
    rows = found.rows.items
    codes = [row.classification for row in rows] or ["ordinary"]
    return values.InventorySheet(
        title=f"{write(say('Inventory sheet'))} {case.number or ''}: {case.title}",
        number=case.number or "",
        classification=write.highest(codes),
        printed=write.printed,
        subject=" – ".join(part for part in (case.number, case.title) if part),
        held_on=write.formats.long_day(case.held_on) if case.held_on else "",
        last=_last(write, found),
        selection=chosen,
        all=number(found.totals["all"]),
        open=number(found.totals["open"]),
        late=number(found.totals["late"]),
        changed=number(found.totals["changed"]) if found.previous else "",
        silent=number(found.totals["silent"]),
        changes=[_change(write, row) for row in rows if found.has_changed(row)],
        rows=[_standing(write, found, row) for row in rows],
    )


def _last(write: Writer, found: InventorySheet) -> str:
    last = found.previous
    if last is None:
        return ""
    day = write.formats.long_day(last.held_on) if last.held_on else None
    return ", ".join(part for part in (last.number, last.title, day) if part)


def then(write: Writer, found: InventorySheet, row: SheetRow) -> str:
    """How a follow-up stands to the last rakor, as the page says it; nothing without one."""
    if found.previous is None:
        return ""
    return _before(write, row) if found.has_changed(row) else write(say("unchanged"))


def _before(write: Writer, row: SheetRow) -> str:
    return write(row.then.sentence) if row.then else write(say("new since"))


def _change(write: Writer, row: SheetRow) -> values.ChangedRow:
    return values.ChangedRow(
        institution=row.short_name,
        recommendation=_about(write, row),
        then=_before(write, row),
        now=write(row.status.sentence),
    )


def _about(write: Writer, row: SheetRow) -> str:
    about = " ".join(part for part in (row.number, row.title) if part)
    if row.classification == "ordinary":
        return about
    return f"{about} ({write(labels.CLASSIFICATIONS[row.classification])})"


def _standing(write: Writer, found: InventorySheet, row: SheetRow) -> values.InventoryRow:
    planned = planned_day(write, row.activity_due) if row.activity_due else None
    return values.InventoryRow(
        institution=row.short_name,
        recommendation=_about(write, row),
        state=write(row.status.sentence),
        deadline=write.formats.day(row.deadline),
        plan=_lines(row.activity, planned if row.activity else None),
        progress=_lines(*_progress(write, row)),
        position=_lines(*_position(write, row)),
        then=then(write, found, row),
    )


def _progress(write: Writer, row: SheetRow) -> Iterator[str | None]:
    if row.progress_at is None:
        return
    percent = None if row.percent is None else write.formats.percent(row.percent)
    yield " ".join(part for part in (percent, row.narrative) if part)
    yield write.formats.day(row.progress_at)
    yield _named(write, say("Obstacles: {text}", text=row.obstacles or ""), row.obstacles)


def _position(write: Writer, row: SheetRow) -> Iterator[str | None]:
    if row.position is None:
        yield None if row.has_ended else write(say("none yet"))
        return
    obstacles, asked = row.position_obstacles, row.requests
    yield row.position
    yield _named(write, say("Obstacles: {text}", text=obstacles or ""), obstacles)
    yield _named(write, say("Asks for: {text}", text=asked or ""), asked)


def _named(write: Writer, words: Sentence, text: str | None) -> str | None:
    return write(words) if text else None


def _lines(*parts: str | None) -> str:
    return "\n".join(part for part in parts if part) or "–"
