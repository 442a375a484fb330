"""The single-use link of an invitation or a forgotten password: show, choose, sign in."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.sentences.errors import BadInput, TindakError
from engine.sentences.sentence import say
from processes.people.links import invitations
from web.forms.view import Wrong
from web.gate import known_browser
from web.gate.errors import redraw_on_error
from web.gate.visitor import origin, service
from web.reading import begun
from web.words.i18n import render

page = Blueprint("link", __name__)


@page.get("/link/<key>")
def show(key: str) -> ResponseReturnValue:
    """The user of the link, and the field for the new password. A used or old link: 404."""
    return _form(key)


@page.post("/link/<key>")
def set_password(key: str) -> ResponseReturnValue:
    """Store the password and use the link up."""
    redraw_on_error(lambda error: _form(key, error))
    password = request.form.get("password", "")
    address = origin().address
    chosen = invitations.accept(service(), key, password, address=address)
    flash(render(say("Your password is saved. Sign in with it.")), "done")
    # The holder of the link is its owner: earlier guesses at the account must not keep the owner
    # out.
    answer = current_app.make_response(redirect(url_for("login.show")))
    return known_browser.remember(answer, chosen.id)


def _form(key: str, error: TindakError | None = None) -> str:
    at = begun()
    user = invitations.look(at.connection, key, now=at.real_now)
    fields = error.fields if isinstance(error, BadInput) else {}
    problems = [Wrong(name, render(what)) for name, what in fields.items()]
    title = render(error.sentence) if error else ""
    return render_template(
        "login/link.html", key=key, username=user.username, problems=problems, title=title
    )
