"""A list with its filters, its sorting and the names it is saved under: all of it in the address.

Owns the names of lists that can be saved, the parts `sort` and `q` of an address, and what the head
of a list needs (`parts/lists.html`). What a filter means belongs to the list's page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from flask import request, url_for

from engine.models.forms import parse_date
from engine.sentences.errors import NotFound
from engine.sentences.sentence import Sentence, say
from processes.ground.sorting import Sort
from processes.work import saved_lists
from web.gate.visitor import reading
from web.words.i18n import formats, gettext, render

LONGEST: Final = 200
"""Characters of a filter that are read: more of them name nothing."""


UNSORTED: Final = Sort("")
"""Of a list with one order only."""


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of the product. `filters`: their names in the address; `sorts`: what it can be sorted
    by, with the words of that; `first`: how it is sorted when nobody asks; `path`: the names in its
    path."""

    key: str
    endpoint: str
    filters: tuple[str, ...]
    sorts: Mapping[str, Sentence] = field(default_factory=dict)
    first: Sort = UNSORTED
    path: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        LISTS[self.key] = self

    def sort(self) -> Sort:
        """What this request asks for; what nobody offers sorts nothing."""
        asked = request.args.get("sort", "")
        name = asked.removeprefix("-")
        if name in self.sorts:
            return Sort(name, descending=asked.startswith("-"))
        return self.first

    def address(self, **changes: Any) -> str:
        """The address of the list as this request has it, with some changes; None removes a part
        of it. A list that is changed begins with its first page."""
        return url_for(self.endpoint, **{**self.asked(), **changes})

    def asked(self) -> dict[str, Any]:
        """What this request asks of the list."""
        return self._known({**request.args, **(request.view_args or {})})

    def narrows(self) -> bool:
        """Whether it asks for more than the bare list."""
        return bool(set(self.asked()) - set(self.path))

    def saved(self, query: str) -> str:
        """The address of a list that was saved as `query`. Raises `NotFound` if its path is
        missing."""
        return url_for(self.endpoint, **self._whole(query))

    def bare(self, query: str) -> str:
        """The same without filters and sorting."""
        known = self._whole(query)
        return url_for(self.endpoint, **{name: known[name] for name in self.path})

    def query(self, text: str) -> str:
        """What is saved of a query: nothing but what the list knows."""
        return urlencode(self._whole(text))

    def _whole(self, query: str) -> dict[str, Any]:
        known = self._known(dict(parse_qsl(query)))
        if not set(self.path) <= set(known):
            raise NotFound(say("There is no such list."))
        return known

    def _known(self, args: Mapping[str, Any]) -> dict[str, Any]:
        names = (*self.path, *self.filters, *(("sort",) if self.sorts else ()))
        return {name: str(args[name])[:LONGEST] for name in names if args.get(name)}


LISTS: Final[dict[str, ListOf]] = {}
"""Every list that can be saved under a name."""


def word(text: Sort) -> str:
    """A sort as the address writes it."""
    return f"-{text.by}" if text.descending else text.by


@dataclass(frozen=True, slots=True)
class Head:
    """The heading of a column that the list can be sorted by. `url`: sorted by it, in the other
    direction if it is already; `now`: in which direction it is sorted now, as ARIA says it."""

    url: str
    now: str | None


@dataclass(frozen=True, slots=True)
class Saved:
    """A list that the reader has saved. `is_here`: it is what this page shows."""

    id: UUID
    name: str
    url: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """What the head of a list shows: `chosen`: the value of the sort; `sorts`: (value, words);
    `heads`: name of a sort -> heading; `save`: the address of the form that saves this list, None
    while nothing is filtered or sorted."""

    chosen: str
    sorts: Sequence[tuple[str, str]]
    heads: Mapping[str, Head]
    saved: Sequence[Saved]
    save: str | None


def shown(listed: ListOf) -> Shown:
    """The head of a list as this request asks for it. One statement."""
    at, sort = reading(), listed.sort()
    query = urlencode(listed.asked())
    found = [
        Saved(one.id, one.name, listed.saved(one.query), one.query == query)
        for one in saved_lists.of(at.connection, at.scope, listed.key)
    ]
    save = url_for("saved_lists.new", list=listed.key, query=query) if listed.narrows() else None
    return Shown(word(sort), _choices(listed), _heads(listed, sort), found, save)


def _choices(listed: ListOf) -> list[tuple[str, str]]:
    return [
        (word(Sort(by, down)), f"{render(words)} {'↓' if down else '↑'}")
        for by, words in listed.sorts.items()
        for down in (False, True)
    ]


def _heads(listed: ListOf, sort: Sort) -> dict[str, Head]:
    def head(by: str) -> Head:
        is_now = sort.by == by
        wanted = sort.turned if is_now else Sort(by)
        now = ("descending" if sort.descending else "ascending") if is_now else None
        return Head(listed.address(sort=word(wanted)), now)

    return {by: head(by) for by in listed.sorts}


def searched() -> str:
    """What is searched for."""
    return request.args.get("q", "").strip()[:LONGEST]


def day_of(name: str) -> date | None:
    """A day among the filters; what is no day filters nothing."""
    return parse_date(request.args.get(name, "").strip())


def span_of(first: str, last: str) -> tuple[datetime | None, datetime | None]:
    """The moments between two days among the filters; a day ends with its last moment."""
    begin, end, zone = day_of(first), day_of(last), formats().zone
    since = datetime.combine(begin, time.min, zone) if begin and begin.year > 1 else None
    return since, datetime.combine(end, time.max, zone) if end else None


def days_words(first: str, last: str) -> Mapping[str, str]:
    """The same days, as chips say them."""
    begin, end = day_of(first), day_of(last)
    return {
        first: gettext("from %(day)s", day=formats().day(begin)) if begin else "",
        last: gettext("until %(day)s", day=formats().day(end)) if end else "",
    }


def due_words(first: date | None, last: date | None) -> Mapping[str, str]:
    """The days between which a deadline lies, as chips say it."""
    return {
        "due_from": gettext("due from %(day)s", day=formats().day(first)) if first else "",
        "due_to": gettext("due until %(day)s", day=formats().day(last)) if last else "",
    }
