"""Who stands in for whom: naming somebody for a post of one's own, or as an administrator for any,
and ending it early."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from engine.sentences.errors import TindakError
from engine.sentences.sentence import Sentence, say
from processes.people import posts, stand_ins
from processes.people.posts import Choice
from processes.people.stand_ins import Wanted
from processes.register.posts import StandInKind
from processes.rights import groups
from processes.work.rehearsal import rehearse
from web.forms import own
from web.forms.own import OwnField, Texts
from web.gate.errors import redraw_on_error
from web.gate.visitor import reading, scope, service
from web.words.i18n import render

page = Blueprint("stand_ins", __name__)

NOBODY, LEAVE = "nobody", say("Nobody: only a leave is told")


@page.get("/stand-ins/new/<post>")
@page.get("/stand-ins/new/<post>/<uuid:holder>")
def new(post: str, holder: UUID | None = None) -> ResponseReturnValue:
    """The form for a post; without a holder it is vacant."""
    return _form(post, holder, {"kind": [StandInKind.PLH.value]})


@page.post("/stand-ins/new/<post>")
@page.post("/stand-ins/new/<post>/<uuid:holder>")
def name(post: str, holder: UUID | None = None) -> ResponseReturnValue:
    """Name the stand-in; before that, say what will happen."""
    texts = own.typed()
    redraw_on_error(lambda error: _form(post, holder, texts, error))
    if own.goes_back():
        return _form(post, holder, texts)
    at = reading()
    entries = _entries(posts.choice(at.connection, at.scope, post, holder))
    own.refuse_longer(entries, texts)
    wanted = _wanted(post, holder, texts)
    if own.is_checked():
        rehearse(service(), scope(), stand_ins.name, wanted)
        words = say("Name the stand-in") if wanted.deputy_id else say("Record the leave")
        return own.check(entries, texts, words, _effects(wanted))
    stand_ins.name(service(), scope(), wanted)
    return _back(post, say("It is recorded, and told by mail."))


@page.post("/stand-ins/<uuid:id>/end")
def end(id: UUID) -> ResponseReturnValue:
    """End it before its last day; before that, say what will happen."""
    at = reading()
    found = posts.one(at.connection, at.scope, id)
    if own.is_checked():
        effects = (
            say("The rights of the post end at once: {post}.", post=found.words.post),
            say("Tasks that only this post may do go back to those they were offered to."),
        )
        about = found.words.deputy or found.words.holder
        back = url_for("account.show")
        return own.check((), {}, say("End the stand-in"), effects, back=back, about=about)
    stand_ins.end(service(), scope(), id)
    return _back(found.row.post, say("The stand-in is ended."))


def _entries(choice: Choice) -> tuple[OwnField, ...]:
    people = [(str(one.id), one.name) for one in choice.people]
    nobody = [(NOBODY, render(LEAVE))] if choice.holder else []
    return (
        OwnField("deputy", say("Who stands in"), "radio", options=[*people, *nobody]),
        OwnField(
            "kind", say("As"), "radio",
            options=[(one.value, render(one.sentence)) for one in StandInKind],
        ),
        OwnField("from_day", say("From"), "date"),
        OwnField("to_day", say("Until, this day included"), "date"),
        OwnField("letter", say("Letter"), hint=say("For example Prin/7/2026."), max_length=200),
        OwnField("reason", say("Reason"), "textarea", max_length=2_000),
    )  # fmt: skip


def _wanted(post: str, holder: UUID | None, texts: Texts) -> Wanted:
    return Wanted(
        post,
        holder,
        _deputy(own.text(texts, "deputy")),
        own.text(texts, "kind"),
        own.optional_day(texts, "from_day"),
        own.optional_day(texts, "to_day"),
        own.text(texts, "letter"),
        own.text(texts, "reason"),
    )


def _deputy(text: str) -> UUID | None:
    """None for a leave without a stand-in, which is chosen as well: it is not what an empty choice
    means."""
    try:
        return None if text == NOBODY else UUID(text)
    except ValueError:
        return UUID(int=0)  # nobody's: refused at its field


def _effects(wanted: Wanted) -> tuple[Sentence, ...]:
    if wanted.deputy_id is None:
        return (say("Others who have such a post and the administrators are told by mail."),)
    return (
        say("Who stands in has the rights of the post on these days, and only on these."),
        say("What they do with them is marked plt. or plh. in the history of each case."),
        say("Both are told by mail."),
    )


def _form(post: str, holder: UUID | None, texts: Texts, error: TindakError | None = None) -> str:
    at = reading()
    choice = posts.choice(at.connection, at.scope, post, holder)
    return own.page("stand_ins/new.html", _entries(choice), texts, error, choice=choice)


def _back(post: str, words: Sentence) -> ResponseReturnValue:
    """To the page of whose post it is: one's own account, else of the institution."""
    flash(render(words), "done")
    codes = groups.institutions([post])
    if codes and "admin" in scope().roles:
        return redirect(url_for("institutions.show", code=codes[0]))
    return redirect(url_for("account.show"))
