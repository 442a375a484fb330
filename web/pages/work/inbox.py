"""My tasks, with their deadlines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from engine.sentences.errors import NotFound
from engine.sentences.sentence import Sentence, say
from processes.acts.reading import Reading
from processes.cases.recommendation import recommendations
from processes.ground.counting import Count
from processes.ground.sorting import Sort
from processes.people import institutions
from processes.storage.work.narrowing import Narrowing
from processes.work import inbox
from processes.work.inbox import GROUPS, Ends, Group, ListedTask, Numbers, Tab
from processes.work.units import Unit, unit_of
from web.frame import lists, paging
from web.frame.lists import ListOf, searched
from web.gate.visitor import reading
from web.words import institution_names, people_names
from web.words.i18n import render

page = Blueprint("inbox", __name__)

TAB_WORDS: dict[str, Sentence] = {
    "mine": say("Mine"),
    "unit": say("My unit's"),
    "decide": say("For my decision"),
    "waiting": say("Waiting for others"),
}
OWN: tuple[Tab, ...] = ("mine", "unit")
GROUP_WORDS: dict[str, Sentence] = {
    "late": say("Late"),
    "today": say("Today"),
    "next": say("Next working day"),
    "week": say("This week"),
    "later": say("Later"),
}


LIST = ListOf(
    "inbox",
    "inbox.show",
    ("tab", "q", "group", "institution", "coordinator"),
    {
        "due": say("Deadline"),
        "task": say("Task"),
        "recommendation": say("Recommendation"),
        "institution": say("Institution"),
        "holder": say("Held since"),
    },
    inbox.BY_DUE,
)


@page.get("/inbox")
def show() -> ResponseReturnValue:
    """One tab, grouped by the nearness of the deadline, or in another order."""
    at = reading()
    tabs = inbox.tabs(at.scope)
    group, sort = _group_asked(request.args.get("group", "")), LIST.sort()
    asked = _Asked(inbox.reader_ends(at.connection, at.scope, at.now), _unit(at), _narrowing())
    numbers = inbox.counts(at.connection, at.scope, tabs, **asked.named())
    tab = _tab(request.args.get("tab") or _first(numbers), tabs)
    found = inbox.tasks(
        at.connection,
        at.scope,
        tab,
        at.now,
        group=group,
        sort=sort,
        **asked.named(),
        **paging.place(),
    )
    choices = _choices(at)
    institution_names.look_up(one.task for one in found.items)
    people_names.look_up(one.task.assignee for one in found.items if one.task.assignee)
    return render_template(
        "inbox/inbox.html",
        tab=tab,
        tabs=[(one, TAB_WORDS[one], numbers[one].whole, _tab_address(one)) for one in tabs],
        groups=_groups(found.items, numbers[tab], sort),
        chips=_chips(group, asked.narrowing, choices),
        narrowing=asked.narrowing,
        listing=lists.shown(LIST),
        **choices,
        pages=paging.around(found.first and found.first.task.id, found.last and found.last.task.id),
        several=len(at.scope.institutions) != 1,
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked of each tab alike, read once."""

    ends: Ends
    unit: Unit
    narrowing: Narrowing

    def named(self) -> dict[str, Any]:
        return {"ends": self.ends, "unit": self.unit, "narrowing": self.narrowing}


def _unit(at: Reading) -> Unit:
    return unit_of(at.connection, at.scope)


def _narrowing() -> Narrowing:
    return Narrowing(
        institution=request.args.get("institution") or None,
        coordinator=request.args.get("coordinator") or None,
        searched=searched(),
    )


def _choices(at: Reading) -> dict[str, Sequence[tuple[str, str]]]:
    """What those who oversee all cases can narrow the list to."""
    if not at.scope.oversees:
        return {"institutions": (), "coordinators": ()}
    return {
        "institutions": [
            (one.code, one.short_name) for one in institutions.registry(at.connection, at.scope)
        ],
        "coordinators": recommendations.coordinators(at.connection, at.scope),
    }


def _groups(
    rows: Sequence[ListedTask], numbers: Numbers, sort: Sort
) -> list[tuple[Sentence | None, list[ListedTask], Count | None, str]]:
    """(words, rows, how many, their address) of each group; one without words in another order."""
    if sort.by != inbox.BY_DUE.by:
        return [(None, list(rows), None, "")] if rows else []
    return [
        (GROUP_WORDS[name], list(found), numbers.groups[name], LIST.address(group=name))
        for name, found in groupby(rows, _group)
    ]


def _chips(
    group: Group | None, narrowing: Narrowing, choices: Mapping[str, Sequence[tuple[str, str]]]
) -> list[tuple[str, str]]:
    code, coordinator = narrowing.institution or "", narrowing.coordinator or ""
    words = {
        "group": render(GROUP_WORDS[group]) if group else "",
        "institution": dict(choices["institutions"]).get(code, code),
        "coordinator": dict(choices["coordinators"]).get(coordinator, ""),
        "q": narrowing.searched,
    }
    return [(text, LIST.address(**{name: None})) for name, text in words.items() if text]


def _tab_address(tab: Tab) -> str:
    """The same filters in another tab, without its group."""
    return LIST.address(tab=tab, group=None, sort=None)


def _first(numbers: Mapping[Tab, Numbers]) -> Tab:
    """The tab that opens where none is asked for: that of the reader's own tasks, or, if there are
    none, that of tasks they may take."""
    return next((tab for tab in OWN if numbers[tab].whole.number), OWN[0])


def _group(entry: ListedTask) -> Group:
    return entry.group


def _group_asked(name: str) -> Group | None:
    """The group the list is narrowed to; a word nobody offers narrows nothing."""
    return next((group for group in GROUPS if group == name), None)


def _tab(name: str, tabs: Sequence[Tab]) -> Tab:
    for tab in tabs:
        if tab == name:
            return tab
    raise NotFound(say("There is no such list."))
