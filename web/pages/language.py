"""Changing the language from any page: the switch of the top bar."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from processes.people import accounts
from web.forms.submission import AGAIN, CHOSEN
from web.frame.parsing import own_address
from web.gate.visitor import scope, service

page = Blueprint("language", __name__)


@page.post("/language")
def choose() -> ResponseReturnValue:
    """Store the language with the account, as on its page; then return to the previous page. One
    that answered a form is drawn again: the browser sends the same entries to its address (307)."""
    chosen = {"locale": request.form.get(CHOSEN, "")}
    accounts.change_preferences(service(), scope(), chosen)
    if form := request.form.get(AGAIN):
        return redirect(own_address(form), 307)
    return redirect(own_address(request.form.get("next", "")))
