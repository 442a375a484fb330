"""The board of escalations in words: one row for each late task, grouped by level.

Owns the words of a row and its acts. `processes.work.escalations` reads the escalations.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from flask import url_for

from engine.sentences.sentence import Sentence, say
from processes.ground.counting import Count
from processes.notices.addresses import of_case
from processes.rights.access import allows
from processes.work.escalations import BoardRow
from web.addresses import ADDRESSES
from web.frame.timeline_sentences import fired_words
from web.gate.visitor import scope
from web.words import telling_sentences
from web.words.i18n import render

ACTS: Sequence[tuple[str, Sentence, Sequence[str]]] = (
    ("task_acts.remind", say("Remind"), ("remind_holder",)),
    ("task_acts.extend", say("Extend"), ("extend_deadline",)),
    ("task_acts.reassign", say("Reassign"), ("reassign_task", "delegate_task")),
)
"""Endpoint, words, and the rights of which one is enough."""
FROM_HERE: Mapping[str, Any] = {"from": "escalations"}
"""The endpoints to which an act returns."""
LAST_ACTS: Mapping[str, Sentence] = {
    "remind": say("Reminded"),
    "extend": say("Deadline extended"),
    "assign": say("Passed on"),
    "claim": say("Taken"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A row with its words. `acts`: (words, address)."""

    row: BoardRow
    case_url: str
    told: Sequence[str]
    fired: str
    last_act: str
    acts: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Group:
    """What stands at one level. `count`: how much that is, on whatever page; `url`: all of it."""

    level: int
    name: str
    rows: Sequence[Shown]
    count: Count | None
    url: str


def groups(
    rows: Sequence[BoardRow],
    counts: Mapping[int, Count | None],
    now: datetime,
    address: Callable[..., str],
) -> list[Group]:
    """The rows by level, in the order they come. `address`: of the board, with its filters."""
    return [
        Group(
            level,
            level_rows[0].escalation.level_name,
            [_shown(row, now) for row in level_rows],
            counts.get(level),
            address(level=level),
        )
        for level, found in groupby(rows, lambda row: row.escalation.level)
        for level_rows in [list(found)]
    ]


@dataclass(frozen=True, slots=True)
class Plain:
    """A row without its acts, for a check."""

    row: BoardRow
    case_url: str


def plain(rows: Sequence[BoardRow]) -> list[Plain]:
    """Rows for a check of what an act on many touches."""
    return [Plain(row, of_case(ADDRESSES, row.escalation.task)) for row in rows]


def _shown(row: BoardRow, now: datetime) -> Shown:
    escalation = row.escalation
    return Shown(
        row=row,
        case_url=of_case(ADDRESSES, escalation.task),
        told=telling_sentences.words_of(row.told, now),
        fired=fired_words(escalation.planned, escalation.late_seconds)
        if escalation.planned
        else "",
        last_act=render(LAST_ACTS[row.last_act.kind]) if row.last_act else "",
        acts=_acts(row),
    )


def _acts(row: BoardRow) -> list[tuple[str, str]]:
    acts = [
        (render(words), url_for(endpoint, task_id=row.escalation.task.id, **FROM_HERE))
        for endpoint, words, rights in ACTS
        if any(allows(scope(), right, row.relations) for right in rights)
    ]
    return acts + _letter(row)


def _letter(row: BoardRow) -> list[tuple[str, str]]:
    """The reminder letter to the institution: a draft to sign, or as it was sent."""
    if row.letter is None:
        return []
    words = say("Letter sent") if row.letter.sent_at else say("Letter to sign")
    return [(render(words), url_for("reminder_letters.show", letter_id=row.letter.id))]
