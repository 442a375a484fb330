"""The board of escalations in words: one row a late task, grouped by level.

Owns what a row says and which acts it offers. What stands is `processes.escalations`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

from flask import url_for

from engine.words import Sentence, say
from processes.access import allows
from processes.escalations import Row
from web.i18n import render
from web.story import fired_words
from web.visitor import scope

ACTS: Sequence[tuple[str, Sentence, Sequence[str]]] = (
    ("task_acts.remind", say("Remind"), ("remind_holder",)),
    ("task_acts.extend", say("Extend"), ("extend_deadline",)),
    ("task_acts.reassign", say("Reassign"), ("reassign_task", "delegate_task")),
)
"""Endpoint, words, and the rights of which one is enough."""
FROM_HERE: Mapping[str, Any] = {"from": "escalations"}
"""Where an act comes back to."""
LAST_ACTS: Mapping[str, Sentence] = {
    "remind": say("Reminded"),
    "extend": say("Deadline extended"),
    "assign": say("Passed on"),
    "claim": say("Taken"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A row with its words. `acts`: (words, address)."""

    row: Row
    case_url: str
    told: str
    fired: str
    last_act: str
    acts: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Group:
    """What stands at one level."""

    level: int
    name: str
    rows: Sequence[Shown]


def groups(rows: Sequence[Row]) -> list[Group]:
    """The rows by level, in the order they come."""
    return [
        Group(level, level_rows[0].standing.level_name, [_shown(row) for row in level_rows])
        for level, found in groupby(rows, lambda row: row.standing.level)
        for level_rows in [list(found)]
    ]


def _shown(row: Row) -> Shown:
    standing = row.standing
    return Shown(
        row=row,
        case_url=_case_url(standing.task.follow_up_id, standing.task.recommendation_id),
        told=", ".join(str(person["name"]) for person in standing.told),
        fired=fired_words(standing.planned, standing.late_seconds) if standing.planned else "",
        last_act=render(LAST_ACTS[row.last_act.kind]) if row.last_act else "",
        acts=_acts(row),
    )


def _acts(row: Row) -> list[tuple[str, str]]:
    acts = [
        (render(words), url_for(endpoint, task_id=row.standing.task.id, **FROM_HERE))
        for endpoint, words, rights in ACTS
        if any(allows(scope(), right, row.relations) for right in rights)
    ]
    return acts + _letter(row)


def _letter(row: Row) -> list[tuple[str, str]]:
    """The reminder letter to the institution: a draft to sign, or as it was sent."""
    if row.letter is None:
        return []
    words = say("Letter sent") if row.letter.sent_at else say("Letter to sign")
    return [(render(words), url_for("reminder_letters.show", letter_id=row.letter.id))]


def _case_url(follow_up_id: UUID | None, recommendation_id: UUID | None) -> str:
    if follow_up_id is not None:
        return url_for("follow_ups.show", follow_up_id=follow_up_id)
    return f"/recommendations/{recommendation_id}"
