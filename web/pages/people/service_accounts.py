"""Accounts of programs for the administrator: creating them, making tokens, allowing topics in real
cases.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from engine.sentences.errors import TindakError
from engine.sentences.sentence import Sentence, say
from processes.people import account_desk, service_accounts
from processes.storage.authentication.sessions import Token
from processes.storage.people.users import User
from processes.work.rehearsal import rehearse
from web.forms import own, users
from web.forms.own import OwnField, Texts
from web.gate.errors import redraw_on_error
from web.gate.visitor import confirmed, reading, scope, service
from web.pages.people.tokens import LIVES, check_revoking, days_of, lives
from web.words.i18n import render

page = Blueprint("service_accounts", __name__)

NAME = OwnField("name", say("What the program does"), max_length=120)
TOKEN_NAME = OwnField("name", say("Which program uses it"), width="medium", max_length=80)
NEW_TOKEN: Texts = {"lasts": [str(LIVES[1])]}
WAITS = say("Work in real cases waits for a second administrator.")


@page.get("/users/service-accounts/new")
def new() -> ResponseReturnValue:
    """The form for an account of a program."""
    return _new({})


@page.post("/users/service-accounts/new")
def create() -> ResponseReturnValue:
    """Create the account; its first token comes next."""
    texts = own.typed()
    redraw_on_error(lambda error: _new(texts, error))
    own.refuse_longer((users.USERNAME, NAME), texts)
    username, name = own.text(texts, "username"), own.text(texts, "name")
    made = service_accounts.create(service(), scope(), username=username, name=name)
    return _back(made.id, say("The service account is made. Programs need a token of it."))


@page.get("/users/<uuid:user_id>/tokens/new")
def new_token(user_id: UUID) -> ResponseReturnValue:
    """The form for another token."""
    return _new_token(_account(user_id), NEW_TOKEN)


@page.post("/users/<uuid:user_id>/tokens/new")
def create_token(user_id: UUID) -> ResponseReturnValue:
    """Make the token, and show it this once."""
    texts, user = own.typed(), _account(user_id)
    redraw_on_error(lambda error: _new_token(user, texts, error))
    own.refuse_longer((TOKEN_NAME,), texts)
    made = account_desk.make_service_token(
        service(),
        confirmed(),
        user_id,
        name=own.text(texts, "name"),
        topics=_lines(texts, "topics"),
        case_topics=_lines(texts, "case_topics"),
        lasts=timedelta(days=days_of(texts)),
    )
    if made.waiting:
        flash(render(WAITS), "soon")
    return render_template("users/token.html", made=made, user=user)


@page.post("/users/<uuid:user_id>/tokens/<uuid:token_id>/revoke")
def revoke(user_id: UUID, token_id: UUID) -> ResponseReturnValue:
    """Revoke a token at once, once it was read which one."""
    if own.is_checked():
        rehearse(service(), scope(), service_accounts.revoke, user_id, token_id)
        _, token = _token(user_id, token_id)
        return check_revoking(token.name, url_for("users.show", user_id=user_id))
    service_accounts.revoke(service(), scope(), user_id, token_id)
    return _back(user_id, say("The token is revoked: programs with it are refused from now on."))


@page.get("/users/<uuid:user_id>/tokens/<uuid:token_id>/cases")
def cases(user_id: UUID, token_id: UUID) -> ResponseReturnValue:
    """The topics of a token in real cases."""
    user, token = _token(user_id, token_id)
    return _cases(user, token, {"case_topics": token.case_topics or []})


@page.post("/users/<uuid:user_id>/tokens/<uuid:token_id>/cases")
def allow(user_id: UUID, token_id: UUID) -> ResponseReturnValue:
    """Allow exactly the ticked topics, or ask a second administrator."""
    texts, (user, token) = own.typed(), _token(user_id, token_id)
    redraw_on_error(lambda error: _cases(user, token, texts, error))
    ticked = texts.get("case_topics", [])
    if account_desk.allow_topics(service(), confirmed(), user_id, token_id, ticked):
        return _back(user_id, WAITS)
    return _back(user_id, say("Saved."))


def _account(user_id: UUID) -> User:
    at = reading()
    return service_accounts.account(at.connection, at.scope, user_id)[0]


def _token(user_id: UUID, token_id: UUID) -> tuple[User, Token]:
    at = reading()
    user, found = service_accounts.account(at.connection, at.scope, user_id)
    return user, service_accounts.among(found, token_id)


def _lines(texts: Texts, name: str) -> Collection[str]:
    """One topic for each line, without the blanks around it."""
    lines = (line.strip() for line in own.text(texts, name).splitlines())
    return [line for line in lines if line]


def _new(texts: Texts, error: TindakError | None = None) -> str:
    return own.page("users/new_service.html", (users.USERNAME, NAME), texts, error)


def _new_token(user: User, texts: Texts, error: TindakError | None = None) -> str:
    entries = (
        TOKEN_NAME,
        OwnField(
            "topics",
            say("Topics"),
            "textarea",
            hint=say("One a line, exactly as the models name them."),
        ),
        OwnField(
            "case_topics",
            say("Of these in real cases too"),
            "textarea",
            required=False,
            hint=say(
                "One a line. The program then sees variables of recommendations and follow-ups "
                "whose model names the topic. A second administrator has to approve."
            ),
        ),
        OwnField("lasts", say("How long it works"), "radio", options=lives()),
        own.PASSWORD,
    )
    return own.page("users/new_token.html", entries, texts, error, user=user)


def _cases(user: User, token: Token, texts: Texts, error: TindakError | None = None) -> str:
    offered = [(topic, topic) for topic in token.topics or ()]
    entries = (
        OwnField(
            "case_topics",
            say("Topics in real cases"),
            "checklist",
            required=False,
            options=offered,
            hint=say("More than now waits for a second administrator; less holds at once."),
        ),
        own.PASSWORD,
    )
    return own.page("users/case_topics.html", entries, texts, error, user=user, token=token)


def _back(user_id: UUID, words: Sentence) -> ResponseReturnValue:
    flash(render(words), "done")
    return redirect(url_for("users.show", user_id=user_id))
