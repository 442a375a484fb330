"""The inventory sheet of a rakor as Excel: the rows of its page, with real days and numbers."""

from __future__ import annotations

from engine.sentences.sentence import say
from processes.documents.excel import Book, Link, Table, Value
from processes.meetings.sheet import InventorySheet
from processes.storage.meetings.sheet_rows import SheetRow
from web.addresses import ADDRESSES
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
    rows = [_row(write, row) for row in found.rows.items]
    codes = [row.classification for row in found.rows.items] or ["ordinary"]
    table = Table(write(say("Inventory sheet")), columns(write, SHAPE), rows)
    return book(write, title, write.highest(codes), [table])


def _row(write: Writer, row: SheetRow) -> list[Value]:
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
        write(row.then.sentence) if row.then else None,
        Link(write(say("Follow-up")), f"{options().base_url}{ADDRESSES.follow_up(row.id)}"),
    ]
