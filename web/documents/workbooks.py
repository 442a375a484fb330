"""Matrix and compilation as Excel: the rows of their pages, with real days and numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime

from engine.sentences.sentence import Sentence, say
from processes.cases.recommendation.recommendations import FollowUpInTime
from processes.cases.written import Handed, HandedProgress
from processes.documents.excel import Book, Column, Kind, Link, Table, Value
from processes.papers.compilation import Paper, Part
from processes.papers.inventory import Picked
from processes.register.vocabulary import CLASSIFICATIONS
from processes.storage.cases.lists.recommendation_lists import ListedRecommendation
from web.addresses import ADDRESSES
from web.documents import compilations, positions
from web.documents.writer import ABOVE, Writer
from web.words import labels

Head = tuple[Sentence | str, Kind, int]
Shape = tuple[Head, ...]
Rows = Iterable[Sequence[Value]]
NUMBER: Head = (say("Number"), "text", 16)
WHOLE: Shape = (
    NUMBER,
    (say("Recommendation"), "text", 44),
    (say("Security classification"), "text", 14),
    (say("Issued"), "day", 12),
    (say("Letter"), "text", 18),
    (say("Deadline"), "day", 12),
    (say("Legal basis"), "text", 36),
    (say("Expected outcome"), "text", 50),
    (say("How far it is"), "text", 44),
    (say("Page"), "link", 16),
)
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
    (say("Kind"), "text", 22),
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
NOTHING: tuple[None, ...] = (None,) * 5
"""The cells of a report that its reader may not read."""
EVIDENCE: Shape = (
    (say("Institution"), "text", 16),
    (say("Receipt"), "text", 16),
    (say("Name"), "text", 40),
    ("SHA-256", "text", 68),
)


def inventory(write: Writer, positions: Iterable[Picked]) -> Book:
    """What the matrix shows: a row for each picked position, newest recommendation first, written
    while they are read."""
    about: Shape = (
        NUMBER,
        (say("Recommendation"), "text", 44),
        (say("Security classification"), "text", 14),
    )
    codes: set[str] = {CLASSIFICATIONS[0]}

    def rows() -> Iterator[list[Value]]:
        for one in positions:
            codes.add(one.of.classification)
            yield [*_about(write, one.of), *_position(write, one.position)]

    name = write(say("Matrix of follow-ups"))
    table = Table(name, columns(write, (*about, *POSITION)), rows())
    return book(write, name, lambda: write.highest(codes), [table])


def compilation(write: Writer, papers: Sequence[Paper]) -> Book:
    """The compilation: recommendations, positions, reports, what was said, and the evidence with
    its digests."""
    parts = [(compilations.number(paper), part) for paper in papers for part in paper.parts]
    said = [
        [number, part.position.cell.short_name, text]
        for number, part in parts
        for text in compilations.statements(write, part)
    ]
    files = [
        [one.recommendation, one.institution, one.receipt, one.name, one.sha256]
        for paper in papers
        for one in compilations.evidence(paper)
    ]
    standing = [[number, *_position(write, part.position)] for number, part in parts]
    reports = [[number, *row] for number, part in parts for row in _reports(write, part)]
    sheets: tuple[tuple[Sentence, Shape, Rows], ...] = (
        (say("Recommendations"), WHOLE, [_whole(write, paper) for paper in papers]),
        (say("Where the institutions stand"), (NUMBER, *POSITION), standing),
        (say("Official written reports"), (NUMBER, *REPORTS), reports),
        (say("Oral statements"), (NUMBER, *STATEMENTS), said),
        (say("Evidence"), (NUMBER, *EVIDENCE), files),
    )
    tables = [Table(write(name), columns(write, shape), rows) for name, shape, rows in sheets]
    title = compilations.title(write, papers)
    return book(write, title, write.highest(compilations.secrecy(papers)), tables)


def _whole(write: Writer, paper: Paper) -> list[Value]:
    case = paper.detail.case
    return [
        case.number,
        case.title,
        write(labels.CLASSIFICATIONS[case.classification]),
        day(write, case.issued_at),
        case.letter_number,
        case.deadline,
        case.legal_basis,
        case.expected_outcome,
        compilations.rolled_up(write, paper) or None,
        Link(
            write(say("Recommendation")),
            f"{write.base_url}{ADDRESSES.recommendation(case.id)}",
        ),
    ]


def book(
    write: Writer, title: str, classification: str | Callable[[], str], tables: list[Table]
) -> Book:
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
        Link(write(say("Follow-up")), f"{write.base_url}{ADDRESSES.follow_up(cell.id)}"),
    ]


def _reports(write: Writer, part: Part) -> list[list[Value]]:
    """Those that count, then those on progress: in the order of the document."""
    return [
        *(_report(write, part, one) for one in reversed(part.handed_in) if one.counts),
        *(_on_progress(write, part, one) for one in reversed(part.on_progress)),
    ]


def _on_progress(write: Writer, part: Part, handed: HandedProgress) -> list[Value]:
    """A report on progress; of one above the reader's clearance number and day alone."""
    told = handed.report
    known = _known(write, part, say("Report on progress"), handed)
    if told is None:
        return [*known, *NOTHING]
    return [
        *known,
        told.letter_number,
        told.letter_date,
        write(labels.CLASSIFICATIONS[told.classification]),
        told.subject,
        told.signatory,
        write.formats.percent(told.percent),
        "\n".join([told.narrative, *compilations.hindering(write, told)]),
        None,
    ]


def _known(
    write: Writer, part: Part, kind: Sentence, handed: Handed | HandedProgress
) -> list[Value]:
    """What every reader of the case may know of a report."""
    name = part.position.cell.short_name
    row: list[Value] = [name, write(kind), handed.receipt_number, day(write, handed.at)]
    return [*row, None, None, write(ABOVE)] if handed.report is None else row


def _report(write: Writer, part: Part, handed: Handed) -> list[Value]:
    """A report; of one above the reader's clearance number and day alone."""
    told = handed.report
    known = _known(write, part, say("Official written report"), handed)
    if told is None:
        return [*known, *NOTHING]
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
