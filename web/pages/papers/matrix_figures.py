"""The numbers of the matrix: above it what can be picked out, under it the totals of institutions.

Owns their words and the addresses they lead to. Each number is of all that the reader may see, on
whatever page it stands, and its address shows exactly so many rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask import url_for

from engine.sentences.sentence import Sentence, say
from processes.papers.inventory import PICKS, Matrix
from processes.register.groups import BY_VALUE, Group
from web.frame.lists import ListOf
from web.pages.papers.matrix import stage_words
from web.words.i18n import gettext, render

SPECIAL: Mapping[str, Sentence] = {
    "late": say("Overdue"),
    "escalated": say("Escalated"),
    "spoken": say("With an oral statement"),
}


@dataclass(frozen=True, slots=True)
class Number:
    """A number of follow-ups, and the address of the list that shows exactly these."""

    count: int
    url: str


@dataclass(frozen=True, slots=True)
class Foot:
    """A row under the matrix: for each column how many of its positions are of one kind, on this
    page or another; `whole`: how many of all institutions, also those without a column here."""

    words: str
    numbers: Mapping[str, Number]
    whole: Number


@dataclass(frozen=True, slots=True)
class Figure:
    """A count and the address of exactly what it counts, in the matrix itself."""

    words: str
    count: int
    url: str
    current: bool


def pick(asked: str | None) -> str | None:
    """What the address picks out; a word nobody offers picks nothing."""
    return asked if asked in PICKS else None


LIST: Final = ListOf(
    "inventory", "inventory.show", ("only", "q", "institution", "coordinator", "whole")
)
FILTERS: Final = ("q", "institution", "coordinator")
"""Those that the list of follow-ups has too, under the same names."""


def figures(found: Matrix, chosen: str | None) -> list[tuple[str, list[Figure]]]:
    """Three rows of figures with what they say: all positions and their groups, which add up to
    all; the stages of those that somebody works on; the special ones."""
    whole = Figure(gettext("All"), found.total, _address(None), chosen is None)
    rows = [
        (gettext("Groups"), [whole, *_figures(found.groups.items(), _group_words(), chosen)]),
        (gettext("Stages"), _figures(found.stages.items(), stage_words(), chosen)),
        (gettext("Needs attention"), _figures(found.specials.items(), _special_words(), chosen)),
    ]
    return [(words, row) for words, row in rows if row]


def _figures(
    counts: Iterable[tuple[str, int]], named: Mapping[str, str], chosen: str | None
) -> list[Figure]:
    return [
        Figure(named[name], count, _address(name), name == chosen)
        for name, count in counts
        if count or name == chosen
    ]


def pick_words(chosen: str) -> str:
    """What is picked out, in words."""
    return {**stage_words(), **_special_words(), **_group_words()}[chosen]


def _special_words() -> dict[str, str]:
    return {name: render(sentence) for name, sentence in SPECIAL.items()}


def _group_words() -> dict[str, str]:
    return {group: render(group.sentence) for group in Group}


def feet(found: Matrix, chosen: str | None) -> list[Foot]:
    """The rows under the matrix: each group that anybody is in, all of them, the late ones; of what
    was picked out one row."""
    if chosen is not None:
        return [_foot(found, pick_words(chosen), "picked", asked_by(chosen))]
    groups = [
        _foot(found, render(group.sentence), "number", asked_by(group), group)
        for group, number in found.groups.items()
        if number
    ]
    late = _foot(found, _special_words()["late"], "late", asked_by("late"))
    return [*groups, _foot(found, gettext("All"), "number", {}), late]


def _foot(
    found: Matrix, words: str, number: str, asked: dict[str, Any], group: Group | None = None
) -> Foot:
    counts = [one for one in found.counts if group is None or one.group is group]
    also = {name: value for name, value in LIST.asked().items() if name in FILTERS}
    mine_only = also.get("institution")

    def of(code: str | None) -> Number:
        mine = [one for one in counts if code is None or one.institution == code]
        url = url_for("follow_ups.listed", **{**also, "institution": code or mine_only, **asked})
        return Number(sum(getattr(one, number) for one in mine), url)

    return Foot(words, {code: of(code) for code in found.institutions}, of(None))


def asked_by(pick: str) -> dict[str, Any]:
    """The filter of the list of follow-ups that leaves what a pick leaves."""
    special = {"late": {"time": "late"}, "escalated": {"level": "1"}, "spoken": {"spoken": "1"}}
    if pick in special:
        return special[pick]
    return {"group": pick} if pick in BY_VALUE else {"stage": pick}


def everybody(found: Matrix) -> int:
    """How many institutions have a position, on this page or another."""
    return len({one.institution for one in found.counts})


def _address(name: str | None) -> str:
    return LIST.address(only=name)
