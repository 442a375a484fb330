"""My tasks, with their deadlines."""

from __future__ import annotations

from itertools import groupby

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.sentences.errors import NotFound
from engine.sentences.sentence import Sentence, say
from processes.work import inbox
from processes.work.inbox import GROUPS, TABS, Group, ListedTask, Tab
from web.frame import paging
from web.gate.visitor import reading
from web.words import institution_names, people_names
from web.words.i18n import render

page = Blueprint("inbox", __name__)

TAB_WORDS: dict[str, Sentence] = {
    "mine": say("Mine"),
    "unit": say("My unit's"),
    "waiting": say("Waiting for others"),
}
GROUP_WORDS: dict[str, Sentence] = {
    "late": say("Late"),
    "today": say("Today"),
    "next": say("Next working day"),
    "week": say("This week"),
    "later": say("Later"),
}


@page.get("/inbox")
def show() -> ResponseReturnValue:
    """One tab, grouped by the nearness of the deadline."""
    at, tab = reading(), _tab(request.args.get("tab", "mine"))
    group = _group_asked(request.args.get("group", ""))
    ends = inbox.reader_ends(at.connection, at.scope, at.now)
    found = inbox.tasks(
        at.connection, at.scope, tab, at.now, group=group, ends=ends, **paging.place()
    )
    counts = inbox.counts(at.connection, at.scope, tab, ends) if found.items else {}
    institution_names.look_up(one.task for one in found.items)
    people_names.look_up(one.task.assignee for one in found.items if one.task.assignee)
    return render_template(
        "inbox/inbox.html",
        tab=tab,
        tabs=TAB_WORDS,
        groups=[
            (GROUP_WORDS[name], list(rows), counts[name], _address(tab, name))
            for name, rows in groupby(found.items, _group)
        ],
        chips=[(render(GROUP_WORDS[group]), _address(tab, None))] if group else [],
        pages=paging.around(found.first and found.first.task.id, found.last and found.last.task.id),
        several=len(at.scope.institutions) != 1,
    )


def _group(entry: ListedTask) -> Group:
    return entry.group


def _group_asked(name: str) -> Group | None:
    """The group the list is narrowed to; a word nobody offers narrows nothing."""
    return next((group for group in GROUPS if group == name), None)


def _address(tab: Tab, group: Group | None) -> str:
    return url_for("inbox.show", tab=tab if tab != "mine" else None, group=group)


def _tab(name: str) -> Tab:
    for tab in TABS:
        if tab == name:
            return tab
    raise NotFound(say("There is no such list."))
