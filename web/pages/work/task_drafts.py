"""Drafts of a task's form on its page: saved in the name of this drawing, and what was saved over.

Owns the words beside the button and the page of earlier texts. What is kept, and how long, is
decided by `processes.work.task_drafts`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import render_template, request

from engine.models.forms import Form, Options
from engine.sentences.sentence import Sentence, say
from processes.rights.access import may
from processes.work import task_drafts, task_page
from processes.work.task_drafts import Draft, Page, Saved
from web.forms.kept import Kept
from web.forms.submission import ORDER, SEEN, TAB, Texts
from web.gate.visitor import reading, scope, service
from web.pages.files import uploaded
from web.words.i18n import formats, language


@dataclass(frozen=True, slots=True)
class Text:
    """One version of a draft in words: its entries by label, and the names of its files."""

    version: int
    saved_at: datetime
    entries: list[tuple[str, str]]
    files: list[str]


def keep(task_id: UUID, typed: Texts) -> Saved:
    """Save what this page's form holds as the draft."""
    at = Page(
        request.form.get(TAB, ""),
        seen=request.form.get(SEEN, 0, int),
        order=request.form.get(ORDER, 0, int),
    )
    return task_drafts.save(service(), scope(), task_id, typed, at)


def saved_words(saved: Saved) -> Sentence:
    """What is said after saving a draft; that another page had saved something else is told."""
    shown = formats()
    if saved.over is None:
        return say("Saved {time}", time=shown.time(saved.draft.saved_at))
    return say(
        "Saved {time}. Another page had saved this draft at {before}: choose among the earlier "
        "texts which one counts.",
        time=shown.time(saved.draft.saved_at),
        before=shown.time(saved.over.saved_at),
    )


def earlier(task_id: UUID) -> str:
    """The page of what the draft holds and held. Raises `NotFound`, `Forbidden`."""
    at = reading()
    page = task_page.page(at, task_id)
    may(at.scope, "complete_task", page.relations)
    form, options = task_page.form(at, page)
    now, past = task_drafts.own(at, task_id), task_drafts.past(at, task_id)
    texts = [_text(one, form, options) for one in (*([now] if now else []), *past)]
    return render_template(
        "tasks/earlier.html",
        page=page,
        name=language().model_text(page.task.name),
        texts=texts,
        present=now,
    )


def _text(draft: Draft, form: Form | None, options: Options) -> Text:
    entries = Kept(options, language()).of(form, draft.data) if form else []
    named = [str(one) for value in draft.data.values() for one in _listed(value)]
    files = [one.name for one in uploaded.known(named).values()]
    return Text(draft.version, draft.saved_at, entries, files)


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []
