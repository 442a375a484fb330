"""Changing the language from any page: the switch of the top bar."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from processes import accounts
from web.parsing import own_address
from web.visitor import real_now, scope, service

page = Blueprint("language", __name__)


@page.post("/language")
def choose() -> ResponseReturnValue:
    """Kept with the account, as on its page; back to where one was."""
    chosen = {"locale": request.form.get("locale", "")}
    with service().engine.transaction() as connection:
        accounts.change_preferences(connection, scope(), chosen, now=real_now())
    return redirect(own_address(request.form.get("next", "")))
