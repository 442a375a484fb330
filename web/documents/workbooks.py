"""Matrix and compilation as Excel: the rows of their pages, with real days and numbers."""

from __future__ import annotations

from datetime import date, datetime

from engine.sentences.sentence import Sentence, say
from processes.cases.recommendation.recommendations import FollowUpInTime
from processes.cases.written import Handed
from processes.documents.excel import Book, Column, Kind, Link, Table, Value
from processes.papers.compilation import Paper, Part
from processes.papers.inventory import Matrix
from processes.storage.cases.lists.recommendation_lists import ListedRecommendation
from web.addresses import ADDRESSES
from web.documents import compilations, positions
from web.documents.writer import ABOVE, Writer
from web.gate.visitor import options
from web.words import labels

Shape = tuple[tuple[Sentence | str, Kind, int], ...]
POSITION: Shape = (
    (say("Institution"), "text", 16),
    (say("Role"), "text", 18),
    (say("Stage"), "text", 26),
    (say("Deadline of the open work"), "day", 12),
    (say("Working days overdue"), "number", 12),
    (say("Escalation"), "text", 14),
    (say("Claimed, per cent"), "percent", 10),
    (say("Claimed by the K/L"), "text", 28),
    (say("Claimed on"), "day", 12),
    (say("Found by the coordinator"), "text", 28),
    (say("Found on"), "day", 12),
    (say("Page"), "link", 12),
)  # fmt: skip
REPORTS: Shape = (
    (say("Institution"), "text", 16),
    (say("Receipt"), "text", 16),
    (say("Received"), "day", 12),
    (say("Letter"), "text", 18),
    (say("Letter date"), "day", 12),
    (say("Security classification"), "text", 16),
    (say("Subject"), "text", 36),
    (say("Signatory"), "text", 22),
    (say("Claimed by the K/L"), "text", 24),
    (say("Summary"), "text", 60),
    (say("Found by the coordinator"), "text", 40),
)  # fmt: skip
STATEMENTS: Shape = ((say("Institution"), "text", 16), (say("Oral statements"), "text", 90))
EVIDENCE: Shape = (
    (say("Institution"), "text", 16),
    (say("Receipt"), "text", 16),
    (say("Name"), "text", 40),
    ("SHA-256", "text", 68),
)


def inventory(write: Writer, found: Matrix) -> Book:
    """What the matrix shows: a row for each picked position, newest recommendation first."""
    about: Shape = (
        (say("Number"), "text", 16),
        (say("Recommendation"), "text", 44),
        (say("Security classification"), "text", 14),
    )
    rows = [
        [*_about(write, row.listed), *_position(write, one)]
        for row in found.rows
        for one in row.positions
        if one.cell.id in found.picked
    ]
    codes = [row.listed.classification for row in found.rows] or ["ordinary"]
    name = write(say("Matrix of follow-ups"))
    table = Table(name, columns(write, (*about, *POSITION)), rows)
    return book(write, name, write.highest(codes), [table])


def compilation(write: Writer, paper: Paper) -> Book:
    """The compilation: positions, reports, what was said, and the evidence with its digests."""
    said = [
        [part.position.cell.short_name, text]
        for part in paper.parts
        for text in compilations.statements(write, part)
    ]
    files = [
        [one.institution, one.receipt, one.name, one.sha256]
        for part in paper.parts
        for one in compilations.evidence(part)
    ]
    standing = [_position(write, part.position) for part in paper.parts]
    reports = [row for part in paper.parts for row in _reports(write, part)]
    tables = [
        Table(write(say("Where the institutions stand")), columns(write, POSITION), standing),
        Table(write(say("Official written reports")), columns(write, REPORTS), reports),
        Table(write(say("Oral statements")), columns(write, STATEMENTS), said),
        Table(write(say("Evidence")), columns(write, EVIDENCE), files),
    ]
    title = f"{write(say('Compilation of reports'))}: {paper.detail.case.title}"
    return book(write, title, write.highest(compilations.secrecy(paper)), tables)


def book(write: Writer, title: str, classification: str, tables: list[Table]) -> Book:
    """A workbook in the words of its reader."""
    goes_on = write(say("(the page has the rest)"))
    return Book(title[:255], classification, write.printed, goes_on, tables)


def columns(write: Writer, shape: Shape) -> list[Column]:
    """The columns of a table, with their headings in words."""
    return [Column(write(head), kind, width) for head, kind, width in shape]


def _about(write: Writer, listed: ListedRecommendation) -> list[Value]:
    words = write(labels.CLASSIFICATIONS[listed.classification])
    return [listed.number or "", listed.title, words]


def _position(write: Writer, one: FollowUpInTime) -> list[Value]:
    cell, timing = one.cell, one.timing
    return [
        cell.short_name,
        write(labels.ROLES[cell.role]),
        positions.state(write, cell),
        one.due if timing else None,
        timing.overdue if timing and timing.late else None,
        write.language.model_text(cell.level_name) if timing and cell.level_name else None,
        cell.claimed_percent if cell.claimed_round == cell.round else None,
        positions.claimed(write, cell),
        day(write, cell.claimed_at),
        positions.found(write, cell),
        day(write, cell.verdict_at),
        Link(write(say("Follow-up")), f"{options().base_url}{ADDRESSES.follow_up(cell.id)}"),
    ]


def _reports(write: Writer, part: Part) -> list[list[Value]]:
    return [_report(write, part, one) for one in reversed(part.handed_in) if one.counts]


def _report(write: Writer, part: Part, handed: Handed) -> list[Value]:
    """A report; of one above the reader's clearance number and day alone."""
    told = handed.report
    known = [part.position.cell.short_name, handed.receipt_number, day(write, handed.at)]
    if told is None:
        return [*known, None, None, write(ABOVE), None, None, None, None, None]
    findings = [one for one in part.evaluations if one.report_id == told.id]
    return [
        *known,
        told.letter_number,
        told.letter_date,
        write(labels.CLASSIFICATIONS[told.classification]),
        told.subject,
        told.signatory,
        write.verdict(told.claimed_status),
        told.summary,
        "\n".join(compilations.finding(write, one) for one in findings) or None,
    ]


def day(write: Writer, moment: datetime | None) -> date | None:
    """The day of a moment in the reader's zone."""
    return moment.astimezone(write.formats.zone).date() if moment else None
