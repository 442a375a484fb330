"""Requests for a second administrator: the list, one request, and the decision."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.sentences.errors import TindakError
from engine.sentences.sentence import say
from processes.people import account_desk, accounts, approvals, institutions
from processes.rights import audit
from web.forms import own
from web.forms.own import OwnField, Texts
from web.frame import paging
from web.gate.errors import redraw_on_error
from web.gate.visitor import confirmed, count_again, reading, scope, service, to_decide
from web.pages.people.users import link_page
from web.words import approval_sentences, people_names
from web.words.i18n import render

page = Blueprint("approvals", __name__)

REASON = OwnField(
    "reason",
    say("Reason"),
    "textarea",
    hint=say("Needed to refuse; whoever asked reads it."),
    max_length=approvals.LONGEST_REASON,
)
PASSWORD = replace(own.PASSWORD, hint=say("Needed to approve."))


@page.get("/approvals")
def listed() -> ResponseReturnValue:
    """The waiting requests, those of them that the reader can decide, or all."""
    at, show = reading(), request.args.get("show", "")
    everything, mine = show == "all", show == "decide"
    found = approvals.page(
        at.connection,
        at.scope,
        waiting_at=None if everything else at.real_now,
        mine=mine,
        **paging.place(),
    )
    people = accounts.several(at.connection, at.scope, {one.user_id for one in found.items})
    people_names.look_up(one.proposed_by for one in found.items)
    return render_template(
        "approvals/list.html",
        found=found,
        people=people,
        everything=everything,
        mine=mine,
        to_decide=to_decide(),
        now_real=at.real_now,
        pages=paging.of(found),
    )


@page.get("/approvals/<uuid:request_id>")
def show(request_id: UUID) -> ResponseReturnValue:
    """One request: its subject, author and account, and the form of the decision."""
    return _form(request_id, {})


@page.post("/approvals/<uuid:request_id>/approve")
def approve(request_id: UUID) -> ResponseReturnValue:
    """Approve a request and carry it out; a link that cannot be mailed is shown here, once."""
    redraw_on_error(lambda error: _form(request_id, own.typed(), error))
    outcome = account_desk.approve(service(), confirmed(), request_id)
    count_again(reading().connection)  # this same request draws the page of the link
    flash(render(say("Approved. It is done, and the person is told.")), "done")
    return link_page(outcome)


@page.post("/approvals/<uuid:request_id>/refuse")
def refuse(request_id: UUID) -> ResponseReturnValue:
    """Refuse a request, or withdraw one's own."""
    texts = own.typed()
    redraw_on_error(lambda error: _form(request_id, texts, error))
    own.refuse_longer((REASON,), texts)
    account_desk.refuse(service(), scope(), request_id, own.text(texts, "reason"))
    flash(render(say("Nothing is changed, and whoever asked is told.")), "done")
    return redirect(url_for("approvals.listed"))


def _form(request_id: UUID, texts: Texts, error: TindakError | None = None) -> str:
    at = reading()
    me, now = at.scope, at.real_now
    wish = approvals.one(at.connection, me, request_id)
    user, _ = accounts.account(at.connection, me, wish.user_id)
    names = institutions.short_names(at.connection, approval_sentences.codes_in(wish))
    deciders = approvals.deciders(at.connection, wish)
    told = audit.read(at.connection, me, subject=f"user:{user.username}", limit=50)
    people_names.look_up({entry.by for entry in told} | approval_sentences.names_in([wish]))
    decides = wish.open(now) and me.user_id in {admin.id for admin in deciders}
    return own.page(
        "approvals/request.html",
        (REASON, PASSWORD) if decides else (),
        texts,
        error,
        wish=wish,
        user=user,
        changes=approval_sentences.changes(wish, names),
        history=approval_sentences.history(told),
        decides=decides,
        mine=wish.open(now) and wish.proposed_by == me.username,
        alone=wish.open(now) and not deciders,
        now_real=now,
    )
