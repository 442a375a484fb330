"""Tokens for one's own programs: made, shown once, revoked."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from engine.sentences.errors import TindakError
from engine.sentences.sentence import say
from processes.authentication import tokens
from processes.work.rehearsal import rehearse
from web.forms import own
from web.forms.own import OwnField, Texts
from web.gate.errors import redraw_on_error
from web.gate.visitor import confirmed, reading, real_now, scope, service
from web.words.admin_labels import TOKENS, choices
from web.words.i18n import language, render

page = Blueprint("tokens", __name__)

LIVES = (30, 90, 180, 365)
"""Possible lives of a token, in days."""
NEW: Texts = {"kind": ["read"], "lasts": ["90"]}


@page.get("/account/tokens")
def listed() -> ResponseReturnValue:
    """One's own tokens, and the form for another."""
    return _form(NEW)


@page.post("/account/tokens")
def create() -> ResponseReturnValue:
    """Make a token, and show it this once."""
    texts = own.typed()
    redraw_on_error(lambda error: _form(texts, error))
    own.refuse_longer(_entries(), texts)
    lasts = timedelta(days=days_of(texts))
    kind: Literal["read", "act"] = "act" if own.text(texts, "kind") == "act" else "read"
    name = own.text(texts, "name")
    key = tokens.create(service(), confirmed(), name=name, kind=kind, lasts=lasts)
    return render_template("account/token.html", key=key, name=name, until=real_now() + lasts)


@page.post("/account/tokens/<uuid:token_id>/revoke")
def revoke(token_id: UUID) -> ResponseReturnValue:
    """Revoke a token at once, once it was read which one."""
    if own.is_checked():
        rehearse(service(), scope(), tokens.revoke, token_id)
        at = reading()
        found = next(one for one in tokens.own(at.connection, at.scope) if one.id == token_id)
        return check_revoking(found.name, url_for("tokens.listed"))
    tokens.revoke(service(), scope(), token_id)
    flash(render(say("The token is revoked: programs with it are refused from now on.")), "done")
    return redirect(url_for("tokens.listed"))


def check_revoking(program: str, back: str) -> str:
    """The page that says which program loses its token, before it does."""
    effects = [
        say("The program “{name}” is refused from now on.", name=program),
        say("The token cannot be used again; the program needs a new one."),
    ]
    return own.check((), {}, say("Revoke"), effects, back=back)


def days_of(texts: Texts) -> int:
    """The chosen life in days; 0 for any other text, which is refused."""
    days = own.text(texts, "lasts")
    return int(days) if days.isdecimal() and len(days) < 4 else 0


def lives() -> list[tuple[str, str]]:
    """The offered lives, in words."""
    return [(str(n), language().ngettext("%(n)s day", "%(n)s days", n) % {"n": n}) for n in LIVES]


def _form(texts: Texts, error: TindakError | None = None) -> str:
    at = reading()
    found = tokens.own(at.connection, at.scope)
    living = [token for token in found if token.expires_at > real_now()]
    return own.page("account/tokens.html", _entries(), texts, error, tokens=living)


def _entries() -> tuple[OwnField, ...]:
    return (
        OwnField("name", say("Which program uses it"), width="medium", max_length=80),
        OwnField("kind", say("What it may do"), "radio", options=choices(TOKENS)),
        OwnField("lasts", say("How long it works"), "radio", options=lives()),
        own.PASSWORD,
    )
