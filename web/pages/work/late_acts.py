"""One act upon many late tasks of the board: the check of what is chosen, then the act."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from engine.sentences.errors import BadInput, TindakError
from engine.sentences.sentence import Sentence, say
from processes.rights.access import may
from processes.work import escalations, late_acts, tasks
from processes.work.escalations import BoardRow
from processes.work.late_acts import RIGHTS, What
from web.forms import own
from web.forms.own import OwnField, Texts
from web.frame import fates, paging
from web.frame.parsing import as_id
from web.gate.errors import redraw_on_error
from web.gate.visitor import reading, scope, service
from web.pages.work import escalation_board
from web.pages.work import escalations as board
from web.words import institution_names
from web.words.i18n import render

page = Blueprint("late_acts", __name__)

REASON = (OwnField("reason", say("Reason"), "textarea", max_length=tasks.LONGEST_REASON),)
TITLES: Mapping[What, Sentence] = {
    "remind": say("Remind several holders"),
    "letter": say("Draft several letters"),
}
DONE: Mapping[What, Sentence] = {
    "remind": say("{n} reminders are being written. This page says how far that is."),
    "letter": say("{n} letters are being drafted. This page says how far that is."),
}


@page.get("/escalations/many")
def show() -> ResponseReturnValue:
    """How far the reader's last act upon many is, and each task of it."""
    at = reading()
    progress, fate = late_acts.progress(at.connection, at.scope), fates.asked()
    found = late_acts.parts(at.connection, at.scope, progress, fate, **paging.place())
    return render_template(
        "escalations/progress.html", progress=progress, parts=found.items, fate=fate,
        pages=paging.of(found),
    )  # fmt: skip


@page.get("/escalations/many/<what>")
def check(what: str) -> ResponseReturnValue:
    """What the filters of the board leave, each to be ticked off."""
    wanted = late_acts.known(what)
    at = reading()
    may(at.scope, RIGHTS[wanted])
    level = board.level_asked()
    found = escalations.page(
        at.connection, at.scope, at.now, from_level=level or escalations.LATE, to_level=level,
        narrowing=board.narrowing(), limit=late_acts.MOST,
    )  # fmt: skip
    return _drawn(wanted, found.items, found.more, {})


@page.post("/escalations/many/<what>")
def decide(what: str) -> ResponseReturnValue:
    """Act upon those that are ticked."""
    wanted, texts = late_acts.known(what), own.typed()
    ids = [as_id(text) for text in texts.get("task", [])]
    redraw_on_error(lambda error: _again(wanted, ids, texts, error))
    own.refuse_longer(REASON, texts)
    number = late_acts.decide(service(), scope(), wanted, ids, own.text(texts, "reason"))
    flash(render(say(DONE[wanted].template, n=number)), "done")
    return redirect(url_for("late_acts.show"))


def _again(what: What, ids: Sequence[UUID], texts: Texts, error: TindakError | None) -> str:
    at = reading()
    rows = escalations.of_tasks(at.connection, at.scope, ids, at.now)
    return _drawn(what, rows, False, texts, error)


def _drawn(
    what: What,
    rows: Sequence[BoardRow],
    more: bool,
    texts: Texts,
    error: TindakError | None = None,
) -> str:
    institution_names.look_up(row.escalation.task for row in rows if not row.holder)
    wrong = error.fields.get("task") if isinstance(error, BadInput) else None
    return own.page(
        "escalations/many.html", REASON, texts, error,
        what=what, name=render(TITLES[what]), rows=escalation_board.plain(rows), more=more,
        limit=late_acts.MOST, wrong=render(wrong) if wrong else "", back=board.LIST.address(),
    )  # fmt: skip
