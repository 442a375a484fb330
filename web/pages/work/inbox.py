"""My tasks: what must I do, and by when."""

from __future__ import annotations

from itertools import groupby

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from engine.sentences.errors import NotFound
from engine.sentences.sentence import Sentence, say
from processes.work import inbox
from processes.work.inbox import TABS, ListedTask, Tab
from web.frame import paging
from web.gate.visitor import reading
from web.words import institution_names, people_names

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
    """One tab, grouped by how near the deadline is."""
    at, tab = reading(), _tab(request.args.get("tab", "mine"))
    found = inbox.tasks(at.connection, at.scope, tab, at.now, **paging.place())
    institution_names.look_up(one.task for one in found.items)
    people_names.look_up(one.task.assignee for one in found.items if one.task.assignee)
    return render_template(
        "inbox/inbox.html",
        tab=tab,
        tabs=TAB_WORDS,
        groups=[(GROUP_WORDS[name], list(rows)) for name, rows in groupby(found.items, _group)],
        pages=paging.around(found.first and found.first.task.id, found.last and found.last.task.id),
        several=len(at.scope.institutions) != 1,
    )


def _group(entry: ListedTask) -> str:
    return entry.group


def _tab(name: str) -> Tab:
    for tab in TABS:
        if tab == name:
            return tab
    raise NotFound(say("There is no such list."))
