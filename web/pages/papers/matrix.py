"""The matrix of follow-ups in words: initials, shapes, and the sentence of each cell.

Owns how a position is abbreviated and spelled out. What stands in the matrix is
`processes.papers.inventory`; its numbers are `web.pages.papers.matrix_figures`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil
from uuid import UUID

from processes.cases.recommendation.recommendations import FollowUpInTime, RecommendationRow
from processes.papers.inventory import Matrix
from processes.register.groups import LET_OFF, Group
from processes.register.states import ENDED, Stage
from processes.register.verdicts import VERDICTS
from processes.storage.cases.lists.matrix_rows import Cell
from web.words import labels
from web.words.formatting import Mark, urgency
from web.words.i18n import formats, gettext, language, render

ONE_TABLE, SIDE_BY_SIDE = 15, 10
"""Number of institutions in one table; more are grouped into tables of at most so many."""


@dataclass(frozen=True, slots=True)
class Square:
    """One cell. `role`: how it stands in time, as a role of colour; `shape`: the same, but of what
    ended without conforming its group: no time runs for it, and it is no success; `level`: bars, 0
    for none; `claim`, `finding`: the two keys in short; `spoken`: something is only said; `words`:
    all of it in a sentence; `parts`: the same as separate facts."""

    id: UUID
    name: str
    role: str
    shape: str
    initial: str
    level: int
    claim: str
    finding: str | None
    spoken: bool
    parts: Sequence[str]

    @property
    def words(self) -> str:
        """The content of the cell in a sentence."""
        return f"{self.name}: {', '.join(self.parts)}"


@dataclass(frozen=True, slots=True)
class Line:
    """A recommendation with one square for each institution; None if it has no part, or if its
    square was not picked."""

    row: RecommendationRow
    squares: Sequence[Square | None]


@dataclass(frozen=True, slots=True)
class Column:
    """An institution."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Table:
    """The columns that fit side by side, and the lines with a square in them. `whole`: it is the
    only table."""

    columns: Sequence[Column]
    lines: Sequence[Line]
    whole: bool

    @property
    def span(self) -> str:
        """The first and the last institution."""
        return f"{self.columns[0].name} – {self.columns[-1].name}"


def rows(found: Matrix) -> list[Line]:
    """The lines of the table."""
    initials = initials_of(stage_words())
    return [
        Line(row, [_square(found, row, code, initials) for code in found.institutions])
        for row in found.rows
    ]


def tables(found: Matrix, lines: Sequence[Line]) -> list[Table]:
    """The lines as one table, or for many institutions as several with about equally many columns,
    so that neither a screen nor a sheet cuts any off."""
    every = _columns(found)
    if len(every) <= ONE_TABLE:
        return [Table(every, lines, whole=True)]
    number = ceil(len(every) / SIDE_BY_SIDE)
    cuts = [len(every) * n // number for n in range(number + 1)]
    return [
        Table(every[start:end], _part(lines, start, end), whole=False)
        for start, end in pairwise(cuts)
    ]


def _part(lines: Sequence[Line], start: int, end: int) -> list[Line]:
    parts = [Line(line.row, line.squares[start:end]) for line in lines]
    return [line for line in parts if any(line.squares)]


def _columns(found: Matrix) -> list[Column]:
    return [Column(code, name) for code, name in found.institutions.items()]


def legend() -> list[tuple[str, str]]:
    """(initial, words) of every stage."""
    spoken = stage_words()
    initials = initials_of(spoken)
    return [(initials[stage], spoken[stage]) for stage in Stage]


def findings() -> list[Mark]:
    """The mark of every verdict, as in the lower half of a cell."""
    return [labels.verdict_mark(verdict, language()) for verdict in VERDICTS]


def stage_words() -> dict[str, str]:
    """Stage -> its words."""
    return {stage: render(stage.sentence) for stage in Stage}


def initials_of(spoken: Mapping[str, str]) -> dict[str, str]:
    """The shortest beginnings that distinguish the words, in any language."""
    return {
        name: next(
            text[:length]
            for length in range(1, len(text) + 1)
            if not any(o.startswith(text[:length]) for n, o in spoken.items() if n != name)
            or length == len(text)
        )
        for name, text in spoken.items()
    }


def _square(
    found: Matrix, row: RecommendationRow, code: str, initials: Mapping[str, str]
) -> Square | None:
    position = found.positions.get((row.id, code))
    if position is None or position.cell.id not in found.picked:
        return None
    cell, spoken = position.cell, position.cell.id in found.spoken
    percent = cell.claimed_percent if cell.claimed_round == cell.round else None
    return Square(
        id=cell.id,
        name=cell.short_name,
        role=_role(position),
        shape=cell.group if cell.group in LET_OFF else _role(position),
        initial=initials[cell.status],
        level=0 if cell.status in ENDED or cell.level is None else min(cell.level + 1, 5),
        claim=formats().percent(percent) if percent is not None else "–",
        finding=labels.finding_mark(cell, language()).role if cell.verdict else None,
        spoken=spoken,
        parts=list(_parts(position, spoken)),
    )


def _role(position: FollowUpInTime) -> str:
    if position.timing is not None:
        return urgency(position.timing)
    return position.cell.group.role


def _parts(position: FollowUpInTime, spoken: bool) -> Iterator[str]:
    cell = position.cell
    yield stage_words()[cell.status]
    if cell.status in ENDED and cell.group is not Group.WITHDRAWN:
        yield render(cell.group.sentence)
    if cell.treatment is not None and cell.status not in ENDED:
        yield render(labels.COMING[cell.treatment])
    if position.timing is not None:
        yield formats().working_days_left(position.timing)
    if cell.level_name and cell.status not in ENDED:
        yield language().model_text(cell.level_name)
    yield gettext("claimed: %(words)s", words=_claim(cell))
    yield gettext("found: %(words)s", words=_verdict(cell.verdict))
    if spoken:
        yield gettext("oral statement, not confirmed in writing")


def _claim(cell: Cell) -> str:
    percent = formats().percent(cell.claimed_percent) if cell.claimed_percent is not None else ""
    status = _verdict(cell.claimed_status) if cell.claimed_status else ""
    claimed = " ".join(part for part in (percent, status) if part) or gettext("nothing yet")
    if cell.claimed_round == cell.round:
        return claimed
    return gettext("Round %(n)s", n=cell.claimed_round) + f": {claimed}"


def _verdict(verdict: str | None) -> str:
    if verdict is None:
        return gettext("nothing yet")
    return render(VERDICTS[verdict].name)
