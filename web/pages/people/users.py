"""Accounts for the administrator: their users, their rights, and the link for a password."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.sentences.errors import TindakError
from engine.sentences.sentence import Sentence, say
from processes.acts.reading import Reading
from processes.people import (
    account_desk,
    accounts,
    approvals,
    closing,
    institutions,
    leaving,
    posts,
    service_accounts,
)
from processes.people.links import account_links, invitations
from processes.people.links.account_links import Outcome
from processes.storage.people.institutions import Institution
from processes.storage.people.user_list import BY_USERNAME
from processes.storage.people.users import Grants, User
from processes.work.rehearsal import rehearse
from web.forms import own, users
from web.forms.own import Texts
from web.frame import lists, paging
from web.frame.lists import ListOf, searched
from web.gate.errors import redraw_on_error
from web.gate.visitor import confirmed, reading, scope, service
from web.pages.people import account_checks
from web.words import admin_labels
from web.words.i18n import render

page = Blueprint("users", __name__)

PASSWORD = replace(
    own.PASSWORD,
    hint=say("Needed only for another e-mail address: links go there."),
)
WAITS = say("It waits for a second administrator.")
NEW_WAITS = say("The account is made. Some of its rights wait for a second administrator.")
NEW: Texts = {"clearance": ["ordinary"], "rank": [""]}
"""The first values for a new account."""


LIST = ListOf(
    "users",
    "users.listed",
    ("q", "institution"),
    {"username": say("User name"), "name": say("Name")},
    BY_USERNAME,
)


@page.get("/users")
def listed() -> ResponseReturnValue:
    """Accounts, with the filters and the sorting in the address."""
    search, institution = searched(), request.args.get("institution") or None
    after, before = request.args.get("after"), request.args.get("before")
    at = reading()
    found = accounts.page(
        at.connection, at.scope, search=search, sort=LIST.sort(), institution=institution,
        after=after, before=before,
    )  # fmt: skip
    registry = institutions.registry(at.connection, at.scope)
    invited = invitations.unused(at.connection, at.scope, {user.id for user, _ in found.items})
    names = {one.code: one.short_name for one in registry}
    return render_template(
        "users/list.html",
        found=found,
        invited=invited,
        names=names,
        search=search,
        institution=institution,
        institutions=list(names.items()),
        chips=_chips(search, names.get(institution or "", institution or "")),
        listing=lists.shown(LIST),
        pages=paging.around(_username(found.first), _username(found.last)),
    )


def _chips(search: str, institution: str) -> list[tuple[str, str]]:
    on = {"q": search, "institution": institution}
    return [(text, LIST.address(**{name: None})) for name, text in on.items() if text]


def _username(row: tuple[User, Grants] | None) -> str | None:
    return row[0].username if row else None


@page.get("/users/new")
def new() -> ResponseReturnValue:
    """The form for a new account."""
    return _new(NEW)


@page.post("/users/new")
def create() -> ResponseReturnValue:
    """Create the account, and show its link this once."""
    texts = own.typed()
    redraw_on_error(lambda error: _new(texts, error))
    if own.goes_back():
        return _new(texts)
    own.refuse_longer((users.USERNAME, *users.DETAILS), texts)
    if own.is_checked():
        rehearse(service(), scope(), account_links.invite_new, users.new_user(texts))
        return account_checks.of_new(texts, _institutions())
    outcome = account_links.invite_new(service(), scope(), users.new_user(texts))
    return link_page(outcome, NEW_WAITS)


@page.get("/users/<uuid:user_id>")
def show(user_id: UUID) -> ResponseReturnValue:
    """One account: facts, waiting requests, and the possible acts."""
    at = reading()
    user, grants = accounts.account(at.connection, at.scope, user_id)
    if user.is_service:
        return _program(at, user)
    invited = user_id in invitations.unused(at.connection, at.scope, {user_id})
    names = institutions.short_names(at.connection, admin_labels.codes_of([grants]))
    waiting = approvals.waiting_about(at.connection, at.scope, user_id, at.real_now)
    return render_template(
        "users/user.html",
        user=user,
        grants=grants,
        invited=invited,
        names=names,
        waiting=waiting,
        mine=user_id == at.scope.user_id,
        posts=posts.posts_of(grants) if user.active else [],
        stand_ins=posts.of_user(at.connection, at.scope, user_id),
    )


@page.get("/users/<uuid:user_id>/details")
def details(user_id: UUID) -> ResponseReturnValue:
    """The form for name, post, address."""
    user, _ = _account(user_id)
    return _details(user, users.texts_of_details(user))


@page.post("/users/<uuid:user_id>/details")
def change_details(user_id: UUID) -> ResponseReturnValue:
    """Store the details."""
    texts, (user, _) = own.typed(), _account(user_id)
    redraw_on_error(lambda error: _details(user, texts, error))
    own.refuse_longer(users.DETAILS, texts)
    given = {entry.name: own.text(texts, entry.name) for entry in users.DETAILS}
    me = scope() if given["email"] == user.email else confirmed()
    if account_desk.change_details(service(), me, user_id, **given):
        return _back(user_id, say("Saved, but for the e-mail address. {waits}", waits=WAITS))
    return _back(user_id, say("Saved."))


@page.get("/users/<uuid:user_id>/rights")
def rights(user_id: UUID) -> ResponseReturnValue:
    """The form for roles, clearance, institutions."""
    user, grants = _account(user_id)
    return _rights(user, users.texts_of_rights(user, grants))


@page.post("/users/<uuid:user_id>/rights")
def change_rights(user_id: UUID) -> ResponseReturnValue:
    """Grant exactly the ticked rights."""
    texts, (user, _) = own.typed(), _account(user_id)
    redraw_on_error(lambda error: _rights(user, texts, error))
    if own.goes_back():
        return _rights(user, texts)
    grants, clearance = users.grants_of(texts), users.clearance_of(texts)
    change = account_desk.change_rights
    if own.is_checked():
        rehearse(service(), scope(), change, user_id, grants=grants, clearance=clearance)
        return account_checks.of_rights(user, texts, _institutions())
    if change(service(), scope(), user_id, grants=grants, clearance=clearance):
        return _back(user_id, WAITS)
    return _back(user_id, say("Saved. The person signs in again to work with the new rights."))


@page.post("/users/<uuid:user_id>/link")
def make_link(user_id: UUID) -> ResponseReturnValue:
    """Make a new link: mailed to the person, else shown this once, else requested from a second
    administrator."""
    if own.is_checked():
        rehearse(service(), scope(), account_links.make, user_id)
        return account_checks.of_link(_account(user_id)[0])
    return link_page(account_links.make(service(), scope(), user_id))


@page.get("/users/<uuid:user_id>/close")
def check_close(user_id: UUID) -> ResponseReturnValue:
    """The effects of closing, before the account is closed."""
    return _closing(user_id)


def _closing(user_id: UUID, error: TindakError | None = None) -> str:
    at = reading()
    found = closing.of_account(at.connection, at.scope, user_id, at.real_now)
    wrong = {name: render(said) for name, said in getattr(error, "fields", {}).items()}
    return render_template("users/close.html", closing=found, user=found.user, wrong=wrong)


@page.post("/users/<uuid:user_id>/close")
def close(user_id: UUID) -> ResponseReturnValue:
    """Close the account; its tasks go to the chosen colleague, or back to their candidates."""
    redraw_on_error(lambda error: _closing(user_id, error))
    to, reason = request.form.get("to") or None, request.form.get("reason", "")
    given = leaving.close_account(service(), scope(), user_id, to, reason)
    if given and to:
        return _back(user_id, say("The account is closed. Tasks handed over: {n}.", n=given))
    if given:
        return _back(user_id, say("The account is closed. Tasks given back: {n}.", n=given))
    return _back(user_id, say("The account is closed."))


@page.post("/users/<uuid:user_id>/reopen")
def reopen(user_id: UUID) -> ResponseReturnValue:
    """Open a closed account again."""
    if account_desk.reopen(service(), scope(), user_id):
        return _back(user_id, WAITS)
    return _back(user_id, say("The account is open again."))


def _program(at: Reading, user: User) -> str:
    found = service_accounts.tokens_of(at.connection, at.scope, user.id)
    return render_template(
        "users/service.html",
        user=user,
        tokens=[token for token in found if token.expires_at > at.real_now],
        waiting=approvals.waiting_about(at.connection, at.scope, user.id, at.real_now),
    )


def _account(user_id: UUID) -> tuple[User, Grants]:
    at = reading()
    return accounts.account(at.connection, at.scope, user_id)


def _institutions() -> Sequence[Institution]:
    at = reading()
    return institutions.registry(at.connection, at.scope)


def _new(texts: Texts, error: TindakError | None = None) -> str:
    entries = (users.USERNAME, *users.DETAILS, *users.rights(_institutions()))
    return own.page("users/new.html", entries, texts, error)


def _details(user: User, texts: Texts, error: TindakError | None = None) -> str:
    password = () if user.is_service else (PASSWORD,)
    entries = (*users.details(user), *password)
    return own.page("users/details.html", entries, texts, error, user=user)


def _rights(user: User, texts: Texts, error: TindakError | None = None) -> str:
    entries = users.rights(_institutions())
    return own.page("users/rights.html", entries, texts, error, user=user)


def link_page(outcome: Outcome, made: Sentence | None = None) -> ResponseReturnValue:
    """The page of a link that must be shown, only here and only once; otherwise the account, with
    the fate of the link. `made`: an additional sentence if a request waits."""
    link, user = outcome.link, outcome.user
    if link and link.url:
        return render_template("users/link.html", link=link, user=user)
    if outcome.waiting:
        flash(render(made or WAITS), "soon")
    if link:
        flash(render(say("The link is on its way to {address}.", address=user.email)), "done")
    return redirect(url_for("users.show", user_id=user.id))


def _back(user_id: UUID, words: Sentence) -> ResponseReturnValue:
    flash(render(words), "done")
    return redirect(url_for("users.show", user_id=user_id))
