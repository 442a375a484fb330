"""A forgotten password: asking for a link by mail, without revealing who has an account."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.sentences.errors import BadInput
from engine.sentences.sentence import say
from processes.people.links import account_links
from web.gate.errors import redraw_on_error
from web.gate.visitor import options, origin, service
from web.words.i18n import render

page = Blueprint("forgotten", __name__)


@page.get("/login/forgotten")
def show() -> ResponseReturnValue:
    """The form; without a mail server, the person to ask."""
    return _form()


@page.post("/login/forgotten")
def ask() -> ResponseReturnValue:
    """Accept the request; the answer is the same for every name."""
    username = request.form.get("username", "")
    redraw_on_error(lambda error: _form(username, render(error.sentence) if error else ""))
    if not username.strip():
        raise BadInput(say("Write your user name."))
    account_links.forgotten(service(), username, address=origin().address)
    flash(
        render(
            say("If there is such an account with an e-mail address, a link is on its way to it.")
        ),
        "done",
    )
    return redirect(url_for("login.show"))


def _form(username: str = "", failed: str = "") -> str:
    sends = bool(options().smtp_url)
    return render_template("login/forgotten.html", username=username, failed=failed, sends=sends)
