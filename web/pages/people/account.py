"""One's own account: details, appearance, sessions, password."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.sentences.errors import BadInput, TindakError
from engine.sentences.sentence import Sentence, say
from processes.authentication import sign_in
from processes.people import account_desk, accounts, approvals, institutions, posts
from web.forms.view import Wrong
from web.gate.errors import redraw_on_error
from web.gate.visitor import (
    confirmed,
    forget_session,
    origin,
    person,
    reading,
    scope,
    service,
)
from web.words import approval_sentences, i18n, people_names
from web.words.i18n import render

page = Blueprint("account", __name__)

FIELDS = {"old": "old_password", "new": "new_password"}
"""The ids of the new password's fields on the page. The word in their names marks them as secret,
so that an expired session does not give them back."""


@page.get("/account")
def show() -> ResponseReturnValue:
    """One's own account with all its facts."""
    return _page()


@page.post("/account")
def save() -> ResponseReturnValue:
    """Store language, appearance, rows of tables, zone."""
    values = {
        key: request.form[key] for key in accounts.PREFERENCES if request.form.get(key) is not None
    }
    redraw_on_error(_page)
    accounts.change_preferences(service(), scope(), values)
    i18n.use_locale(values.get("locale", person().user.locale))
    return _done(say("Saved."))


@page.post("/account/password")
def change_password() -> ResponseReturnValue:
    """Store a new password; every session ends, so the user signs in again."""
    redraw_on_error(_page)
    accounts.change_password(
        service(),
        scope(),
        old=request.form.get("old_password", ""),
        new=request.form.get("new_password", ""),
        keep_tokens="keep_tokens" in request.form,
        visitor=origin(),
    )
    flash(render(say("Your password is changed. Sign in with the new one.")), "done")
    return forget_session(current_app.make_response(redirect(url_for("login.show"))))


@page.post("/account/mail")
def change_mail() -> ResponseReturnValue:
    """Store another address for notices and links; mails go to the old and the new one."""
    redraw_on_error(lambda error: _page(error, {"password": "mail_password"}))
    account_desk.change_own_mail(service(), confirmed(), request.form.get("email", ""))
    return _done(say("Your e-mail address is changed. The old one is told, too."))


@page.post("/account/sessions/<digest>/end")
def end_session(digest: str) -> ResponseReturnValue:
    """End one of one's own sessions elsewhere."""
    redraw_on_error(lambda error: _page(error, {"password": "sessions_password"}))
    sign_in.end_session(service(), confirmed(), digest)
    return _done(say("The session is ended."))


@page.post("/account/sessions/end-others")
def end_others() -> ResponseReturnValue:
    """End one's own sessions except this one."""
    redraw_on_error(lambda error: _page(error, {"password": "sessions_password"}))
    kept, address = person().session.digest, origin().address
    ended = sign_in.end_other_sessions(service(), confirmed(), kept, address=address)
    return _done(say("{n} other sessions are ended.", n=ended))


def _done(words: Sentence) -> ResponseReturnValue:
    flash(render(words), "done")
    return redirect(url_for("account.show"))


def _page(error: TindakError | None = None, places: Mapping[str, str] = FIELDS) -> str:
    """`places`: field of the error -> its id on the page."""
    at, me = reading(), person()
    sessions = sign_in.sessions_of(at.connection, me.user.id, at.real_now)
    mine = institutions.own(at.connection, at.scope)
    names = {one.code: one.short_name for one in mine if one.code in at.scope.institutions}
    own = posts.own(at.connection, at.scope, names)
    requests = approvals.about_oneself(at.connection, at.scope)
    people_names.look_up(approval_sentences.names_in(requests))
    fields = error.fields if isinstance(error, BadInput) else {}
    return render_template(
        "account/account.html",
        user=me.user,
        institutions=sorted(names.values()),
        sessions=sessions,
        requests=requests,
        posts=own.posts,
        headed=[one for one in mine if one.code in at.scope.headed],
        stand_ins=own.stand_ins,
        now_real=at.real_now,
        current_session=me.session.digest,
        problems=[Wrong(places.get(name, name), render(what)) for name, what in fields.items()],
        title=render(error.sentence) if error else "",
    )
