"""Which reports a compilation has: of which recommendations, institution, letter, and period.

Owns the choice, its stored form, and what it leaves of the paper of one recommendation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from processes.cases.written import Handed, HandedProgress
from processes.papers.compilation import Paper, Part
from processes.rights.access import Scope
from processes.rights.visibility import visible_recommendations
from processes.storage.cases.lists import compiled
from processes.storage.cases.lists.compiled import Compiled

MOST = 500
"""Recommendations in one compilation: a document that is still opened and read."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What is wanted; empty or None does not narrow. `numbers`: of recommendations;
    `institution`: its code; `letter`: with which they were issued; `since`, `until`: days on which
    a report was handed in, both included."""

    numbers: Sequence[str] = ()
    institution: str | None = None
    letter: str = ""
    since: date | None = None
    until: date | None = None

    def encode(self) -> dict[str, Any]:
        """Its stored form."""
        days = {"since": self.since, "until": self.until}
        return {
            "numbers": list(self.numbers),
            "institution": self.institution,
            "letter": self.letter,
            **{name: day.isoformat() if day else None for name, day in days.items()},
        }

    @classmethod
    def decode(cls, stored: Mapping[str, Any]) -> Self:
        """The choice that was stored."""
        days = {
            name: date.fromisoformat(stored[name]) if stored[name] else None
            for name in ("since", "until")
        }
        return cls(tuple(stored["numbers"]), stored["institution"], stored["letter"], **days)

    def span(self, zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
        """From when, and until before when, a report was handed in; None at the ends of the
        calendar, whose moments do not exist in every zone."""
        since, until = self.since, self.until
        begin = datetime.combine(since, time.min, zone) if since and since.year > 1 else None
        end = (
            datetime.combine(until + timedelta(days=1), time.min, zone)
            if until and until.year < 9999
            else None
        )
        return begin, end


def found(
    connection: Connection, scope: Scope, wanted: Selection, zone: ZoneInfo
) -> Sequence[Compiled]:
    """The recommendations of a selection that the reader may read, oldest first: at most one more
    than `MOST`."""
    begin, end = wanted.span(zone)
    return compiled.listed(
        connection,
        visible_recommendations(scope),
        numbers=wanted.numbers,
        institution=wanted.institution,
        letter=wanted.letter,
        begin=begin,
        end=end,
        limit=MOST + 1,
    )


def unknown(numbers: Sequence[str], rows: Sequence[Compiled]) -> list[str]:
    """Those of the numbers that nothing was found for."""
    known = {row.number for row in rows}
    return [one for one in numbers if one not in known]


def narrowed(paper: Paper, wanted: Selection, zone: ZoneInfo) -> Paper:
    """The paper with the chosen institution alone, and what was handed in and said in the
    period."""
    parts = [
        _within(part, wanted, zone)
        for part in paper.parts
        if wanted.institution in (None, part.position.cell.institution)
    ]
    return replace(paper, parts=parts)


def _within(part: Part, wanted: Selection, zone: ZoneInfo) -> Part:
    begin, end = wanted.span(zone)
    if begin is None and end is None:
        return part

    def came_within(one: Handed | HandedProgress) -> bool:
        return (begin is None or one.at >= begin) and (end is None or one.at < end)

    return replace(
        part,
        handed_in=list(filter(came_within, part.handed_in)),
        on_progress=list(filter(came_within, part.on_progress)),
        statements=[
            one
            for one in part.statements
            if (wanted.since is None or one.statement.said_on >= wanted.since)
            and (wanted.until is None or one.statement.said_on <= wanted.until)
        ],
    )
