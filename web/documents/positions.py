"""Where an institution stands, in words for a document: as the pages that list it say it."""

from __future__ import annotations

from processes.cases.recommendation.recommendations import FollowUpInTime
from processes.documents import values
from processes.register.states import ENDED
from processes.storage.cases.lists.matrix_rows import Cell
from web.documents.writer import Writer
from web.words import labels


def standing(write: Writer, one: FollowUpInTime, number: str) -> values.StandingOfInstitution:
    """A row of the matrix; `number`: of the recommendation."""
    cell = one.cell
    return values.StandingOfInstitution(
        recommendation=number,
        institution=cell.short_name,
        role=write(labels.ROLES[cell.role]),
        state=state(write, cell),
        deadline=deadline(write, one),
        claimed=claimed(write, cell),
        found=found(write, cell),
    )


def state(write: Writer, cell: Cell) -> str:
    """Its stage, the round, and what is to come of it."""
    words = [labels.case_mark(cell, write.language).words]
    if cell.round > 1:
        words.append(write.gettext("Round %(n)s") % {"n": cell.round})
    if cell.treatment and cell.status not in ENDED:
        words.append(write(labels.COMING[cell.treatment]))
    return ", ".join(words)


def deadline(write: Writer, one: FollowUpInTime) -> str:
    """The deadline of its open work and how it stands to it; after the end, when that was."""
    if one.timing is not None:
        return f"{write.formats.day(one.due)}, {write.formats.working_days_left(one.timing)}"
    if one.cell.closed_at is not None:
        return write.gettext("ended %(day)s") % {"day": write.formats.day(one.cell.closed_at)}
    return ""


def claimed(write: Writer, cell: Cell) -> str:
    """What the institution claims, and since when; of an earlier round, so marked."""
    percent = None if cell.claimed_percent is None else write.formats.percent(cell.claimed_percent)
    status = write.verdict(cell.claimed_status) if cell.claimed_status else None
    words = " ".join(part for part in (percent, status) if part)
    if not words or cell.claimed_at is None:
        return words or "–"
    if cell.claimed_round < cell.round:
        words = write.gettext("Round %(n)s") % {"n": cell.claimed_round} + f": {words}"
    return f"{words}, {write.formats.day(cell.claimed_at)}"


def found(write: Writer, cell: Cell) -> str:
    """What the coordinator found, and when."""
    if cell.verdict is None or cell.verdict_at is None:
        return "–"
    mark = labels.finding_mark(cell, write.language)
    return f"{mark.words}, {write.formats.day(cell.verdict_at)}"
