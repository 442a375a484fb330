"""One's own account: details, appearance, sessions, password."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.errors import BadInput, TindakError
from engine.words import Sentence, say
from processes import accounts, institutions, sign_in
from web import i18n
from web.errors import redraw_on_error
from web.forms.view import Wrong
from web.i18n import render
from web.visitor import forget_session, origin, person, real_now, scope, service

page = Blueprint("account", __name__)

SECRETS = {"old": "old_password", "new": "new_password"}
"""Fields whose name marks them as secret, so that an expired session does not give them back."""


@page.get("/account")
def show() -> ResponseReturnValue:
    """Everything about oneself."""
    return _page()


@page.post("/account")
def save() -> ResponseReturnValue:
    """Language, appearance, rows of tables, zone."""
    values = {
        key: request.form[key] for key in accounts.PREFERENCES if request.form.get(key) is not None
    }
    redraw_on_error(_page)
    with service().engine.transaction() as connection:
        accounts.change_preferences(connection, scope(), values, now=real_now())
    i18n.use_locale(values.get("locale", person().user.locale))
    return _done(say("Saved."))


@page.post("/account/password")
def change_password() -> ResponseReturnValue:
    """A new password; every session ends, so one signs in again."""
    redraw_on_error(_page)
    accounts.change_password(
        service().engine,
        scope(),
        old=request.form.get("old_password", ""),
        new=request.form.get("new_password", ""),
        visitor=origin(),
        now=real_now(),
    )
    flash(render(say("Your password is changed. Sign in with the new one.")), "done")
    return forget_session(current_app.make_response(redirect(url_for("login.show"))))


@page.post("/account/sessions/<digest>/end")
def end_session(digest: str) -> ResponseReturnValue:
    """End one of one's own sessions elsewhere."""
    with service().engine.transaction() as connection:
        sign_in.end_session(connection, scope().user_id, digest)
    return _done(say("The session is ended."))


@page.post("/account/sessions/end-others")
def end_others() -> ResponseReturnValue:
    """End one's own sessions everywhere but here."""
    me = person()
    with service().engine.transaction() as connection:
        ended = sign_in.end_other_sessions(
            connection, me.scope, me.session.digest, now=real_now(), address=origin().address
        )
    return _done(say("{n} other sessions are ended.", n=ended))


def _done(words: Sentence) -> ResponseReturnValue:
    flash(render(words), "done")
    return redirect(url_for("account.show"))


def _page(error: TindakError | None = None) -> str:
    me, now = person(), real_now()
    with service().engine.reading() as connection:
        user, grants = accounts.account(connection, me.scope, me.user.id)
        sessions = sign_in.sessions_of(connection, user.id, now)
        codes = {item.institution_code for item in grants.memberships}
        names = institutions.short_names(connection, codes)
    fields = error.fields if isinstance(error, BadInput) else {}
    return render_template(
        "account/account.html",
        user=user,
        institutions=sorted(names.values()),
        sessions=sessions,
        current_session=me.session.digest,
        problems=[Wrong(SECRETS.get(name, name), render(what)) for name, what in fields.items()],
        title=render(error.sentence) if error else "",
    )
