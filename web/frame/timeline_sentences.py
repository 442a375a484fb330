"""The events of a case, day by day, in the reader's language: its timeline.

Owns the filter of the timeline and the words beside each entry. `processes.cases.timeline` has the
events.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from flask import request

from engine.sentences.sentence import Sentence, say
from processes.cases.timeline import TimelineEntry
from web.gate.visitor import reading
from web.words import telling_sentences
from web.words.i18n import formats, gettext, render

FILTERS: Mapping[str, Sentence] = {
    "all": say("All"),
    "decision": say("Decisions"),
    "escalation": say("Escalations"),
    "file": say("Files"),
    "mail": say("Mail"),
}
ROLES: Mapping[str, str] = {
    "work": "active",
    "escalation": "late",
    "file": "neutral",
    "mail": "neutral",
}
"""Kind of entry -> role of its shape and colour; a decision has one of its own."""
SHOWN = 30
"""Number of entries that are shown at first."""


@dataclass(frozen=True, slots=True)
class DrawnEntry:
    """One thing that happened, in words."""

    role: str
    words: str
    text: str | None
    at: datetime
    note: str
    language: str


@dataclass(frozen=True, slots=True)
class Story:
    """`days`: newest first, each with its entries; `filters`: (words, address, current); `more`:
    address of the whole, None if this is the whole."""

    days: Sequence[tuple[date, Sequence[DrawnEntry]]]
    filters: Sequence[tuple[str, str, bool]]
    more: str | None


def drawn(
    timeline: Sequence[TimelineEntry], people: Mapping[str, str], address: Callable[..., str]
) -> Story:
    """The timeline as the address of this request asks for it. `people`: username -> name;
    `address`: of the page, with more for its query."""
    chosen = request.args.get("show", "all")
    chosen = chosen if chosen in FILTERS else "all"
    entries = [one for one in timeline if chosen in ("all", one.kind)]
    whole = "whole" in request.args or len(entries) <= SHOWN
    shown = [_entry(one, people, reading().now) for one in (entries if whole else entries[:SHOWN])]
    return Story(
        days=[(day, list(group)) for day, group in groupby(shown, _day)],
        filters=[
            (render(words), address(show=name if name != "all" else None), name == chosen)
            for name, words in FILTERS.items()
        ],
        more=None if whole else address(show=request.args.get("show"), whole=1),
    )


def _day(entry: DrawnEntry) -> date:
    return entry.at.astimezone(formats().zone).date()


def _entry(one: TimelineEntry, people: Mapping[str, str], now: datetime) -> DrawnEntry:
    """Of an escalation, what became of the mails about it stands where else a text would."""
    text = "\n".join(telling_sentences.words_of(one.told, now)) or one.text
    role = one.role if one.kind == "decision" else ROLES[one.kind]
    return DrawnEntry(role, render(one.sentence), text, one.at, _note(one, people), one.language)


def _note(one: TimelineEntry, people: Mapping[str, str]) -> str:
    """Who did it, and whether as a stand-in; of an escalation, when it was planned and how late it
    fired."""
    if one.kind == "escalation" and one.planned is not None:
        return fired_words(one.planned, one.late_seconds)
    name = people.get(one.by or "", one.by or "")
    return f"{render(one.sign)} {name}" if one.sign else name


def fired_words(planned: datetime, late_seconds: int) -> str:
    """`planned Wed, 10 Dec 2025 09.30 WIB, 5 minutes late`."""
    shown = formats()
    if late_seconds < 60:
        return gettext("planned %(moment)s, on time", moment=shown.moment(planned))
    late = shown.duration(late_seconds)
    return gettext("planned %(moment)s, %(late)s late", moment=shown.moment(planned), late=late)
